package faults_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/redistest"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/rushworker"
)

const password = "pa55-w0rd"

// noCall are the verbs that may end without a call of the store, and why.
var noCall = map[string]string{
	"StopLocal":      "the manager has started no worker",
	"RestartWorkers": "the manager has started no worker",
	"PushBatch":      "the batch is empty",
}

// A way is how a verb is kept from its store.
type way struct {
	name string
	ctx  func(ctx context.Context) (context.Context, context.CancelFunc)
	is   error // what the error wraps
	lost bool  // the store is taken away
}

func ways() []way {
	plain := func(ctx context.Context) (context.Context, context.CancelFunc) { return context.WithCancel(ctx) }
	return []way{
		{name: "canceled", is: context.Canceled, ctx: func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(ctx)
			cancel()
			return ctx, cancel
		}},
		{name: "deadline", is: context.DeadlineExceeded, ctx: func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithDeadline(ctx, time.Unix(0, 0))
		}},
		{name: "lost", lost: true, ctx: plain},
	}
}

// A subject is what the verbs are called on, in a store that can be lost.
type subject struct {
	url     string
	address string // as errors name it
	lose    func() // takes the store away
}

func subjects(t *testing.T) map[string]func(t *testing.T) subject {
	return map[string]func(t *testing.T) subject{
		"embedded": func(t *testing.T) subject {
			dir := filepath.Join(t.TempDir(), "data")
			path := filepath.Join(dir, "rush.db")
			return subject{path, path, func() {
				if err := os.RemoveAll(dir); err != nil {
					t.Error(err)
				}
			}}
		},
		"redis": func(t *testing.T) subject {
			srv := redistest.Start(t, redistest.Options{Password: password})
			return subject{srv.URL(), srv.Addr(), srv.Stop}
		},
	}
}

// Every verb of a manager and of a worker ends when its context is over or its
// store is lost, with an error that says which network, worker and store it is
// about, and not the store's password.
func TestErrorsNameTheirSubject(t *testing.T) {
	t.Parallel()
	for name, prepare := range subjects(t) {
		for _, w := range ways() {
			t.Run(name+" "+w.name, func(t *testing.T) {
				t.Parallel()
				s := prepare(t)
				managers, workers := verbsOf(reflect.TypeFor[*network.Rush]()), verbsOf(reflect.TypeFor[*rushworker.Worker]())
				if len(managers) < 20 || len(workers) < 15 {
					t.Fatalf("found %d and %d verbs only", len(managers), len(workers))
				}
				var calls []func()
				for _, v := range managers {
					net := s.manager(t)
					calls = append(calls, func() { s.check(t, w, v, net, "network test") })
				}
				for _, v := range verbsOf(reflect.TypeFor[*network.Store]()) {
					st := s.store(t)
					calls = append(calls, func() { s.check(t, w, v, st, "") })
				}
				for i, v := range workers {
					worker := s.worker(t, i)
					about := "worker " + string(worker.ID())
					if ofNetwork(v) {
						about = "network test"
					}
					calls = append(calls, func() { s.check(t, w, v, worker, about) })
				}
				if w.lost {
					s.lose()
				}
				var all sync.WaitGroup
				for _, call := range calls {
					all.Go(call)
				}
				all.Wait()
			})
		}
	}
}

// ofNetwork reports whether a worker's verb is about its network only.
func ofNetwork(v verb) bool {
	_, reads := reflect.TypeFor[*rushworker.Archive]().MethodByName(v.name)
	_, shares := reflect.TypeFor[*rushworker.Hashes]().MethodByName(v.name)
	return reads || shares
}

func (s subject) manager(t *testing.T) *network.Rush {
	t.Helper()
	net, err := network.Open(t.Context(), network.Config{Store: s.url, Network: "test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = net.Close() })
	if c, err := net.Counts(t.Context()); err == nil && c.Created == 0 {
		if _, err := net.Push(t.Context(), rush.Values{"x": 1.0}); err != nil {
			t.Fatal(err)
		}
	}
	return net
}

func (s subject) store(t *testing.T) *network.Store {
	t.Helper()
	st, err := network.OpenStore(t.Context(), s.url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	return st
}

func (s subject) worker(t *testing.T, i int) *rushworker.Worker {
	t.Helper()
	w, err := rushworker.Open(t.Context(), rushworker.Config{
		Store: s.url, Network: "test", ID: rush.WorkerID(fmt.Sprintf("hand-%02d", i)), Patience: -1,
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func (s subject) check(t *testing.T, w way, v verb, on any, about string) {
	t.Helper()
	if noCall[v.name] != "" {
		return
	}
	ctx, cancel := w.ctx(t.Context())
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- v.call(ctx, on) }()
	var err error
	select {
	case err = <-done:
	case <-time.After(limit):
		t.Errorf("%T.%s did not end", on, v.name)
		return
	}
	switch {
	case err == nil:
		t.Errorf("%T.%s found no fault", on, v.name)
		return
	case w.is != nil && !errors.Is(err, w.is):
		t.Errorf("%T.%s: %v; expected it to wrap %q", on, v.name, err, w.is)
	case strings.Contains(err.Error(), password):
		t.Errorf("%T.%s: the error has the password: %v", on, v.name, err)
	}
	for _, word := range []string{about, s.address} {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("%T.%s: %v\nexpected it to name %q", on, v.name, err, word)
		}
	}
}
