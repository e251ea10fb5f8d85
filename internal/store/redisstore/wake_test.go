package redisstore_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"
	"golang.org/x/sync/errgroup"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/redistest"
	"github.com/rushnet/rush/internal/store"
)

// client returns a client of a server of the test's own.
func client(t testing.TB, srv *redistest.Server) *redis.Client {
	t.Helper()
	opts, err := redis.ParseURL(srv.URL())
	if err != nil {
		t.Fatal(err)
	}
	c := redis.NewClient(opts)
	t.Cleanup(func() { c.Close() })
	return c
}

// info reads a line of what a server says of itself.
func info(t testing.TB, c *redis.Client, section, name string) string {
	t.Helper()
	all, err := c.InfoMap(t.Context(), section).Result()
	if err != nil {
		t.Fatal(err)
	}
	for _, lines := range all {
		if value, ok := lines[name]; ok {
			return value
		}
	}
	return ""
}

// awaitBlocked waits until so many clients are blocked.
func awaitBlocked(t testing.TB, srv *redistest.Server, count int) {
	t.Helper()
	c := client(t, srv)
	for ctx := t.Context(); ctx.Err() == nil; {
		if info(t, c, "clients", "blocked_clients") == strconv.Itoa(count) {
			return
		}
	}
	t.Fatalf("there never were %d blocked clients", count)
}

// steps is how often next.lua and the like were called.
func steps(t testing.TB, c *redis.Client) (calls int) {
	t.Helper()
	if _, err := fmt.Sscanf(info(t, c, "commandstats", "cmdstat_evalsha"), "calls=%d", &calls); err != nil {
		t.Fatal(err)
	}
	return calls
}

// Of 20 workers that wait as many are woken as there are tasks, and no more.
func TestPushWakesAsManyAsItHasTasks(t *testing.T) {
	t.Parallel()
	srv := redistest.Start(t, redistest.Options{})
	s := open(t, srv.URL())
	s.NeverLookAgain()
	n := newNetwork(t, s)
	const workers, tasks = 20, 5
	popped := make(chan rush.TaskKey, workers)
	ctx, cancel := context.WithCancel(t.Context())
	var g errgroup.Group
	for i := range workers {
		id := workerID(i)
		register(t, n, id)
		g.Go(func() error {
			turn, err := n.Next(ctx, store.Step{Worker: id, Nonce: 1, Pop: true, Wait: time.Hour, Idle: true})
			if ctx.Err() != nil {
				return nil
			}
			if turn.Task != nil {
				popped <- turn.Task.Key
			}
			return err
		})
	}
	awaitBlocked(t, srv, workers)
	c := client(t, srv)
	before := steps(t, c)
	push(t, n, tasks)
	for range tasks {
		<-popped
	}
	awaitBlocked(t, srv, workers-tasks)
	if got := steps(t, c) - before; got != 1+tasks {
		t.Errorf("%d scripts ran, want one to push and one for each of %d workers", got, tasks)
	}
	cancel()
	if err := g.Wait(); err != nil {
		t.Error(err)
	}
}

// No wake gets lost, whatever the workers listen to: they only look again
// when they are woken.
func TestNoWakeGetsLost(t *testing.T) {
	t.Parallel()
	srv := redistest.Start(t, redistest.Options{})
	s := open(t, srv.URL())
	s.NeverLookAgain()
	n := newNetwork(t, s)
	const workers, tasks = 20, 600
	queues := [][]string{nil, {"a", ""}, {"b", "a"}, {"b"}}
	var g errgroup.Group
	for i := range workers {
		id := workerID(i)
		register(t, n, id)
		g.Go(func() error { return workUntilStopped(t, n, id, queues[i%len(queues)]) })
	}
	g.Go(func() error {
		if err := pushAround(t, n, tasks); err != nil {
			return err
		}
		return awaitFinished(t, n, tasks)
	})
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	checkCounts(t, n, rush.Counts{Created: tasks, Finished: tasks})
}

func workUntilStopped(t *testing.T, n store.Network, id rush.WorkerID, queues []string) error {
	step := store.Step{Worker: id, Pop: true, Queues: queues, Wait: time.Hour, Idle: true}
	for {
		step.Nonce++
		turn, err := n.Next(t.Context(), step)
		if err != nil || turn.Stop != "" {
			return err
		}
		step.Done = nil
		if turn.Task != nil {
			step.Done = done(turn.Task.Key, []byte{0x80})
		}
	}
}

// pushAround queues tasks one by one or a few at once, in queues that some
// workers listen to.
func pushAround(t *testing.T, n store.Network, tasks int) error {
	for left := tasks; left > 0; {
		some := make([]store.NewTask, min(left, 1+rand.IntN(3)))
		for i := range some {
			some[i].Queue = []string{"", "a", "b", string(workerID(0))}[rand.IntN(4)]
		}
		left -= len(some)
		if _, err := n.Create(t.Context(), some, uuid.NewString()); err != nil {
			return err
		}
	}
	return nil
}

// awaitFinished waits for the endings and then stops the workers.
func awaitFinished(t *testing.T, n store.Network, tasks int) error {
	for page := (rush.Page{}); page.Next.Offset < int64(tasks); {
		var err error
		if page, err = n.Ended(t.Context(), page.Next, 0, rush.NoFields, time.Hour); err != nil {
			return err
		}
	}
	return n.RequestStop(t.Context(), rush.RunDone, "all is done")
}

// A waiter whose caller leaves does so at once, and leaves no connection
// behind that the next one would stumble on.
func TestWaiterLeaves(t *testing.T) {
	t.Parallel()
	srv := redistest.Start(t, redistest.Options{})
	s := open(t, srv.URL())
	s.NeverLookAgain()
	n := newNetwork(t, s)
	register(t, n, "w1")
	step := store.Step{Worker: "w1", Pop: true, Wait: time.Hour, Idle: true}
	for range 3 {
		ctx, cancel := context.WithCancel(t.Context())
		left := make(chan error, 1)
		step.Nonce++
		go func() {
			_, err := n.Next(ctx, step)
			left <- err
		}()
		awaitBlocked(t, srv, 1)
		cancel()
		if err := <-left; err == nil {
			t.Error("the waiter left without an error")
		}
		awaitBlocked(t, srv, 0)
	}
	step.Nonce++
	push(t, n, 1)
	if turn, err := n.Next(t.Context(), step); err != nil || turn.Task == nil {
		t.Errorf("got %+v, %v, want the task", turn, err)
	}
}

// Closing a store ends those who wait in it.
func TestCloseEndsWaiters(t *testing.T) {
	t.Parallel()
	srv := redistest.Start(t, redistest.Options{})
	s := open(t, srv.URL())
	n := newNetwork(t, s)
	left := make(chan error, 1)
	go func() {
		_, err := n.Ended(t.Context(), rush.Cursor{}, 0, rush.NoFields, time.Hour)
		left <- err
	}()
	awaitBlocked(t, srv, 1)
	s.Close()
	if err := <-left; err == nil || store.Unavailable(err) {
		t.Errorf("got %v, want an error that does not ask for a repeat", err)
	}
}
