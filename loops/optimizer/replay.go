package optimizer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/rushworker"
	"github.com/rushnet/rush/table"
)

// A Replayed is what came of a replay. Every recorded point is in one of Same,
// Different and Left.
type Replayed struct {
	Recorded  int          // the points whose proposals were recorded
	Same      int          // those that were proposed again exactly
	Different []Difference // by number
	Left      []Left       // that could not be proposed again, by number
}

// A Difference is a point that was proposed otherwise than it was recorded.
type Difference struct {
	Key       rush.TaskKey
	XS, Extra rush.Values // recorded
	// What was proposed now; Err says why nothing was.
	NowXS, NowExtra rush.Values
	Err             error
}

// A Left is a point of which what its proposal saw is no longer known.
type Left struct {
	Key    rush.TaskKey
	Reason string
}

// Replay proposes every point again whose proposal a [Loop] with Record saw made,
// from what is in the archive alone, and compares the inputs and the extras
// exactly, NaN being NaN. The setting is the network's, with its seed; the
// optimizer is the one that was used.
//
// What cannot be replayed is told in Left: proposals that saw a task that was
// deleted since, or the log of endings as it was before a repair wrote it anew,
// and all those that the same optimizer made afterwards. How long an attempt took
// that was retried is not kept: a proposal that saw one is Left if it differs.
// The error is that of the archive, of ctx, or of making an optimizer.
func Replay(ctx context.Context, a *rushworker.Archive, s Setting, make Make) (*Replayed, error) {
	r := &replay{setting: s, make: make, tasks: map[rush.TaskKey]*rush.Task{}, out: new(Replayed)}
	if err := r.read(ctx, a); err != nil {
		return nil, err
	}
	for _, run := range r.runs() {
		if err := r.again(ctx, run); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(r.out.Different, func(a, b Difference) int { return cmp.Compare(a.Key, b.Key) })
	slices.SortFunc(r.out.Left, func(a, b Left) int { return cmp.Compare(a.Key, b.Key) })
	return r.out, nil
}

// A replay is one call of Replay.
//
//	Replay ─┬─ read     the tasks, then the log, which reaches as far as they saw
//	        └─ again    for each optimizer that there was
//	            ├─ learn    what the log says that it saw
//	            └─ propose  and compare
type replay struct {
	setting Setting
	make    Make
	tasks   map[rush.TaskKey]*rush.Task
	log     []rush.Ending
	epoch   int64
	out     *Replayed
}

// A sighted task is one whose proposal was recorded.
type sighted struct {
	*rush.Task
	sight
}

func (r *replay) read(ctx context.Context, a *rushworker.Archive) error {
	tasks, err := a.Rows(ctx, nil, &table.Options{Fields: endedFields | rush.FieldYSExtra | rush.FieldHistory})
	if err != nil {
		return err
	}
	for _, t := range tasks {
		r.tasks[t.Key] = t
	}
	var at rush.Cursor
	for {
		s, err := a.Follow(ctx, at, rush.NoFields, 0)
		if err != nil {
			return err
		}
		if s.Reset {
			r.log = nil
		}
		for _, e := range s.Ended {
			r.log = append(r.log, e.Ending)
		}
		if at = s.Next; !s.More {
			r.epoch = at.Epoch
			return nil
		}
	}
}

// runs are the recorded tasks of each optimizer in the order in which it proposed
// them, by its first one.
func (r *replay) runs() [][]sighted {
	of := map[rush.TaskKey][]sighted{}
	for _, t := range r.tasks {
		if s, ok := sightOf(t); ok {
			of[s.first] = append(of[s.first], sighted{t, s})
		}
	}
	var runs [][]sighted
	for _, run := range of {
		r.out.Recorded += len(run)
		slices.SortFunc(run, func(a, b sighted) int { return cmp.Compare(a.turn, b.turn) })
		runs = append(runs, run)
	}
	slices.SortFunc(runs, func(a, b []sighted) int { return cmp.Compare(a[0].first, b[0].first) })
	return runs
}

// again has a new optimizer propose what an earlier one did.
func (r *replay) again(ctx context.Context, run []sighted) error {
	var o Optimizer
	var at int64
	learned := map[rush.TaskKey]bool{}
	unsure := "" // why a difference may be no fault
	for i, t := range run {
		reason := ""
		switch {
		case t.turn != int64(i):
			reason = "a point that its optimizer proposed before it is no longer among the tasks"
		case t.epoch != r.epoch || t.endings > int64(len(r.log)):
			reason = "the log of endings that it saw was written anew since"
		}
		if reason != "" {
			r.leave(run[i:], reason)
			return nil
		}
		if i == 0 {
			s := r.setting
			s.Evals, s.Workers = t.evals, int(t.workers)
			var err error
			if o, err = r.make(&s); err != nil {
				return err
			}
		}
		points, old, reason := r.ended(at, t.endings)
		at = t.endings
		for _, p := range points {
			learned[p.Key] = true
		}
		if reason == "" && int64(len(learned)) != t.learned {
			reason = fmt.Sprintf("it saw %d endings, and the log has %d by then: tasks were retried while it read", t.learned, len(learned))
		}
		pending, missing := r.pending(t.pending)
		if reason == "" {
			reason = missing
		}
		if reason != "" {
			r.leave(run[i:], reason)
			return nil
		}
		if old != "" {
			unsure = old
		}
		o.Learn(points)
		d := r.propose(ctx, o, t, pending, learned)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		switch {
		case d == nil && t.moved:
			r.leave(run[i:i+1], "the points that its optimizer proposed were taken, and a free one near by was evaluated")
		case d == nil:
			r.out.Same++
		case unsure != "":
			r.leave(run[i:], unsure)
			return nil
		default:
			r.out.Different = append(r.out.Different, *d)
		}
	}
	return nil
}

func (r *replay) leave(run []sighted, reason string) {
	for _, t := range run {
		r.out.Left = append(r.out.Left, Left{Key: t.Key, Reason: reason})
	}
}

// propose proposes a point again, after those that were taken; nil if it is the
// recorded one, or was moved from it.
func (r *replay) propose(ctx context.Context, o Optimizer, t sighted, pending []*Point, learned map[rush.TaskKey]bool) *Difference {
	a := &asking{
		Setting: &r.setting, key: t.Key,
		r: &Request{
			Key: t.Key, Rand: r.setting.Seed.Task(int64(t.Key)).Proposal().Generator(),
			Pending: pending, Choosing: choosingThen(t.Key, learned, pending), Waited: true,
		},
		knows: func(p *Point) bool { return learned[p.Key] },
	}
	if len(t.taken) > 0 {
		a.known = map[string]rush.TaskKey{}
		a.claim = func(_ context.Context, _ string, key rush.TaskKey) (rush.TaskKey, error) {
			if i := len(a.taken); i < len(t.taken) {
				return t.taken[i], nil
			}
			return key, nil
		}
	}
	d := &Difference{Key: t.Key, XS: t.XS, Extra: withoutSight(t.XSExtra)}
	d.NowXS, d.NowExtra, d.Err = a.ask(ctx, o)
	switch {
	case t.moved && errors.Is(d.Err, errTaken):
		return nil
	case d.Err == nil && sameValues(d.XS, d.NowXS) && sameValues(d.Extra, d.NowExtra):
		return nil
	}
	return d
}

// choosingThen returns the numbers below key whose points others were choosing.
func choosingThen(key rush.TaskKey, learned map[rush.TaskKey]bool, pending []*Point) []rush.TaskKey {
	last := rush.TaskKey(0)
	for k := range learned {
		last = max(last, k)
	}
	return choosing(key, last, func(k rush.TaskKey) bool { return learned[k] }, pending)
}

// ended returns what an optimizer learned of a part of the log, which it had read
// before anything further on was written. old says that a result of an attempt
// is among it that was over since; reason, why it is not known what was learned.
func (r *replay) ended(from, to int64) (points []*Point, old, reason string) {
	var live []rush.Ending
	for _, e := range r.log[from:to] {
		if !e.Withdrawn() {
			live = append(live, e)
			continue
		}
		live = slices.DeleteFunc(live, func(l rush.Ending) bool { return l.Key == e.Key && l.Attempt == e.Attempt })
	}
	for _, e := range live {
		t, ok := r.tasks[e.Key]
		if !ok {
			return nil, "", fmt.Sprintf("it saw task %d, which was deleted since", e.Key)
		}
		then := *t
		then.State = e.State
		if t.Attempt != e.Attempt || t.State != e.State {
			a, ok := t.AttemptNumber(e.Attempt)
			if !ok || a.State() != e.State {
				return nil, "", fmt.Sprintf("it saw attempt %d of task %d, of which the result is not kept", e.Attempt, e.Key)
			}
			then.YS, then.Spent = a.YS, rush.Spent{}
			old = fmt.Sprintf("it depends on how long attempt %d of task %d took, which was retried since", e.Attempt, e.Key)
		}
		points = append(points, r.setting.point(&then))
	}
	return points, old, ""
}

// pending returns tasks as a proposal saw them while they were pending.
func (r *replay) pending(keys []rush.TaskKey) (points []*Point, missing string) {
	for _, key := range keys {
		t, ok := r.tasks[key]
		if !ok {
			return nil, fmt.Sprintf("it saw task %d, which was deleted since", key)
		}
		points = append(points, r.setting.pending(t))
	}
	return points, ""
}
