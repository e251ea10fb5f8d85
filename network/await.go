package network

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/rushnet/rush"
)

// An Await says for which workers to wait. Both are to hold.
type Await struct {
	N   int             // so many are alive
	IDs []rush.WorkerID // these are alive
	// Timeout is how long to wait: 0 looks once, less than 0 is the plan's
	// WaitTimeout, else as long as ctx.
	Timeout time.Duration
	// Progress is called with the number of those alive whenever it changes.
	Progress func(alive int)
}

// AwaitWorkers waits until the workers are registered, wherever they were
// started, and returns those that are alive. It fails with rush.ErrTimeout,
// naming what is missing.
func (r *Rush) AwaitWorkers(ctx context.Context, a Await) ([]rush.WorkerID, error) {
	if a.Timeout < 0 {
		if plan, _, err := ReadPlan(); err != nil {
			return nil, err
		} else if a.Timeout = plan.WaitTimeout; a.Timeout == 0 {
			a.Timeout = unlimited
		}
	}
	until := time.Now().Add(a.Timeout)
	for last, seen := -1, []rush.WorkerID(nil); ; {
		alive, err := r.net.AwaitAlive(ctx, seen, a.wait(last, until))
		if err != nil {
			return nil, fmt.Errorf("wait for the workers of network %s: %w", r.id, because(ctx, err))
		}
		if a.Progress != nil && len(alive) != last {
			a.Progress(len(alive))
		}
		last, seen = len(alive), alive
		missing := slices.DeleteFunc(slices.Clone(a.IDs), func(id rush.WorkerID) bool { return slices.Contains(alive, id) })
		if len(missing) == 0 && len(alive) >= a.N {
			return alive, nil
		}
		if time.Until(until) <= 0 {
			return alive, fmt.Errorf("wait for the workers of network %s: after %v %d are alive, expected %d; missing are %v: %w",
				r.id, a.Timeout, len(alive), max(a.N, len(a.IDs)), missing, rush.ErrTimeout)
		}
	}
}

// because puts what ended ctx, if it is known, before the error that came of it.
func because(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil && !errors.Is(err, cause) {
		return fmt.Errorf("%w: %w", cause, err)
	}
	return err
}

// wait is how long the next look may wait: the first, when last is -1, does not.
func (a *Await) wait(last int, until time.Time) time.Duration {
	if last < 0 {
		return 0
	}
	return max(0, time.Until(until))
}

// unlimited is a wait for as long as ctx.
const unlimited = 100 * 365 * 24 * time.Hour

// WorkerExists reports whether the network knows a worker, alive or not.
func (r *Rush) WorkerExists(ctx context.Context, id rush.WorkerID) (bool, error) {
	list, err := r.net.List(ctx)
	if err != nil {
		return false, fmt.Errorf("list the workers of network %s: %w", r.id, err)
	}
	return slices.ContainsFunc(list, func(w rush.Worker) bool { return w.ID == id }), nil
}

// CurrentTasks returns what each living worker evaluates now; rush.NoTask for
// one that is idle.
func (r *Rush) CurrentTasks(ctx context.Context) (map[rush.WorkerID]rush.TaskKey, error) {
	list, err := r.net.List(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the workers of network %s: %w", r.id, err)
	}
	tasks := map[rush.WorkerID]rush.TaskKey{}
	for _, w := range list {
		if !w.State.Alive() {
			continue
		}
		tasks[w.ID] = rush.NoTask
		if len(w.Running) > 0 {
			tasks[w.ID] = w.Running[0]
		}
	}
	return tasks, nil
}
