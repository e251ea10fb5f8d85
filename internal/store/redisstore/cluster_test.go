package redisstore_test

import (
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/redistest"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/store/storetest"
)

// startCluster starts a Cluster of one node, which has all slots, and returns
// its URL.
func startCluster(t testing.TB) string {
	t.Helper()
	srv := redistest.Start(t, redistest.Options{Args: []string{"--cluster-enabled", "yes"}})
	c := client(t, srv)
	if err := c.ClusterAddSlotsRange(t.Context(), 0, 16383).Err(); err != nil {
		t.Fatal(err)
	}
	for ctx := t.Context(); ctx.Err() == nil; {
		state, err := c.ClusterInfo(ctx).Result()
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(state, "cluster_state:ok") {
			break
		}
	}
	return "redis+cluster://" + srv.Addr()
}

// The whole contract holds on a Cluster, which refuses scripts whose keys are
// in different slots.
func TestCluster(t *testing.T) {
	url := startCluster(t)
	storetest.Run(t, func(t *testing.T) store.Store { return open(t, url) })
}

// A store behind Sentinels is found by the name of its master.
func TestSentinel(t *testing.T) {
	t.Parallel()
	master := redistest.Start(t, redistest.Options{})
	_, port, err := net.SplitHostPort(master.Addr())
	if err != nil {
		t.Fatal(err)
	}
	sentinel := redistest.Start(t, redistest.Options{
		Config: fmt.Sprintf("sentinel monitor mymaster 127.0.0.1 %s 1\n", port),
		Args:   []string{"--sentinel"},
	})
	s := open(t, "redis+sentinel://"+sentinel.Addr()+"?master_name=mymaster")
	n := newNetwork(t, s)
	register(t, n, "w1")
	turns := make(chan store.Turn, 1)
	go func() {
		defer close(turns)
		turn, err := n.Next(t.Context(), store.Step{Worker: "w1", Nonce: 1, Pop: true, Wait: time.Hour, Idle: true})
		if err != nil {
			t.Error(err)
		}
		turns <- turn
	}()
	awaitBlocked(t, master, 1)
	push(t, n, 2_500)
	if turn := <-turns; turn.Task == nil {
		t.Errorf("got %+v, want a task", turn)
	}
	checkCounts(t, n, rush.Counts{Created: 2_500, Queued: 2_499, Running: 1})
}
