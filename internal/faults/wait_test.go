package faults_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/internal/redistest"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/rushworker"
)

// waits are the calls that block until something happens in the network.
func waits(net *network.Rush, w *rushworker.Worker) map[string]func(ctx context.Context) error {
	return map[string]func(ctx context.Context) error{
		"Wait":          func(ctx context.Context) error { _, err := net.Wait(ctx, 0); return err },
		"New":           func(ctx context.Context) error { _, err := net.New(ctx, time.Hour); return err },
		"AwaitFinished": func(ctx context.Context) error { _, err := net.AwaitFinished(ctx, time.Hour); return err },
		"Follow": func(ctx context.Context) error {
			_, err := net.Follow(ctx, rush.Cursor{}, rush.NoFields, time.Hour)
			return err
		},
		"Pop": func(ctx context.Context) error { _, err := w.Pop(ctx, time.Hour); return err },
	}
}

// waiting opens a network with a task that never ends, and who may wait.
func waiting(t *testing.T, url string) (*network.Rush, *rushworker.Worker) {
	t.Helper()
	s := newScene(t, url)
	net, err := network.Open(t.Context(), network.Config{Store: url, Network: s.id})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = net.Close() })
	w, err := rushworker.Open(t.Context(), rushworker.Config{Store: url, Network: s.id, ID: "w1", Expiry: time.Hour, Patience: -1})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.PushRunning(t.Context(), rush.Values{}); err != nil {
		t.Fatal(err)
	}
	return net, w
}

// expectEnds has all wait at once and expects each to end with an error that
// names the network and the store.
func expectEnds(ctx context.Context, t *testing.T, net *network.Rush, w *rushworker.Worker, is error) {
	t.Helper()
	var all sync.WaitGroup
	for name, wait := range waits(net, w) {
		all.Go(func() {
			err := wait(ctx)
			if err == nil || is != nil && !errors.Is(err, is) {
				t.Errorf("%s: found %v, expected it to wrap %v", name, err, is)
				return
			}
			for _, word := range []string{string(net.ID()), net.Address()} {
				if !strings.Contains(err.Error(), word) {
					t.Errorf("%s: %v\nexpected it to name %q", name, err, word)
				}
			}
		})
	}
	all.Wait()
}

func TestAWaitEndsWithItsDeadline(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		net, w := waiting(t, url)
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		expectEnds(ctx, t, net, w, context.DeadlineExceeded)
	})
}

func TestAWaitEndsWhenItsServerIsLost(t *testing.T) {
	t.Parallel()
	srv := redistest.Start(t, redistest.Options{})
	net, w := waiting(t, srv.URL())
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	stopped := make(chan struct{})
	time.AfterFunc(100*time.Millisecond, func() { // most wait by then
		defer close(stopped)
		srv.Stop()
	})
	expectEnds(ctx, t, net, w, nil)
	<-stopped
	if ctx.Err() != nil {
		t.Error("the deadline ended the waits, not the loss of the server")
	}
}

// Who waits for tasks learns that the last worker died: the one that it ran has
// failed, and nobody is left for the others.
func TestAWaitEndsWhenTheLastWorkerDies(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := newScene(t, url)
		net, err := network.Open(t.Context(), network.Config{Store: url, Network: s.id})
		if err != nil {
			t.Fatal(err)
		}
		defer net.Close()
		if _, err := net.StartWorkers(t.Context(), network.Workers{N: 1, Constants: rush.Values{"pause": int64(time.Hour)}}); err != nil {
			t.Fatal(err)
		}
		keys, err := net.Push(t.Context(), rush.Values{}, rush.Values{})
		if err != nil {
			t.Fatal(err)
		}
		workers, err := net.Workers(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		process, err := os.FindProcess(workers[0].PID)
		if err == nil {
			err = process.Kill()
		}
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), limit)
		defer cancel()
		_, err = net.Wait(ctx, keys...)
		if err == nil || !strings.Contains(err.Error(), "has no worker left") {
			t.Errorf("found %v, expected that no worker is left", err)
		}
		s.sound()
	})
}
