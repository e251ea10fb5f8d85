package optimizer

import (
	"context"
	"log/slog"
	"maps"
	"slices"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/rushworker"
	"github.com/rushnet/rush/table"
)

// What is read of tasks that ended, and of those that have not.
const (
	endedFields   = rush.FieldXS | rush.FieldYS | rush.FieldXSExtra | rush.FieldTimes
	pendingFields = rush.FieldXS | rush.FieldXSExtra
)

// pendingStates are those of tasks whose results are still to come.
var pendingStates = []rush.State{rush.Deferred, rush.Queued, rush.Running}

// A view is what one worker has seen of the network.
type view struct {
	setting *Setting
	fields  rush.Fields // of tasks that ended
	w       *rushworker.Worker
	at      rush.Cursor             // in the log of endings
	learned map[rush.TaskKey]int    // the attempts that were handed out
	last    rush.TaskKey            // the largest number of them
	names   map[string]rush.TaskKey // of their points; nil if nobody asks for them

	saved map[rush.TaskKey]int // the attempts that left a checkpoint
	spent map[rush.TaskKey]int // those of them that another task has continued to its end
}

func newView(w *rushworker.Worker, s *Setting) *view {
	return &view{setting: s, fields: s.endedFields(), w: w,
		learned: make(map[rush.TaskKey]int), saved: make(map[rush.TaskKey]int), spent: make(map[rush.TaskKey]int)}
}

// named has the view keep the names of points.
func (v *view) named() *view {
	v.names = make(map[string]rush.TaskKey)
	return v
}

// anew returns a view that has seen nothing yet.
func (v *view) anew() *view {
	fresh := newView(v.w, v.setting)
	if v.names != nil {
		fresh.named()
	}
	return fresh
}

// endedFields is what is read of tasks that ended.
func (s *Setting) endedFields() rush.Fields {
	if _, ok := s.Space.Fidelity(); ok {
		return endedFields | rush.FieldYSExtra // that has whether the task was stopped early
	}
	return endedFields
}

// ended reads what has ended since the last call. With anew, all that was handed
// out before is to be forgotten: an ending was withdrawn, as by a retry of a
// finished task, or the network was reset.
func (v *view) ended(ctx context.Context) (points []*Point, anew bool, err error) {
	for {
		s, err := v.w.Follow(ctx, v.at, v.fields, 0)
		if err != nil {
			return nil, false, err
		}
		if v.at != (rush.Cursor{}) && (s.Reset || v.withdrawn(s.Ended)) {
			*v = *v.anew()
			points, anew = nil, true
			continue
		}
		for _, e := range s.Ended {
			if e.Task == nil || e.Task.State != e.State || e.Task.Attempt != e.Attempt {
				continue // it was withdrawn further on in the log
			}
			v.learned[e.Key], v.last = e.Attempt, max(v.last, e.Key)
			p := v.setting.point(e.Task)
			points = append(points, p)
			if p.U != nil && v.names != nil {
				v.names[pointName(p.U)] = p.Key
			}
			v.checkpoint(e.Task)
		}
		if v.at = s.Next; !s.More {
			return points, anew, nil
		}
	}
}

// checkpoint notes whether the task left a checkpoint, and that the one of which it
// continued is not needed any more.
func (v *view) checkpoint(t *rush.Task) {
	if t.State != rush.Finished {
		return
	}
	if _, ok := t.YSExtra[loops.Checkpoint]; ok {
		v.saved[t.Key] = t.Attempt
	}
	if from, ok := loops.Continues(t.XSExtra); ok && v.saved[from] > 0 {
		v.spent[from] = v.saved[from]
		delete(v.saved, from)
	}
}

// drop deletes the checkpoints that are not needed any more.
func (v *view) drop(ctx context.Context) {
	if err := loops.DropContinued(ctx, v.w.Archive, v.spent); err != nil {
		v.w.Log().LogAttrs(ctx, slog.LevelWarn, "checkpoints that nobody needs could not be deleted; they go at the end of the run", slog.Any("error", err))
	}
	clear(v.spent)
}

// withdrawn reports whether the entries take back what was handed out.
func (v *view) withdrawn(ended []rushworker.Ended) bool {
	for _, e := range ended {
		if attempt, ok := v.learned[e.Key]; ok && e.Withdrawn() && attempt == e.Attempt {
			return true
		}
	}
	return false
}

// knows reports whether the point was handed out as ended.
func (v *view) knows(p *Point) bool {
	_, ok := v.learned[p.Key]
	return ok
}

// pending reads what is evaluated, or is to be.
func (v *view) pending(ctx context.Context) ([]*Point, error) {
	tasks, err := v.w.Rows(ctx, pendingStates, &table.Options{Fields: pendingFields})
	if err != nil {
		return nil, err
	}
	points := make([]*Point, len(tasks))
	for i, t := range tasks {
		points[i] = v.setting.pending(t)
	}
	return points, nil
}

// known returns the tasks by the names of their points: those that were handed
// out, and those that are pending.
func (v *view) known(pending []*Point) map[string]rush.TaskKey {
	all := maps.Clone(v.names)
	for _, p := range pending {
		if p.U != nil {
			all[pointName(p.U)] = p.Key
		}
	}
	return all
}

// choosing returns the numbers below key whose points others choose at this moment.
func (v *view) choosing(key rush.TaskKey, pending []*Point) []rush.TaskKey {
	ended := func(k rush.TaskKey) bool { _, ok := v.learned[k]; return ok }
	return choosing(key, v.last, ended, pending)
}

// sees reports whether a task has ended or is pending.
func (v *view) sees(key rush.TaskKey, pending []*Point) bool {
	_, ended := v.learned[key]
	return ended || slices.ContainsFunc(pending, func(p *Point) bool { return p.Key == key })
}
