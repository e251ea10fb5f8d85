package network

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/wire"
)

// Cancel fails tasks as cancelled that are queued, deferred or running, and
// those that depend on them as impossible. The evaluation of one that runs is
// stopped, with the processes that it started, and its worker goes on to the
// next task; Cancel returns when that is so, or fails when ctx ends before.
// What the worker still delivers is kept as late.
//
// It fails with rush.ErrState, naming the state, when one of the tasks has
// ended, and with rush.ErrNoTask when one does not exist; then none is
// cancelled. Who holds a task of a client learns of it from what its report is
// answered.
func (r *Rush) Cancel(ctx context.Context, keys ...rush.TaskKey) error {
	cond, err := wire.EncodeCondition(&rush.Condition{Class: rush.ClassCancelled, Message: "the task was cancelled"})
	if err != nil {
		return err
	}
	if len(keys) == 0 {
		return nil
	}
	all, err := r.net.Cancel(ctx, keys, cond)
	if err != nil {
		return fmt.Errorf("cancel tasks of network %s: %w", r.id, err)
	}
	answering, err := r.answering(ctx)
	if err != nil {
		return fmt.Errorf("cancel tasks of network %s: %w", r.id, err)
	}
	var errs []error
	for _, c := range all {
		if c.Message == 0 {
			continue
		}
		if !answering[c.Worker] {
			err = r.net.DeleteResponses(ctx, c.Message, nil) // nobody is told
		} else if err = r.awaitStopped(ctx, &c); err != nil {
			err = &rush.TaskError{Key: c.Key, Err: err}
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// answering returns the workers that take messages, or have ended and so have
// answered them.
func (r *Rush) answering(ctx context.Context) (map[rush.WorkerID]bool, error) {
	list, err := r.net.List(ctx)
	if err != nil {
		return nil, err
	}
	out := map[rush.WorkerID]bool{}
	for _, w := range list {
		out[w.ID] = !w.Client()
	}
	return out, nil
}

// awaitStopped waits until the worker says that nothing of the evaluation runs
// any more, or has ended.
func (r *Rush) awaitStopped(ctx context.Context, c *store.Cancelled) error {
	got, err := r.net.Responses(ctx, c.Message, nil, forever)
	if errors.Is(err, rush.ErrNoResponse) {
		return nil // the workers were reset
	}
	if err != nil {
		return fmt.Errorf("it was cancelled, but worker %s was not seen to stop: %w", c.Worker, err)
	}
	for _, one := range got {
		if one.Failed {
			r.log.Debug("a cancelled task's worker", "task", c.Key, "worker", c.Worker, "response", one.Body)
		}
	}
	return r.net.DeleteResponses(ctx, c.Message, nil)
}

// forever is a wait that only a context ends.
const forever = 100 * 365 * 24 * time.Hour
