package redisstore_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/redistest"
	"github.com/rushnet/rush/internal/store"
)

// A server that forgets its scripts is sent them again.
func TestScriptFlush(t *testing.T) {
	t.Parallel()
	srv := redistest.Start(t, redistest.Options{})
	n := newNetwork(t, open(t, srv.URL()))
	register(t, n, "w1")
	flush := func() {
		t.Helper()
		if err := client(t, srv).ScriptFlush(t.Context()).Err(); err != nil {
			t.Fatal(err)
		}
	}
	flush()
	push(t, n, 5_000) // in several chunks
	flush()
	if turn, err := n.Next(t.Context(), store.Step{Worker: "w1", Nonce: 1, Pop: true}); err != nil || turn.Task == nil {
		t.Errorf("got %+v, %v after the scripts were flushed, want a task", turn, err)
	}
	checkCounts(t, n, rush.Counts{Created: 5_000, Queued: 4_999, Running: 1})
}

// Scripts may be flushed between the chunks of one call, too.
func TestScriptFlushWhileCreating(t *testing.T) {
	t.Parallel()
	srv := redistest.Start(t, redistest.Options{})
	n := newNetwork(t, open(t, srv.URL()))
	c := client(t, srv)
	ctx, cancel := context.WithCancel(t.Context())
	flushed := make(chan struct{})
	go func() {
		defer close(flushed)
		for ctx.Err() == nil {
			c.ScriptFlush(ctx)
		}
	}()
	keys := push(t, n, 30_000)
	cancel()
	<-flushed
	for i, key := range keys {
		if key != rush.TaskKey(i) {
			t.Fatalf("task %d got number %d", i, key)
		}
	}
	checkCounts(t, n, rush.Counts{Created: 30_000, Queued: 30_000})
}

// When the server goes away those who wait in it, and all others, get an
// error that says so; when it comes back with its data they go on.
func TestServerRestarts(t *testing.T) {
	t.Parallel()
	srv := redistest.Start(t, redistest.Options{Persist: true, Password: "geheim"})
	s := open(t, srv.URL())
	n := newNetwork(t, s)
	register(t, n, "w1")
	step := store.Step{Worker: "w1", Nonce: 1, Pop: true, Wait: time.Hour, Idle: true}
	waits := map[string]func() error{
		"next":       func() error { _, err := n.Next(t.Context(), step); return err },
		"ended":      func() error { _, err := n.Ended(t.Context(), rush.Cursor{}, 0, rush.NoFields, time.Hour); return err },
		"await mail": func() error { _, err := n.AwaitMail(t.Context(), "w1", store.Seen{}, time.Hour); return err },
	}
	left := make(chan error, len(waits))
	for _, wait := range waits {
		go func() { left <- wait() }()
	}
	awaitBlocked(t, srv, len(waits))
	srv.Stop()
	for range waits {
		checkUnavailable(t, srv, <-left)
	}
	_, err := n.Counts(t.Context())
	checkUnavailable(t, srv, err)
	checkUnavailable(t, srv, s.Ping(t.Context()))
	for _, wait := range waits {
		checkUnavailable(t, srv, wait())
	}

	srv.Start(t)
	if _, err := untilAvailable(t, func() (rush.Counts, error) { return n.Counts(t.Context()) }); err != nil {
		t.Fatal(err)
	}
	push(t, n, 1)
	if turn, err := n.Next(t.Context(), step); err != nil || turn.Task == nil {
		t.Errorf("got %+v, %v from the repeat after the restart, want the task", turn, err)
	}
	checkCounts(t, n, rush.Counts{Created: 1, Running: 1})
}

// untilAvailable repeats a verb, as callers do: the client notices only after
// a while that the server is back.
func untilAvailable[T any](t *testing.T, verb func() (T, error)) (T, error) {
	t.Helper()
	for {
		v, err := verb()
		if !store.Unavailable(err) || t.Context().Err() != nil {
			return v, err
		}
	}
}

// checkUnavailable reports an error that does not say which server is away,
// or that tells the password.
func checkUnavailable(t *testing.T, srv *redistest.Server, err error) {
	t.Helper()
	if !store.Unavailable(err) || !strings.Contains(err.Error(), srv.Addr()) || strings.Contains(err.Error(), "geheim") {
		t.Errorf("got error %v, want one that says that %s is unavailable, without the password", err, srv.Addr())
	}
}

// A caller whose time is over learns that, and why it took so long.
func TestServerStaysAway(t *testing.T) {
	t.Parallel()
	srv := redistest.Start(t, redistest.Options{})
	n := newNetwork(t, open(t, srv.URL()))
	srv.Stop()
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	<-ctx.Done()
	if _, err := n.Counts(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got error %v, want one that is context.DeadlineExceeded", err)
	}
}

// A server that loads its data, or is a replica now, is out of reach for now.
func TestReplicaIsUnavailable(t *testing.T) {
	t.Parallel()
	srv := redistest.Start(t, redistest.Options{})
	n := newNetwork(t, open(t, srv.URL()))
	// A replica of nobody keeps its data and refuses writes.
	c := client(t, srv)
	if err := c.Do(t.Context(), "replicaof", "127.0.0.1", "1").Err(); err != nil {
		t.Fatal(err)
	}
	_, err := n.Create(t.Context(), make([]store.NewTask, 1), "nonce")
	if !store.Unavailable(err) || !redis.IsReadOnlyError(err) {
		t.Errorf("got error %v, want READONLY, which is unavailable", err)
	}
	if err := c.Do(t.Context(), "replicaof", "no", "one").Err(); err != nil {
		t.Fatal(err)
	}
	if _, err := n.Create(t.Context(), make([]store.NewTask, 1), "nonce"); err != nil {
		t.Errorf("after it became a master again: %v", err)
	}
}
