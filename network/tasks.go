package network

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/wire"
)

// Push queues one task for each xs and returns their numbers. None is queued
// if one of them cannot be; no xs do nothing.
func (r *Rush) Push(ctx context.Context, xss ...rush.Values) ([]rush.TaskKey, error) {
	tasks := make([]rush.Task, len(xss))
	for i, xs := range xss {
		tasks[i].XS = xs
	}
	return r.PushTasks(ctx, tasks)
}

// PushTasks creates tasks as they are given and returns their numbers: XS,
// XSExtra, Options, DependsOn and Captured, and the State, queued when it is
// empty. Values above the network's limit are kept in its object store. A
// task may also be created finished, with YS and YSExtra, or failed, with a
// Condition. The numbers are the store's choice. None is created if one of
// them is not well formed.
func (r *Rush) PushTasks(ctx context.Context, tasks []rush.Task) ([]rush.TaskKey, error) {
	return r.createTasks(ctx, tasks, fmt.Sprintf("push to network %s: task", r.id), nil)
}

// PushDesign creates the rows of a design as queued tasks with the numbers
// 0, 1, 2, ...; rows that were created before stay as they are. The network's
// definition must have reserved the numbers.
func (r *Rush) PushDesign(ctx context.Context, n int64, row func(i int64) (rush.Task, error)) error {
	const batch = 10_000
	for from := int64(0); from < n; from += batch {
		tasks := make([]rush.Task, 0, min(batch, n-from))
		for i := from; i < min(from+batch, n); i++ {
			task, err := row(i)
			if err != nil {
				return fmt.Errorf("design row %d of %d: %w", i+1, n, err)
			}
			tasks = append(tasks, task)
		}
		number := func(i int) rush.TaskKey { return rush.TaskKey(from + int64(i)) }
		if _, err := r.createTasks(ctx, tasks, fmt.Sprintf("design from row %d of %d on: row", from+1, n), number); err != nil {
			return err
		}
	}
	return nil
}

func (r *Rush) create(ctx context.Context, news []store.NewTask) ([]rush.TaskKey, error) {
	if len(news) == 0 {
		return nil, nil
	}
	keys, err := r.net.Create(ctx, news, uuid.NewString())
	if err != nil {
		return keys, fmt.Errorf("push %d tasks to network %s: %w", len(news), r.id, err)
	}
	return keys, nil
}

func newTask(t *rush.Task) (store.NewTask, error) {
	n := store.NewTask{State: t.State, Options: t.Options, DependsOn: t.DependsOn}
	var err error
	if n.XS, err = wire.AppendMap(nil, t.XS); err != nil {
		return n, fmt.Errorf("xs: %w", err)
	}
	if n.XSExtra, err = wire.Encode(t.XSExtra); err != nil {
		return n, fmt.Errorf("extra: %w", err)
	}
	switch t.State {
	case "", rush.Queued, rush.Deferred:
	case rush.Finished:
		if n.YS, err = wire.AppendMap(nil, t.YS); err != nil {
			return n, fmt.Errorf("ys: %w", err)
		}
		if n.YSExtra, err = wire.Encode(t.YSExtra); err != nil {
			return n, fmt.Errorf("ys extra: %w", err)
		}
	case rush.Failed:
		c := t.Condition
		if c == nil {
			c = rush.DefaultCondition()
		}
		if n.Condition, err = wire.EncodeCondition(c); err != nil {
			return n, err
		}
	default:
		return n, fmt.Errorf("it cannot be created %s; expected queued, finished or failed", t.State)
	}
	return n, nil
}

// Wait blocks until every one of the tasks has ended. It returns true if all
// of them finished, false if any failed. It also ends, with an error, when
// nothing is left that could end them: no worker is alive.
func (r *Rush) Wait(ctx context.Context, keys ...rush.TaskKey) (bool, error) {
	snap, err := r.net.Snapshot(ctx)
	if err != nil {
		return false, fmt.Errorf("wait for tasks of network %s: %w", r.id, err)
	}
	pending := make(map[rush.TaskKey]bool, len(keys))
	finished := true
	records, err := r.net.Records(ctx, keys, rush.NoFields)
	if err != nil {
		return false, fmt.Errorf("wait for tasks of network %s: %w", r.id, err)
	}
	for _, rec := range records {
		switch {
		case rec.State == "":
			return false, &rush.TaskError{Key: rec.Key, Err: rush.ErrNoTask}
		case !rec.State.Ended():
			pending[rec.Key] = true
		case rec.State == rush.Failed:
			finished = false
		}
	}
	for at := snap.Cursor; len(pending) > 0; {
		page, err := r.net.Ended(ctx, at, 0, rush.NoFields, waitStep)
		if err != nil {
			return false, fmt.Errorf("wait for tasks of network %s: %w", r.id, err)
		}
		if page.Reset {
			return false, fmt.Errorf("wait for tasks of network %s: it was reset", r.id)
		}
		for _, e := range page.Endings {
			if !e.Withdrawn() && pending[e.Key] {
				delete(pending, e.Key)
				finished = finished && e.State == rush.Finished
			}
		}
		at = page.Next
		switch {
		case len(page.Endings) == 0 && len(pending) > 0:
			if err := r.someoneAlive(ctx, len(pending)); err != nil {
				return false, err
			}
		case len(pending) >= manyPending:
			gather(ctx)
		}
	}
	return finished, nil
}

// manyPending is from how many pending tasks on Wait lets endings gather
// before it reads on: it cannot return before all of them have ended, and
// being woken by each would take time from the workers.
const manyPending = 64

// gather lets endings come in for a moment.
func gather(ctx context.Context) {
	select {
	case <-time.After(5 * time.Millisecond):
	case <-ctx.Done():
	}
}

// waitStep is how long one wait for endings is, after which it is looked
// whether any worker is left.
const waitStep = time.Second

func (r *Rush) someoneAlive(ctx context.Context, pending int) error {
	if _, err := r.Sweep(ctx); err != nil {
		return err
	}
	alive, err := r.aliveOf(ctx, nil)
	if err != nil || len(alive) > 0 {
		return err
	}
	return fmt.Errorf("%d of the tasks have not ended, and network %s has no worker left that could evaluate them; start some", pending, r.id)
}
