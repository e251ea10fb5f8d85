package network_test

import (
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/network"
)

func TestWorkerConfigs(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		net := open(t, url)
		level := slog.LevelDebug
		want := network.WorkerConfig{
			Objective: "add", Args: rush.Values{"n": int64(3), "x": 3.0}, Constants: rush.Values{"b": []byte{1}},
			Queues: []string{"high", ""}, Heartbeat: network.Period(30 * time.Millisecond), Expiry: network.Period(time.Second), LogLevel: &level,
		}
		if _, err := net.WorkerConfig(within(t), "slow", 0); !errors.Is(err, rush.ErrTimeout) {
			t.Errorf("found %v; expected that there is none", err)
		}
		saved := make(chan error, 1)
		go func() { saved <- net.SaveWorkerConfig(within(t), "slow", want, false) }()
		got, err := net.WorkerConfig(within(t), "slow", time.Minute)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Fatalf("found %v (-want +got):\n%s", err, diff)
		}
		if err := <-saved; err != nil {
			t.Fatal(err)
		}
		other := network.WorkerConfig{Objective: "wait"}
		if err := net.SaveWorkerConfig(within(t), "slow", other, false); !errors.Is(err, rush.ErrExists) {
			t.Errorf("found %v; expected the first to stay", err)
		}
		if err := net.SaveWorkerConfig(within(t), "other", other, true); err != nil {
			t.Fatal(err)
		}
		if names, err := net.WorkerConfigs(within(t)); !cmp.Equal(names, []string{"other", "slow"}) || err != nil {
			t.Errorf("found %v, %v", names, err)
		}
		w := network.Workers{IDBase: "node"}
		got.Apply(&w)
		w.N, w.Args = 2, nil
		ids, err := net.StartWorkers(within(t), w)
		if err != nil || !cmp.Equal(ids, []rush.WorkerID{"node-1", "node-2"}) {
			t.Fatalf("found %v, %v", ids, err)
		}
		if alive, err := net.AwaitWorkers(within(t), network.Await{N: 2, IDs: ids[1:]}); err != nil || len(alive) != 2 {
			t.Errorf("found %v, %v", alive, err)
		}
		if _, err := net.AwaitWorkers(within(t), network.Await{IDs: []rush.WorkerID{"nobody"}}); !errors.Is(err, rush.ErrTimeout) {
			t.Errorf("found %v; expected that nobody is missing", err)
		}
		if now, err := net.CurrentTasks(within(t)); err != nil || !cmp.Equal(now, map[rush.WorkerID]rush.TaskKey{"node-1": rush.NoTask, "node-2": rush.NoTask}) {
			t.Errorf("found %v, %v; expected both to be idle", now, err)
		}
		if is, err := net.WorkerExists(within(t), "node-2"); !is || err != nil {
			t.Errorf("found %v, %v", is, err)
		}
		started := workerOf(t, net, ids[0])
		if started.Heartbeat != 30*time.Millisecond || started.Expiry != time.Second || len(started.Queues) == 0 {
			t.Errorf("found %+v; expected what the configuration says", started)
		}
		if deleted, err := net.DeleteWorkerConfig(within(t), "slow"); !deleted || err != nil {
			t.Errorf("found %v, %v", deleted, err)
		}
	})
}
