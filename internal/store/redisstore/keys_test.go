package redisstore_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/redistest"
	"github.com/rushnet/rush/internal/store"
)

// sharedClient returns a client of the server that the tests share.
func sharedClient(t testing.TB) *redis.Client {
	t.Helper()
	opts, err := redis.ParseURL(redistest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	c := redis.NewClient(opts)
	t.Cleanup(func() { c.Close() })
	return c
}

// used does something of every kind in a network.
func used(t *testing.T, n store.Network) {
	t.Helper()
	ctx := t.Context()
	register(t, n, "w1")
	register(t, n, "w2")
	push(t, n, 3)
	tasks := []store.NewTask{
		{Options: rush.Options{Queue: "high"}}, {DependsOn: []rush.TaskKey{0}}, {State: rush.Running, Worker: "w1"},
		{State: rush.Finished, YS: ys(t, 0)},
	}
	if _, err := n.Create(ctx, tasks, "nonce"); err != nil {
		t.Fatal(err)
	}
	for i, id := range []rush.WorkerID{"w1", "w2"} {
		if _, err := n.Next(ctx, store.Step{Worker: id, Nonce: 1, Claim: true, Pop: i == 1, Queues: []string{"high"}}); err != nil {
			t.Fatal(err)
		}
	}
	sent, err := n.Send(ctx, store.NewMessage{Command: rush.CommandPing}, uuid.NewString())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := n.Responses(ctx, sent.ID, nil, time.Millisecond); err != nil {
		t.Fatal(err)
	}
	if err := n.Respond(ctx, "w2", store.Answer{Message: sent.ID}); err != nil {
		t.Fatal(err)
	}
	if _, err := n.Send(ctx, store.NewMessage{Command: rush.CommandPing}, uuid.NewString()); err != nil {
		t.Fatal(err)
	}
	if _, err := n.EndWorker(ctx, store.WorkerEnd{ID: "w1", State: rush.WorkerKilled}); err != nil {
		t.Fatal(err)
	}
	register(t, n, "w3")
	if _, err := n.EndWorker(ctx, store.WorkerEnd{ID: "w3", State: rush.WorkerTerminated}); err != nil {
		t.Fatal(err)
	}
	if deleted, err := n.DeleteWorkers(ctx, []rush.WorkerID{"w3"}); err != nil || len(deleted) != 1 {
		t.Fatalf("got %v, %v, want w3 deleted", deleted, err)
	}
	if _, err := n.SignalWorkers(ctx, nil, rush.SignalTerminate); err != nil {
		t.Fatal(err)
	}
	if _, err := n.BeginRun(ctx); err != nil {
		t.Fatal(err)
	}
	objects := []store.Object{{Hash: "inline", Place: store.Inline}, {Hash: "file", Place: store.Reference, Path: "/file"}}
	if _, err := n.PutObjects(ctx, store.TaskTag(0), objects); err != nil {
		t.Fatal(err)
	}
}

// left returns the keys of a server that are not about to expire.
func left(t *testing.T, c *redis.Client) (keys []string) {
	t.Helper()
	all := c.Scan(t.Context(), 0, "*", 1000).Iterator()
	for all.Next(t.Context()) {
		ttl, err := c.TTL(t.Context(), all.Val()).Result()
		if err != nil {
			t.Fatal(err)
		}
		if ttl == -1 {
			keys = append(keys, all.Val())
		}
	}
	slices.Sort(keys)
	return keys
}

// Destroy leaves nothing, and a reset nothing of the old epoch.
func TestNothingIsLeft(t *testing.T) {
	t.Parallel()
	srv := redistest.Start(t, redistest.Options{})
	s, c := open(t, srv.URL()), client(t, srv)
	n := newNetwork(t, s)
	used(t, n)
	push(t, n, 12_000)
	for _, key := range left(t, c) {
		if key != "rush:networks" && !strings.HasPrefix(key, fmt.Sprintf("rush:{%s}:", n.ID())) {
			t.Errorf("the key %s does not belong to the network's slot", key)
		}
	}
	if err := n.Reset(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	if got, want := left(t, c), []string{"rush:networks", fmt.Sprintf("rush:{%s}:counters", n.ID()), fmt.Sprintf("rush:{%s}:net", n.ID())}; !slices.Equal(got, want) {
		t.Errorf("after the reset there are %q, want %q", got, want)
	}
	used(t, n)
	for _, tag := range []string{"kept", "dropped"} {
		if _, err := n.PutObjects(t.Context(), tag, []store.Object{{Hash: tag, Place: store.Offloaded, Path: "/" + tag}}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := n.DropObjectTags(t.Context(), []string{"dropped"}); err != nil {
		t.Fatal(err)
	}
	if err := s.Destroy(t.Context(), n.ID()); err != nil {
		t.Fatal(err)
	}
	if got := left(t, c); len(got) > 0 {
		t.Errorf("after the end there are %q", got)
	}
}

// A destroy that was interrupted is finished by its repeat; a network that
// was made under the same name meanwhile is another one.
func TestInterruptedDestroy(t *testing.T) {
	t.Parallel()
	srv := redistest.Start(t, redistest.Options{})
	s, c := open(t, srv.URL()), client(t, srv)
	n := newNetwork(t, s)
	push(t, n, 100)
	if err := s.Interrupted(t.Context(), n.ID()); err != nil {
		t.Fatal(err)
	}
	if _, err := n.Define(t.Context(), store.Definition{}); err != nil {
		t.Fatal(err)
	}
	checkCounts(t, n, rush.Counts{})
	push(t, n, 2)
	records, err := n.Records(t.Context(), []rush.TaskKey{1, 2}, rush.NoFields)
	if err != nil || records[0].State != rush.Queued || records[1].State != "" {
		t.Errorf("got %+v, %v, want one of two tasks", records, err)
	}
	for range 2 {
		if err := s.Destroy(t.Context(), n.ID()); err != nil {
			t.Fatal(err)
		}
	}
	if got := left(t, c); len(got) > 0 {
		t.Errorf("after the end there are %q", got)
	}
}

// An entry of the registry without a network is no network, and can be
// replaced.
func TestEmptyEntries(t *testing.T) {
	t.Parallel()
	srv := redistest.Start(t, redistest.Options{})
	s, c := open(t, srv.URL()), client(t, srv)
	if err := c.HSet(t.Context(), "rush:networks", "ghost", "ghost", "phantom", "phantom").Err(); err != nil {
		t.Fatal(err)
	}
	if infos, err := s.Networks(t.Context()); err != nil || len(infos) > 0 {
		t.Errorf("got %v, %v, want no network", infos, err)
	}
	n := newNetwork(t, s)
	if err := s.Rename(t.Context(), n.ID(), "ghost"); err != nil {
		t.Errorf("rename: %v", err)
	}
	if err := s.Rename(t.Context(), "phantom", "other"); err == nil {
		t.Error("a network that is none was renamed")
	}
	if _, err := s.Network("phantom").Define(t.Context(), store.Definition{}); err != nil {
		t.Errorf("define: %v", err)
	}
}

// Names and ids never clash, even if a name looks like the id of another.
func TestNamesakes(t *testing.T) {
	t.Parallel()
	s := open(t, redistest.Start(t, redistest.Options{}).URL())
	define := func(name rush.NetworkID, tasks int) {
		t.Helper()
		n := s.Network(name)
		if _, err := n.Define(t.Context(), store.Definition{Body: []byte(name)}); err != nil {
			t.Fatal(err)
		}
		push(t, n, tasks)
	}
	rename := func(from, to rush.NetworkID) {
		t.Helper()
		if err := s.Rename(t.Context(), from, to); err != nil {
			t.Fatal(err)
		}
	}
	define("a", 1)
	rename("a", "first")
	define("a", 2) // whose id is a~2
	define("a~2", 3)
	rename("a", "second")
	define("a", 4)
	for name, want := range map[rush.NetworkID]int64{"first": 1, "second": 2, "a~2": 3, "a": 4} {
		if got, err := s.Network(name).Counts(context.WithoutCancel(t.Context())); err != nil || got.Queued != want {
			t.Errorf("network %s: got %+v, %v, want %d tasks", name, got, err, want)
		}
	}
}

// A create's nonce belongs to one life of a network.
func TestNonceOfAnEarlierLife(t *testing.T) {
	t.Parallel()
	s := open(t, redistest.URL(t))
	n := s.Network(rush.NetworkID("test-" + uuid.NewString()))
	for life := range 2 {
		if _, err := n.Define(t.Context(), store.Definition{}); err != nil {
			t.Fatal(err)
		}
		for epoch := range 2 {
			if _, err := n.Create(t.Context(), make([]store.NewTask, 2), "design"); err != nil {
				t.Fatal(err)
			}
			if c, err := n.Counts(t.Context()); err != nil || c.Queued != 2 {
				t.Errorf("life %d, epoch %d: got %+v, %v, want two tasks", life, epoch, c, err)
			}
			if err := n.Reset(t.Context(), true); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Destroy(t.Context(), n.ID()); err != nil {
			t.Fatal(err)
		}
	}
}
