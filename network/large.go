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
	limited bool // the network has a limit of values

	room     []byte // where values are encoded; what it has is the tasks'
	roomSize int

	captured rush.Values // of the task before, and the reference to it
	ref      rush.Reference
}

// newShortener returns a shortener for n tasks.
func (r *Rush) newShortener(ctx context.Context, n int) (*shortener, error) {
	const each, most = 64, 1 << 16 // bytes of encoded values for which room is made at once
	limited, err := r.Objects().Limited(ctx)
	return &shortener{objects: r.Objects(), limited: limited, roomSize: min(n*each, most)}, err
}

// task encodes a task.
func (s *shortener) task(ctx context.Context, n *store.NewTask, t *rush.Task) error {
	if !s.limited && len(t.Captured) == 0 {
		return s.encode(n, t)
	}
	short, held, err := s.shorten(ctx, t)
	if err != nil {
		return err
	}
	n.Objects = held
	return s.encode(n, short)
}

// shorten returns the task with references in place of what becomes an object,
// and the hashes of these.
func (s *shortener) shorten(ctx context.Context, t *rush.Task) (short *rush.Task, held []string, err error) {
	copied := *t
	short = &copied
	for _, v := range []struct {
		name   string
		values *rush.Values
	}{{"xs", &short.XS}, {"extra", &short.XSExtra}, {"ys", &short.YS}, {"ys extra", &short.YSExtra}} {
		values, hashes, err := s.objects.Extract(ctx, "", *v.values)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", v.name, err)
		}
		*v.values, held = values, append(held, hashes...)
	}
	if len(t.Captured) > 0 {
		if err := s.capture(ctx, t.Captured); err != nil {
			return nil, nil, err
		}
		short.XSExtra = maps.Clone(short.XSExtra)
		if short.XSExtra == nil {
			short.XSExtra = rush.Values{}
		}
		short.XSExtra[objects.CapturedName] = s.ref
		held = append(held, s.ref.Hash)
	}
	return short, held, nil
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

// createTasks creates n tasks. task gives each, which is only used until the
// next is asked for, and may change what becomes of it beside. It also returns
// what was made of them.
func (r *Rush) createTasks(ctx context.Context, n int, what string, task func(i int, n *store.NewTask) *rush.Task) ([]rush.TaskKey, []store.NewTask, error) {
	for again := true; ; again = false {
		news, err := r.newTasks(ctx, n, what, task)
		if err != nil {
			return nil, nil, err
		}
		keys, err := r.create(ctx, news)
		if errors.Is(err, rush.ErrNoObject) && again {
			continue // what was stored already was deleted with its last tag meanwhile
		}
		return keys, news, err
	}
}

// newTasks encodes n tasks; see createTasks.
func (r *Rush) newTasks(ctx context.Context, n int, what string, task func(i int, n *store.NewTask) *rush.Task) ([]store.NewTask, error) {
	if n == 0 {
		return nil, nil
	}
	s, err := r.newShortener(ctx, n)
	if err != nil {
		return nil, err
	}
	news := make([]store.NewTask, n)
	for i := range news {
		if err := s.task(ctx, &news[i], task(i, &news[i])); err != nil {
			return nil, fmt.Errorf("%s %d of %d: %w", what, i+1, n, err)
		}
	}
	return news, nil
}
