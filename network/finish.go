package network

import (
	"context"
	"errors"
	"fmt"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/wire"
)

// FinishTasks finishes tasks, queued or running, with outputs, and with extras
// that may be nil; each is one for all or one for each. Values above the
// network's limit are kept in its object store, under the tags of the tasks. No
// task is changed when the lengths are wrong or a value cannot be stored. A task
// that had ended, or does not exist, is an error that names it; the others are
// finished.
func (r *Rush) FinishTasks(ctx context.Context, keys []rush.TaskKey, yss, extras []rush.Values) error {
	if len(keys) > 0 && len(yss) == 0 {
		return fmt.Errorf("network %s: finish: no outputs were given for %d tasks; expected one for all, or one for each", r.id, len(keys))
	}
	return r.endTasks(ctx, "finish", keys, yss, nil, extras)
}

// FailTasks fails tasks, queued or running, with conditions, one for all or one
// for each, or rush.DefaultCondition if there are none, and with extras that may
// be nil. See [Rush.FinishTasks].
func (r *Rush) FailTasks(ctx context.Context, keys []rush.TaskKey, conditions []*rush.Condition, extras []rush.Values) error {
	if len(conditions) == 0 {
		conditions = []*rush.Condition{rush.DefaultCondition()}
	}
	return r.endTasks(ctx, "fail", keys, nil, conditions, extras)
}

func (r *Rush) endTasks(ctx context.Context, verb string, keys []rush.TaskKey, yss []rush.Values, conditions []*rush.Condition, extras []rush.Values) error {
	err := errors.Join(checkCount("outputs", len(yss), len(keys)), checkCount("conditions", len(conditions), len(keys)),
		checkCount("extras", len(extras), len(keys)))
	if err != nil {
		return fmt.Errorf("network %s: %s: %w", r.id, verb, err)
	}
	done := make([]store.Done, len(keys))
	for i, key := range keys {
		if done[i], err = r.newDone(ctx, key, pick(yss, i), pick(conditions, i), pick(extras, i)); err != nil {
			return fmt.Errorf("network %s: %s: %w", r.id, verb, err)
		}
	}
	outcomes, err := r.net.End(ctx, done)
	errs := []error{err}
	for i, o := range outcomes {
		switch o {
		case store.NotFound:
			errs = append(errs, &rush.TaskError{Key: keys[i], Err: rush.ErrNoTask})
		case store.Late:
			errs = append(errs, &rush.TaskError{Key: keys[i], Err: fmt.Errorf("%w: it had ended", rush.ErrState)})
		}
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("network %s: %s: %w", r.id, verb, err)
	}
	return nil
}

// newDone encodes an ending; its large values become objects of the task.
func (r *Rush) newDone(ctx context.Context, key rush.TaskKey, ys rush.Values, c *rush.Condition, extra rush.Values) (d store.Done, err error) {
	d.Key = key
	if c != nil {
		d.Condition, err = wire.EncodeCondition(c)
	} else if ys, err = r.shorten(ctx, key, ys); err == nil {
		d.YS, err = wire.AppendMap(nil, ys)
	}
	if err == nil {
		extra, err = r.shorten(ctx, key, extra)
	}
	if err == nil {
		d.YSExtra, err = wire.Encode(extra)
	}
	if err != nil {
		return d, &rush.TaskError{Key: key, Err: err}
	}
	return d, nil
}

// shorten puts large values under the tag of a task. What is meant for a task
// that is gone nobody holds: the task is not going to take it.
func (r *Rush) shorten(ctx context.Context, key rush.TaskKey, v rush.Values) (rush.Values, error) {
	short, _, err := r.Objects().Extract(ctx, store.TaskTag(key), v)
	if errors.Is(err, rush.ErrNoTask) {
		short, _, err = r.Objects().Extract(ctx, "", v)
	}
	return short, err
}
