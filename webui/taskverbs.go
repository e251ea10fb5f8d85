package webui

import (
	"context"
	"errors"
	"fmt"

	"github.com/rushnet/rush"
)

// together is how many tasks are changed in one step.
const together = 500

// retryTasks queues ended tasks again.
func retryTasks(ctx context.Context, b *hub, o *order) (*result, error) {
	return b.change(ctx, o, func(m match) string {
		switch {
		case !m.state.Ended():
			return fmt.Sprintf("it is %s; only tasks that have ended can be retried", m.state)
		case m.class == string(rush.ClassImpossible):
			return "a task that it depends on failed; retry that one"
		}
		return ""
	}, func(keys []rush.TaskKey) error { return b.net.Retry(ctx, o.Retry, keys...) })
}

// cancelTasks fails tasks as cancelled.
func cancelTasks(ctx context.Context, b *hub, o *order) (*result, error) {
	return b.change(ctx, o, func(m match) string {
		if m.state.Ended() {
			return fmt.Sprintf("it is %s already", m.state)
		}
		return ""
	}, func(keys []rush.TaskKey) error { return b.net.Cancel(ctx, keys...) })
}

// deleteTasks deletes tasks with all that is known of them.
func deleteTasks(ctx context.Context, b *hub, o *order) (*result, error) {
	return b.change(ctx, o, func(m match) string {
		if m.state == rush.Running && !o.Running {
			return "it is running; cancel it first, or delete running tasks, too"
		}
		return ""
	}, func(keys []rush.TaskKey) error {
		n, err := b.net.Delete(ctx, o.Running, keys...)
		if err == nil && n < len(keys) {
			err = rush.ErrNoTask
		}
		return err
	})
}

// change does something to tasks that is done to all of a call or to none. Tasks for
// which why gives a reason are refused without trying; of the others those are
// refused that have changed meanwhile.
func (b *hub) change(ctx context.Context, o *order, why func(match) string, do func([]rush.TaskKey) error) (*result, error) {
	res, keys, err := b.choose(ctx, o, why)
	if err != nil {
		return nil, err
	}
	for len(keys) > 0 {
		some := keys[:min(together, len(keys))]
		keys = keys[len(some):]
		if err := res.each(some, do); err != nil {
			return res, err
		}
	}
	return res, nil
}

// choose lists the tasks that an order is about, but for those that why refuses.
func (b *hub) choose(ctx context.Context, o *order, why func(match) string) (*result, []rush.TaskKey, error) {
	matches, err := b.meant(ctx, o)
	if err != nil {
		return nil, nil, err
	}
	res := new(result)
	var keys []rush.TaskKey
	for _, m := range matches {
		if reason := why(m); reason != "" {
			res.refuse(m.key, reason)
			continue
		}
		keys = append(keys, m.key)
	}
	return res, keys, nil
}

// each does something to all tasks; when that is refused, to each half of them, down
// to those that it is refused for.
func (r *result) each(keys []rush.TaskKey, do func([]rush.TaskKey) error) error {
	err := do(keys)
	switch {
	case err == nil:
		r.Done += len(keys)
		return nil
	case !isAboutTasks(err):
		return err
	case len(keys) == 1:
		r.refuse(keys[0], err.Error())
		return nil
	}
	half := len(keys) / 2
	if err := r.each(keys[:half], do); err != nil {
		return err
	}
	return r.each(keys[half:], do)
}

// isAboutTasks reports whether an error is about the tasks that it was tried with,
// and not about the store.
func isAboutTasks(err error) bool {
	var about *rush.TaskError
	return errors.As(err, &about) || errors.Is(err, rush.ErrState) || errors.Is(err, rush.ErrNoTask) || errors.Is(err, rush.ErrExhausted)
}
