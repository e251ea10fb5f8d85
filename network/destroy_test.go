package network_test

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/objects"
)

// openDoomed opens a new network that the test destroys.
func openDoomed(t *testing.T, url string) *network.Rush {
	t.Helper()
	net, err := network.Open(t.Context(), network.Config{Store: url, Network: rush.NetworkID("test-" + uuid.NewString())})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = net.Close() })
	return net
}

func TestDestroyStopsTheWorkersAndLeavesNothing(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		for _, stop := range []rush.Signal{rush.SignalNone, rush.SignalTerminate} {
			net := openDoomed(t, url)
			if _, err := net.StartWorkers(within(t), network.Workers{N: 2, Objective: "add"}); err != nil {
				t.Fatal(err)
			}
			if err := net.Destroy(within(t), network.DestroyOptions{Stop: network.Stop{Signal: stop}}); err != nil {
				t.Fatal(err)
			}
			<-net.LocalDone()
			if _, err := net.Counts(within(t)); !errors.Is(err, rush.ErrNoNetwork) {
				t.Errorf("found %v; expected that there is no network", err)
			}
		}
	})
}

func TestDestroyLaterIsObservedByWhoeverComes(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		net := openDoomed(t, url)
		if err := net.Destroy(within(t), network.DestroyOptions{After: time.Hour}); err != nil {
			t.Fatal(err)
		}
		st, err := network.OpenStore(within(t), url)
		if err != nil {
			t.Fatal(err)
		}
		defer st.Close()
		for _, n := range networksOf(t, st) {
			if n.ID == net.ID() && n.Expires.IsZero() {
				t.Errorf("found %+v; expected the time when it will be destroyed", n)
			}
		}
		if err := net.Expire(within(t), time.Millisecond); err != nil {
			t.Fatal(err)
		}
		for found := true; found; {
			if found, err = st.Exists(within(t), net.ID()); err != nil {
				t.Fatal(err)
			}
		}
		for _, n := range networksOf(t, st) {
			if n.ID == net.ID() {
				t.Errorf("it is still listed: %+v", n)
			}
		}
	})
}

func networksOf(t *testing.T, st *network.Store) []network.Info {
	t.Helper()
	all, err := st.Networks(within(t))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// A worker that could not be told finds no network, and ends.
func TestWorkersOfADestroyedNetworkEnd(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		net := openDoomed(t, url)
		workers := network.Workers{N: 1, Objective: "wait", Heartbeat: 20 * time.Millisecond, Expiry: 100 * time.Millisecond}
		if _, err := net.StartWorkers(within(t), workers); err != nil {
			t.Fatal(err)
		}
		if _, err := net.Push(within(t), rush.Values{"x": 1}); err != nil {
			t.Fatal(err)
		}
		for started := int64(0); started == 0; {
			c, err := net.Counts(within(t))
			if err != nil {
				t.Fatal(err)
			}
			started = c.Running + c.Failed // as lost, when the machine is slow
		}
		st, err := network.OpenStore(within(t), url)
		if err != nil {
			t.Fatal(err)
		}
		defer st.Close()
		if err := st.Destroy(within(t), net.ID()); err != nil {
			t.Fatal(err)
		}
		select {
		case <-net.LocalDone():
		case <-within(t).Done():
			t.Error("the worker goes on in a network that is gone")
		}
	})
}

func TestResetOfDataOrOfWorkersToo(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		net := open(t, url)
		ids, err := net.StartWorkers(within(t), network.Workers{N: 1, Objective: "add"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := net.Push(within(t), rush.Values{"x1": 1, "x2": 2}); err != nil {
			t.Fatal(err)
		}
		if err := net.Reset(within(t), network.ResetOptions{}); err != nil {
			t.Fatal(err)
		}
		keys, err := net.Push(within(t), rush.Values{"x1": 1, "x2": 2}) // the worker goes on
		if err != nil || keys[0] != 0 {
			t.Fatalf("found %v, %v; expected the numbers to begin anew", keys, err)
		}
		if ok, err := net.Wait(within(t), keys...); !ok || err != nil {
			t.Fatalf("found %v, %v", ok, err)
		}
		opts := network.ResetOptions{Workers: true, Stop: network.Stop{Signal: rush.SignalTerminate, Timeout: time.Minute}}
		if err := net.Reset(within(t), opts); err != nil {
			t.Fatal(err)
		}
		list, err := net.Workers(within(t))
		counts, err2 := net.Counts(within(t))
		if err != nil || err2 != nil || len(list) > 0 || counts != (rush.Counts{}) {
			t.Errorf("found the workers %v (%v), %+v (%v); expected %s to be forgotten and no task", list, err, counts, err2, ids[0])
		}
	})
}

// The files of a network whose time is over are removed by who opens the store
// next, or another network of it.
func TestTheFilesOfAnExpiredNetworkAreRemoved(t *testing.T) {
	t.Parallel()
	come := map[string]func(t *testing.T, url string){
		"the store":       func(t *testing.T, url string) { _ = openStore(t, url).Close() },
		"another network": func(t *testing.T, url string) { open(t, url) },
		"a doctor": func(t *testing.T, url string) {
			st := openStore(t, url)
			defer st.Close()
			if _, err := st.Repair(within(t)); err != nil {
				t.Error(err)
			}
		},
	}
	eachstore.Run(t, func(t *testing.T, url string) {
		for who, comes := range come {
			dir := t.TempDir()
			net := openDoomed(t, url)
			if err := net.Objects().SetLimits(within(t), objects.Limits{Inline: 1, Directory: dir}); err != nil {
				t.Fatal(err)
			}
			if _, err := net.Objects().Put(within(t), "a", strings.NewReader("more than a byte")); err != nil {
				t.Fatal(err)
			}
			if err := net.Destroy(within(t), network.DestroyOptions{After: time.Millisecond}); err != nil {
				t.Fatal(err)
			}
			for gone := false; !gone; {
				_, err := net.Counts(within(t))
				gone = errors.Is(err, rush.ErrNoNetwork)
			}
			comes(t, url)
			if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
				t.Errorf("after %s was opened there are %v, %v; expected nothing", who, left, err)
			}
		}
	})
}

func openStore(t *testing.T, url string) *network.Store {
	t.Helper()
	st, err := network.OpenStore(within(t), url)
	if err != nil {
		t.Fatal(err)
	}
	return st
}
