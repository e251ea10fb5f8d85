package network

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/wire"
)

// Push queues one task for each xs and returns their numbers. None is queued
// if one of them cannot be; no xs do nothing.
func (r *Rush) Push(ctx context.Context, xss ...rush.Values) ([]rush.TaskKey, error) {
	var task rush.Task
	return r.push(ctx, len(xss), func(i int, _ *store.NewTask) *rush.Task {
		task.XS = xss[i]
		return &task
	})
}

// PushTasks creates tasks as they are given and returns their numbers: XS,
// XSExtra, Options, DependsOn, After and Captured, and the State, queued when it
// is empty. A task that waits for another one of the same call names it with
// After; its number, not known before, is rush.ErrNoTask in DependsOn. Values above the network's limit are kept in its object store. A
// task may also be created finished, with YS and YSExtra, or failed, with a
// Condition. The numbers are the store's choice. None is created if one of
// them is not well formed.
func (r *Rush) PushTasks(ctx context.Context, tasks []rush.Task) ([]rush.TaskKey, error) {
	return r.push(ctx, len(tasks), func(i int, _ *store.NewTask) *rush.Task { return &tasks[i] })
}

// push creates n tasks; see createTasks.
func (r *Rush) push(ctx context.Context, n int, task func(i int, n *store.NewTask) *rush.Task) ([]rush.TaskKey, error) {
	keys, news, err := r.createTasks(ctx, n, fmt.Sprintf("push to network %s: task", r.id), task)
	if err == nil {
		r.warnOfDeafQueues(ctx, queuesOf(news))
	}
	return keys, err
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
			if err == nil && len(task.After) > 0 {
				err = errors.New("it names others by their index (After); the rows of a design have numbers for DependsOn")
			}
			if err != nil {
				return fmt.Errorf("design row %d of %d: %w", i+1, n, err)
			}
			tasks = append(tasks, task)
		}
		numbered := func(i int, n *store.NewTask) *rush.Task {
			n.Fixed, n.Key = true, rush.TaskKey(from+int64(i))
			return &tasks[i]
		}
		if _, _, err := r.createTasks(ctx, len(tasks), fmt.Sprintf("design from row %d of %d on: row", from+1, n), numbered); err != nil {
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

// encode encodes a task, whose values are small or references.
func (s *shortener) encode(n *store.NewTask, t *rush.Task) (err error) {
	n.State, n.Options, n.DependsOn, n.After = t.State, t.Options, t.DependsOn, t.After
	n.Queue = queueName(t.Queue)
	if n.XS, err = s.values(t.XS); err != nil {
		return fmt.Errorf("xs: %w", err)
	}
	if n.XSExtra, err = wire.Encode(t.XSExtra); err != nil {
		return fmt.Errorf("extra: %w", err)
	}
	switch t.State {
	case "", rush.Queued, rush.Deferred:
	case rush.Finished:
		if n.YS, err = s.values(t.YS); err != nil {
			return fmt.Errorf("ys: %w", err)
		}
		if n.YSExtra, err = wire.Encode(t.YSExtra); err != nil {
			return fmt.Errorf("ys extra: %w", err)
		}
	case rush.Failed:
		c := t.Condition
		if c == nil {
			c = rush.DefaultCondition()
		}
		if n.Condition, err = wire.EncodeCondition(c); err != nil {
			return err
		}
	default:
		return fmt.Errorf("it cannot be created %s; expected queued, finished or failed", t.State)
	}
	return nil
}

// values encodes values. They share memory with those of other tasks, which
// takes fewer allocations.
func (s *shortener) values(v rush.Values) ([]byte, error) {
	if s.room == nil {
		s.room = make([]byte, 0, s.roomSize)
	}
	from := len(s.room)
	b, err := wire.AppendMap(s.room, v)
	if err != nil {
		return nil, err
	}
	if cap(b) == cap(s.room) {
		s.room = b
	} else {
		s.room = nil // there was too little left
	}
	return b[from:len(b):len(b)], nil
}
