package network

import (
	"context"
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
	limited, cancel := context.WithTimeout(ctx, max(a.Timeout, time.Nanosecond))
	defer cancel()
	for last := -1; ; {
		alive, err := r.aliveOf(ctx, nil)
		if err != nil {
			return nil, err
		}
		if a.Progress != nil && len(alive) != last {
			a.Progress(len(alive))
		}
		last = len(alive)
		missing := slices.DeleteFunc(slices.Clone(a.IDs), func(id rush.WorkerID) bool { return slices.Contains(alive, id) })
		if len(missing) == 0 && len(alive) >= a.N {
			return alive, nil
		}
		if pause(limited, awaitPause); ctx.Err() != nil {
			return alive, fmt.Errorf("wait for the workers of network %s: %w", r.id, context.Cause(ctx))
		}
		if limited.Err() != nil {
			return alive, fmt.Errorf("wait for the workers of network %s: after %v %d are alive, expected %d; missing are %v: %w",
				r.id, a.Timeout, len(alive), max(a.N, len(a.IDs)), missing, rush.ErrTimeout)
		}
	}
}

const (
	unlimited = 1 << 62
	// awaitPause is between two looks: nobody is told of a registration.
	awaitPause = 50 * time.Millisecond
)

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
