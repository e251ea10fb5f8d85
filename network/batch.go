package network

import (
	"context"
	"fmt"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/seeds"
)

// A Batch is tasks that are pushed together: the inputs of each, and what is
// given with them, once for all or once for each. Anything else than 0, 1 or as
// many as there are XS is refused.
type Batch struct {
	XS     []rush.Values // table.Maps gives those of a table's rows
	Shared rush.Values   // inputs that every task has, unless its XS has the name
	Extra  []rush.Values // metadata

	Queues     []string        // that they wait in; rush.DefaultQueue or "" is the shared one
	Workers    []rush.WorkerID // in whose own queues they wait: priority tasks. "", one that is not alive, or none of that id is the shared queue
	Functions  []string        // the objectives that evaluate them
	Seeds      []seeds.Stream
	Timeouts   []time.Duration // 0 is unlimited
	MaxRetries []int
	DependsOn  []rush.TaskKey // that each of them waits for
	// After are the tasks of the batch that each of them waits for, by their index,
	// from 0: of tasks before it; see rush.Task.
	After [][]int

	// Terminate ends the network's workers when all of the tasks have ended;
	// this manager sees to it, unless it is closed before.
	Terminate bool
}

// PushBatch queues the tasks of a batch and returns their numbers; no XS do
// nothing. None is queued if one of them cannot be. A task for a queue on which
// no living worker listens is queued, and a warning logged.
func (r *Rush) PushBatch(ctx context.Context, b Batch) ([]rush.TaskKey, error) {
	if err := b.check(); err != nil {
		return nil, fmt.Errorf("push %d tasks to network %s: %w", len(b.XS), r.id, err)
	}
	var task rush.Task
	keys, err := r.push(ctx, len(b.XS), func(i int, n *store.NewTask) *rush.Task {
		n.For = pick(b.Workers, i)
		task = b.task(i)
		return &task
	})
	if err != nil || len(keys) == 0 {
		return keys, err
	}
	if b.Terminate {
		r.terminateAfter(keys)
	}
	return keys, nil
}

// check says what was given in a wrong number.
func (b *Batch) check() error {
	for _, part := range []struct {
		name string
		n    int
	}{
		{"extras", len(b.Extra)}, {"queues", len(b.Queues)}, {"workers", len(b.Workers)}, {"functions", len(b.Functions)},
		{"seeds", len(b.Seeds)}, {"timeouts", len(b.Timeouts)}, {"max retries", len(b.MaxRetries)},
		{"lists of tasks to come after", len(b.After)},
	} {
		if err := checkCount(part.name, part.n, len(b.XS)); err != nil {
			return err
		}
	}
	if len(b.Queues) > 0 && len(b.Workers) > 0 {
		return fmt.Errorf("queues and workers were given; a task waits in a named queue or in that of a worker")
	}
	for i, s := range b.Seeds {
		if err := s.Check(); err != nil {
			return fmt.Errorf("seed %d: %w", i+1, err)
		}
	}
	for i, d := range b.Timeouts {
		if d < 0 {
			return fmt.Errorf("timeout %d is %v; expected 0 (none) or more", i+1, d)
		}
	}
	for i, n := range b.MaxRetries {
		if n < 0 {
			return fmt.Errorf("max retries %d is %d; expected 0 or more", i+1, n)
		}
	}
	return nil
}

// checkCount refuses what is given neither once for all nor once for each.
func checkCount(name string, n, tasks int) error {
	if n == 0 || n == 1 || n == tasks {
		return nil
	}
	return fmt.Errorf("%d %s were given for %d tasks; expected none, one for all, or one for each", n, name, tasks)
}

// pick returns what is given for a task: nothing, the same for all, or its own.
func pick[T any](given []T, i int) (v T) {
	switch len(given) {
	case 0:
		return v
	case 1:
		return given[0]
	}
	return given[i]
}

func (b *Batch) task(i int) rush.Task {
	xs := b.XS[i]
	if len(b.Shared) > 0 {
		xs = make(rush.Values, len(b.XS[i])+len(b.Shared))
		for _, values := range []rush.Values{b.Shared, b.XS[i]} {
			for name, v := range values {
				xs[name] = v
			}
		}
	}
	t := rush.Task{XS: xs, XSExtra: pick(b.Extra, i), DependsOn: b.DependsOn, After: pick(b.After, i)}
	t.Queue, t.Function = pick(b.Queues, i), pick(b.Functions, i)
	t.Timeout, t.MaxRetries = pick(b.Timeouts, i), pick(b.MaxRetries, i)
	if len(b.Seeds) > 0 {
		seed := pick(b.Seeds, i)
		t.Seed = seed[:]
	}
	return t
}

// terminateAfter ends the workers when tasks have ended.
func (r *Rush) terminateAfter(keys []rush.TaskKey) {
	r.background.Go(func() {
		if _, err := r.Wait(r.alive, keys...); err != nil {
			r.log.Warn("the workers are not ended after the tasks that they were to end after", "network", r.id, "error", err)
			return
		}
		if _, err := r.StopWorkers(r.alive, rush.SignalTerminate); err != nil {
			r.log.Warn("end the workers after the last task", "network", r.id, "error", err)
		}
	})
}
