package table

import (
	"context"
	"fmt"
	"slices"

	"github.com/rushnet/rush"
)

// read reads tasks and makes them fit the view; those that were deleted since
// are left out.
func (v *view) read(ctx context.Context, keys []rush.TaskKey, fields rush.Fields) ([]*rush.Record, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	recs, err := v.records(ctx, keys, fields)
	if err != nil {
		return nil, err
	}
	out := make([]*rush.Record, 0, len(recs))
	var later []rush.TaskKey // with another attempt than the view's
	for i := range recs {
		r, s := &recs[i], v.of(recs[i].Key)
		switch {
		case r.State == "":
		case r.State == s.is() && (!s.is().Ended() || r.Attempt == int(s.attempt)):
			out = append(out, r)
		case s.is().Ended():
			later = append(later, r.Key)
		default:
			mask(r, s.is())
			out = append(out, r)
		}
	}
	if len(later) == 0 {
		return out, nil
	}
	earlier, err := v.rewind(ctx, later, fields)
	if err != nil {
		return nil, err
	}
	out = append(out, earlier...)
	slices.SortFunc(out, func(a, b *rush.Record) int { return int(a.Key - b.Key) })
	return out, nil
}

func (v *view) records(ctx context.Context, keys []rush.TaskKey, fields rush.Fields) ([]rush.Record, error) {
	recs, err := v.source.Records(ctx, keys, fields)
	if err != nil {
		return nil, fmt.Errorf("read the tasks from %d to %d: %w", keys[0], keys[len(keys)-1], err)
	}
	if len(recs) != len(keys) {
		return nil, fmt.Errorf("the store gave %d records for %d tasks", len(recs), len(keys))
	}
	for i := range recs {
		recs[i].Key = keys[i]
	}
	return recs, nil
}

// rewind reads tasks that were retried since the moment of the view, as they
// stood then.
func (v *view) rewind(ctx context.Context, keys []rush.TaskKey, fields rush.Fields) ([]*rush.Record, error) {
	recs, err := v.records(ctx, keys, fields|rush.FieldHistory)
	if err != nil {
		return nil, err
	}
	var out []*rush.Record
	for i := range recs {
		r, s := &recs[i], v.of(recs[i].Key)
		if r.State == "" {
			continue
		}
		if !restore(r, s.is(), int(s.attempt)) {
			if err := v.confirm(ctx); err != nil {
				return nil, err
			}
			return nil, &rush.TaskError{Key: r.Key, Err: fmt.Errorf("attempt %d was %s and is gone: %w; read the tasks again", s.attempt, s.is(), rush.ErrChanged)}
		}
		out = append(out, r)
	}
	return out, nil
}

// restore turns a record back to an earlier attempt, as far as the store keeps
// it: where the time of that attempt went is not known any more.
func restore(r *rush.Record, state rush.State, attempt int) bool {
	for i, a := range r.Attempts {
		if a.Number != attempt {
			continue
		}
		r.State, r.Attempt, r.Worker = state, attempt, a.Worker
		r.YS, r.YSExtra, r.Condition = a.YS, a.YSExtra, a.Condition
		r.Started, r.Finished = a.Started, a.Finished
		r.Spent = rush.Spent{}
		r.Attempts = r.Attempts[:i]
		return true
	}
	return false
}

// mask hides what happened to a task since it was in a state.
func mask(r *rush.Record, state rush.State) {
	r.State = state
	r.YS, r.YSExtra, r.Condition, r.Finished = nil, nil, nil, 0
	r.Spent.Evaluating, r.Spent.Storing = 0, 0
	if state == rush.Running {
		return
	}
	r.Worker, r.Started, r.Spent = "", 0, rush.Spent{}
	if r.Attempt == 1 {
		r.Attempt = 0
	}
}

var errReset = fmt.Errorf("the network was reset while its tasks were read: %w; read them again", rush.ErrChanged)

// confirm fails if the network was reset since the moment of the view: then
// what was read may belong to other tasks of the same numbers.
func (v *view) confirm(ctx context.Context) error {
	page, err := v.source.Ended(ctx, v.cursor, 1, rush.NoFields, 0)
	if err != nil {
		return fmt.Errorf("check that the network was not reset: %w", err)
	}
	if page.Reset || page.Next.Epoch != v.cursor.Epoch {
		return errReset
	}
	return nil
}
