package sqlitestore

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// childWrite stays in a transaction until its input ends.
func childWrite(ctx context.Context, _ *Store, n store.Network) error {
	err := n.(*network).write(context.WithoutCancel(ctx), "stay", func(*txn) error {
		fmt.Println("writing")
		<-ctx.Done()
		return nil
	})
	fmt.Println("written", err)
	return err
}

// hold locks the lock file of a store as another process does.
func hold(t *testing.T, s *Store) (release func()) {
	t.Helper()
	lock, err := openLock(s.path + "-lock")
	if err != nil {
		t.Fatal(err)
	}
	if err := lock.exclusive(); err != nil {
		t.Fatal(err)
	}
	return func() { lock.close() }
}

func TestACallerLeavesWhileTheStoreIsLocked(t *testing.T) {
	t.Parallel()
	s := open(t, filepath.Join(t.TempDir(), "rush.db"), nil)
	n := define(t, s)
	release := hold(t, s)
	ctx, cancel := context.WithCancel(t.Context())
	left := make(chan error, 3)
	for i := range 3 {
		go func() {
			_, err := push(ctx, n, fmt.Sprint(i), 1)
			left <- err
		}()
	}
	for !s.writer.blocked.Load() {
		if t.Context().Err() != nil {
			t.Fatal("no writer waits for the lock")
		}
	}
	cancel()
	for range 3 {
		if err := <-left; !errors.Is(err, context.Canceled) {
			t.Errorf("got error %v, want context.Canceled", err)
		}
	}
	release()
	keys, err := push(t.Context(), n, "after", 1)
	if err != nil || keys[0] != 0 {
		t.Errorf("got %v, %v, want the first task: those who left have changed nothing", keys, err)
	}
}

func TestCloseFreesThoseWhoWait(t *testing.T) {
	t.Parallel()
	s := open(t, filepath.Join(t.TempDir(), "rush.db"), nil)
	n := define(t, s)
	if err := n.Register(t.Context(), rush.Worker{ID: "w"}); err != nil {
		t.Fatal(err)
	}
	verbs := []func() error{
		func() error { _, err := n.Ended(t.Context(), rush.Cursor{}, 0, rush.NoFields, time.Hour); return err },
		func() error { _, err := n.AwaitMail(t.Context(), "w", store.Seen{}, time.Hour); return err },
		func() error {
			_, err := n.Next(t.Context(), store.Step{Worker: "w", Nonce: 1, Pop: true, Wait: time.Hour, Idle: true})
			return err
		},
	}
	freed := make(chan error, len(verbs))
	for _, verb := range verbs {
		go func() { freed <- verb() }()
	}
	for waiting := 0; waiting < len(verbs); {
		waiting = 0
		for _, h := range []*hub{s.hub, s.signals, s.entries} {
			h.mu.Lock()
			waiting += len(h.waiters)
			h.mu.Unlock()
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for range verbs {
		if err := <-freed; !errors.Is(err, ErrClosed) {
			t.Errorf("got error %v, want ErrClosed", err)
		}
	}
	if _, err := n.Counts(t.Context()); !errors.Is(err, ErrClosed) {
		t.Errorf("counts: got error %v, want ErrClosed", err)
	}
	if _, err := push(t.Context(), n, "nonce", 1); !errors.Is(err, ErrClosed) {
		t.Errorf("push: got error %v, want ErrClosed", err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("closing again: %v", err)
	}
}

// Requests that wait together share a transaction; one that fails takes back
// its own changes only.
func TestAFailedRequestDoesNotSpoilItsGroup(t *testing.T) {
	t.Parallel()
	s := open(t, filepath.Join(t.TempDir(), "rush.db"), nil)
	n := define(t, s).(*network)
	release := hold(t, s)
	const requests = 10
	errs := make([]error, requests)
	done := make(chan int)
	for i := range requests {
		go func() {
			errs[i] = n.write(t.Context(), "test", func(tx *txn) error {
				if _, err := tx.queueID(fmt.Sprint("queue ", i)); err != nil {
					return err
				}
				if i%3 == 1 {
					return errors.New("no")
				}
				return nil
			})
			done <- i
		}()
	}
	for !s.writer.blocked.Load() {
		if t.Context().Err() != nil {
			t.Fatal("no writer waits for the lock")
		}
	}
	release()
	want := 1 // the shared queue
	for range requests {
		<-done
	}
	for i, err := range errs {
		if fails := i%3 == 1; fails != (err != nil) {
			t.Errorf("request %d: got error %v", i, err)
		} else if !fails {
			want++
		}
	}
	err := n.read(t.Context(), "test", func(tx *txn) error {
		ids, err := tx.queueIDs()
		if len(ids) != want || tx.net.queues != int64(want) {
			t.Errorf("got the queues %v, and %d counted; want %d", ids, tx.net.queues, want)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
