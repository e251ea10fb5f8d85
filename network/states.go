package network

import (
	"context"
	"fmt"
	"slices"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/rushworker"
)

// WorkerCounts says how many workers are in which state.
type WorkerCounts struct {
	Starting   int // this manager's, that are not registered yet
	Idle       int // running, without a task
	Busy       int // running, with a task
	Paused     int
	Terminated int
	Killed     int
	Lost       int
}

// Running returns how many run, idle or busy.
func (c WorkerCounts) Running() int { return c.Idle + c.Busy }

// Alive returns how many are part of the network now.
func (c WorkerCounts) Alive() int { return c.Running() + c.Paused }

// WorkerCounts counts the workers by state, at one moment.
func (r *Rush) WorkerCounts(ctx context.Context) (WorkerCounts, error) {
	starting, list, err := r.workersNow(ctx)
	c := WorkerCounts{Starting: len(starting)}
	for _, w := range list {
		switch {
		case w.State == rush.WorkerRunning && len(w.Running) == 0:
			c.Idle++
		case w.State == rush.WorkerRunning:
			c.Busy++
		case w.State == rush.WorkerPaused:
			c.Paused++
		case w.State == rush.WorkerTerminated:
			c.Terminated++
		case w.State == rush.WorkerKilled:
			c.Killed++
		case w.State == rush.WorkerLost:
			c.Lost++
		}
	}
	return c, err
}

// WorkerIDs returns the workers that are in one of the states, by the order of
// registration; none means all. Those that are starting are this manager's, that
// are not registered yet, and come last.
func (r *Rush) WorkerIDs(ctx context.Context, states ...rush.WorkerState) ([]rush.WorkerID, error) {
	starting, list, err := r.workersNow(ctx)
	if err != nil {
		return nil, err
	}
	wanted := func(s rush.WorkerState) bool { return len(states) == 0 || slices.Contains(states, s) }
	var ids []rush.WorkerID
	for _, w := range list {
		if wanted(w.State) {
			ids = append(ids, w.ID)
		}
	}
	if wanted(rush.WorkerStarting) {
		ids = append(ids, starting...)
	}
	return ids, nil
}

// workersNow returns the workers that the network knows, and those that this
// manager is starting.
func (r *Rush) workersNow(ctx context.Context) (starting []rush.WorkerID, list []rush.Worker, err error) {
	local := r.agentsOf(nil) // before the list, so that none is missed
	if list, err = r.net.List(ctx); err != nil {
		return nil, nil, fmt.Errorf("list the workers of network %s: %w", r.id, err)
	}
	for _, a := range local {
		if !slices.ContainsFunc(list, func(w rush.Worker) bool { return w.ID == a.id }) {
			starting = append(starting, a.id)
		}
	}
	slices.Sort(starting)
	return starting, list, nil
}

// AllTerminated reports whether the network had workers and all of them have
// ended by themselves or because they were asked to.
func (r *Rush) AllTerminated(ctx context.Context) (bool, error) {
	return r.allAre(ctx, rush.WorkerTerminated)
}

// AllLost reports whether the network had workers and all of them were lost.
func (r *Rush) AllLost(ctx context.Context) (bool, error) { return r.allAre(ctx, rush.WorkerLost) }

func (r *Rush) allAre(ctx context.Context, state rush.WorkerState) (bool, error) {
	starting, list, err := r.workersNow(ctx)
	other := slices.ContainsFunc(list, func(w rush.Worker) bool { return w.State != state })
	return err == nil && len(list) > 0 && len(starting) == 0 && !other, err
}

// Join opens the network of a worker, so that its loop can do all that a manager
// can: push and cancel tasks, send messages, start and stop workers. The caller
// closes it, which ends the workers that it started; the worker itself goes on.
func Join(ctx context.Context, w *rushworker.Worker) (*Rush, error) {
	return Open(ctx, Config{Store: w.StoreURL(), Network: w.Network(), Log: w.Log()})
}
