package optimizer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/rushworker"
	"github.com/rushnet/rush/seeds"
)

// A Loop runs an optimizer on a worker: it evaluates what is in the worker's
// queues and, when there is nothing, what the optimizer proposes. It ends as
// [loops.Proposing] does, and the run ends when the optimizer is exhausted.
// One Loop serves one worker.
type Loop struct {
	*loops.Problem
	Setting Setting
	Make    Make
	// Record keeps with every task what its proposal saw, as the extra "saw", so
	// that the proposals can be replayed.
	Record bool
	// Points is how many points the space has, so that no two tasks get the same
	// one; see [Points]. The run ends when each has a task. 0 lets tasks have the
	// same point. With it an optimizer that proposes a point which another task
	// has is asked again, with that point among the pending ones, and after some
	// times the free point that is nearest is evaluated.
	Points float64

	view      *view
	optimizer Optimizer
	first     rush.TaskKey // of the optimizer's proposals, which tells the optimizers of a network apart
	last      rush.TaskKey // that was proposed for
	turn      int64        // how many points the optimizer has proposed
}

var (
	_ loops.Loop     = (*Loop)(nil)
	_ loops.Proposer = (*Loop)(nil)
)

// Run implements [loops.Loop].
func (l *Loop) Run(ctx context.Context, w *rushworker.Worker) error {
	return (&loops.Proposing{Problem: l.Problem, Next: l.next}).Run(ctx, w)
}

// Propose implements [loops.Proposer].
func (l *Loop) Propose(ctx context.Context, w *rushworker.Worker, key rush.TaskKey) (xs, extra rush.Values, err error) {
	return l.next(ctx, w, key)
}

// next asks the optimizer for a point. When it says that there is none left, or that it
// is early, it is asked once more after tasks with smaller numbers have come to be there.
func (l *Loop) next(ctx context.Context, w *rushworker.Worker, key rush.TaskKey) (xs, extra rush.Values, err error) {
	xs, extra, err = l.once(ctx, w, key, false)
	early := errors.Is(err, ErrEarly)
	if !early && !errors.Is(err, ErrExhausted) {
		return xs, extra, err
	}
	waited, failed := l.awaitSmaller(ctx, key)
	if failed != nil {
		return nil, nil, failed
	}
	if early || waited {
		return l.once(ctx, w, key, true)
	}
	return nil, nil, err
}

// once lets the optimizer learn what is new, and asks it for a point.
func (l *Loop) once(ctx context.Context, w *rushworker.Worker, key rush.TaskKey, waited bool) (xs, extra rush.Values, err error) {
	if l.view == nil {
		if l.view = newView(w, &l.Setting); l.Points > 0 {
			l.view.named()
		}
	}
	// First what is pending: a task that ends in between is learned then, and
	// never unknown.
	pending, err := l.view.pending(ctx)
	if err != nil {
		return nil, nil, err
	}
	if err := l.learn(ctx, key, pending); err != nil {
		return nil, nil, err
	}
	pending = slices.DeleteFunc(pending, l.view.knows)
	saw := l.sight(pending)
	a := &asking{
		Setting: &l.Setting, key: key,
		r: &Request{
			Key: key, Rand: w.Proposer(key).Generator(),
			Pending: pending, Choosing: l.view.choosing(key, pending), Waited: waited,
		},
		knows: l.view.knows, claim: w.ClaimPoint,
	}
	if l.Points > 0 {
		a.known = l.view.known(pending)
	}
	xs, extra, err = a.ask(ctx, l.optimizer)
	if errors.Is(err, errTaken) {
		saw.moved = true
		xs, err = l.free(ctx, a)
	}
	if err != nil {
		return nil, nil, err
	}
	if l.Record {
		saw.taken = a.taken
		extra = saw.with(extra)
	}
	l.last = key
	l.turn++
	return xs, extra, nil
}

// inFlight bounds one wait for what others do with points that they have
// claimed.
const inFlight = 200 * time.Millisecond

// free takes a free point near the last one that was proposed. While others hold
// all that are left, it waits to see them become tasks, or be free again: a run
// that ended before would end without them.
func (l *Loop) free(ctx context.Context, a *asking) (rush.Values, error) {
	for {
		xs, err := a.nearest(ctx, l.Points)
		if !errors.Is(err, errTaken) {
			return xs, err
		}
		if l.view.w.Terminated() {
			return nil, ErrExhausted
		}
		look := l.view.anew()
		pending, err := look.pending(ctx)
		if err == nil {
			_, _, err = look.ended(ctx)
		}
		if err != nil {
			return nil, err
		}
		if known := look.known(pending); len(known) > len(a.known) {
			a.known = known
			continue
		}
		if _, err := l.view.w.Follow(ctx, look.at, rush.NoFields, inFlight); err != nil {
			return nil, err
		}
		a.known = look.known(pending)
	}
}

// How many numbers below its own a worker that is about to end the run looks at, and
// for how long: a number that is no task by then is of a worker that died.
const (
	farBelow = 64
	patience = 5 * time.Second
)

// awaitSmaller waits until the numbers below key are tasks that others have claimed and
// choose points for: they have a right to end before the run does. It reports whether
// there were any that are now.
func (l *Loop) awaitSmaller(ctx context.Context, key rush.TaskKey) (waited bool, err error) {
	at := l.view.at
	for until := time.Now().Add(patience); time.Now().Before(until) && !l.view.w.Terminated(); {
		there := make(map[rush.TaskKey]bool)
		for _, state := range rush.States() {
			keys, err := l.view.w.Keys(ctx, state)
			if err != nil {
				return waited, err
			}
			for _, k := range keys {
				there[k] = true
			}
		}
		missing := false
		for k := max(key-farBelow, 0); k < key; k++ {
			missing = missing || !there[k]
		}
		if !missing {
			return waited, nil
		}
		waited = true
		if run, err := l.view.w.Run(ctx); err != nil || run.Reason != "" {
			return false, err // somebody has ended it
		}
		s, err := l.view.w.Follow(ctx, at, rush.NoFields, inFlight)
		if err != nil {
			return waited, err
		}
		at = s.Next
	}
	return waited, nil
}

// learn makes the optimizer if need be, and has it learn what has ended. With
// Record one whose last point did not become a task, as when the worker was
// declared lost meanwhile, begins anew: nobody could propose that point again.
func (l *Loop) learn(ctx context.Context, key rush.TaskKey, pending []*Point) error {
	points, anew, err := l.view.ended(ctx)
	if err != nil {
		return err
	}
	if !anew && l.Record && l.turn > 0 && !l.view.sees(l.last, pending) {
		l.view = l.view.anew()
		if points, _, err = l.view.ended(ctx); err != nil {
			return err
		}
		anew = true
	}
	if l.optimizer == nil || anew {
		if l.optimizer, err = l.Make(&l.Setting); err != nil {
			return err
		}
		l.first, l.turn = key, 0
	}
	l.view.drop(ctx)
	l.optimizer.Learn(points)
	return nil
}

// inputs returns the point that was proposed, in natural units. A place that
// violates a constraint of the space becomes one near by that does not, for which
// g draws.
func (s *Setting) inputs(p Proposal, g *seeds.Generator) (rush.Values, error) {
	switch {
	case p.XS != nil:
		if err := s.Space.Check(p.XS); err != nil {
			return nil, fmt.Errorf("the optimizer proposed a point that is not in the space: %w", err)
		}
		return p.XS, nil
	case len(p.U) == s.Space.Len():
		return s.Space.FromUnit(s.Space.Mend(p.U, g)), nil
	}
	return nil, fmt.Errorf("the optimizer proposed %d coordinates; expected one for each of the %d parameters", len(p.U), s.Space.Len())
}
