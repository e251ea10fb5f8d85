package network

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/objects"
)

// A shortener makes tasks ready for the store: values above the network's
// limit, and what tasks captured, become objects that the tasks will hold.
type shortener struct {
	objects *objects.Store

	captured rush.Values // of the task before, and the reference to it
	ref      rush.Reference
}

// task encodes a task.
func (s *shortener) task(ctx context.Context, t *rush.Task) (store.NewTask, error) {
	short := *t
	var held []string
	for _, v := range []struct {
		name   string
		values *rush.Values
	}{{"xs", &short.XS}, {"extra", &short.XSExtra}, {"ys", &short.YS}, {"ys extra", &short.YSExtra}} {
		values, hashes, err := s.objects.Extract(ctx, "", *v.values)
		if err != nil {
			return store.NewTask{}, fmt.Errorf("%s: %w", v.name, err)
		}
		*v.values, held = values, append(held, hashes...)
	}
	if len(t.Captured) > 0 {
		if err := s.capture(ctx, t.Captured); err != nil {
			return store.NewTask{}, err
		}
		short.XSExtra = maps.Clone(short.XSExtra)
		if short.XSExtra == nil {
			short.XSExtra = rush.Values{}
		}
		short.XSExtra[objects.CapturedName] = s.ref
		held = append(held, s.ref.Hash)
	}
	n, err := newTask(&short)
	n.Objects = held
	return n, err
}

// capture stores what a task captured, unless the one before had the same map.
func (s *shortener) capture(ctx context.Context, captured rush.Values) error {
	if reflect.ValueOf(captured).Pointer() == reflect.ValueOf(s.captured).Pointer() {
		return nil
	}
	ref, err := s.objects.Capture(ctx, captured)
	if err == nil {
		s.captured, s.ref = captured, ref
	}
	return err
}

// createTasks creates tasks; adjust, unless it is nil, changes each before.
func (r *Rush) createTasks(ctx context.Context, tasks []rush.Task, what string, adjust func(i int, n *store.NewTask)) ([]rush.TaskKey, error) {
	for again := true; ; again = false {
		s := &shortener{objects: r.Objects()}
		news := make([]store.NewTask, len(tasks))
		for i := range tasks {
			var err error
			if news[i], err = s.task(ctx, &tasks[i]); err != nil {
				return nil, fmt.Errorf("%s %d of %d: %w", what, i+1, len(tasks), err)
			}
			if adjust != nil {
				adjust(i, &news[i])
			}
		}
		keys, err := r.create(ctx, news)
		if errors.Is(err, rush.ErrNoObject) && again {
			continue // what was stored already was deleted with its last tag meanwhile
		}
		return keys, err
	}
}
