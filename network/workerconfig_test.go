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
			IdleTimeout: network.Period(time.Hour), Grace: network.Period(time.Minute),
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
		if w.IdleTimeout != time.Hour || w.Grace != time.Minute || w.LogLevel != slog.LevelDebug {
			t.Errorf("found %+v; expected what the configuration says", w)
		}
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

// What the workers are given counts before their configuration, also where it
// is level info, which is zero; and a configuration can say info.
func TestAConfigurationFillsInWhatIsLeftOpen(t *testing.T) {
	t.Parallel()
	debug, info := slog.LevelDebug, slog.LevelInfo
	for _, tc := range []struct {
		given slog.Leveler
		saved *slog.Level
		want  slog.Leveler
	}{{nil, &info, slog.LevelInfo}, {slog.LevelInfo, &debug, slog.LevelInfo}, {slog.LevelWarn, nil, slog.LevelWarn}, {nil, nil, nil}} {
		w := network.Workers{LogLevel: tc.given, Grace: time.Second}
		c := network.WorkerConfig{LogLevel: tc.saved, Grace: network.Period(time.Minute), IdleTimeout: network.Period(time.Hour)}
		c.Apply(&w)
		if w.LogLevel != tc.want || w.Grace != time.Second || w.IdleTimeout != time.Hour {
			t.Errorf("given %v, saved %v: found %v, a grace of %v and an idle timeout of %v", tc.given, tc.saved, w.LogLevel, w.Grace, w.IdleTimeout)
		}
	}
}

func TestAConfigurationThatCannotBeIsRefused(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		net := open(t, url)
		for _, c := range []network.WorkerConfig{{Grace: -1}, {IdleTimeout: -1}, {Heartbeat: 2, Expiry: 1}} {
			if err := net.SaveWorkerConfig(within(t), "wrong", c, true); err == nil {
				t.Errorf("%+v was saved", c)
			}
		}
	})
}

// A worker that has nothing to do for as long as its configuration says ends.
func TestAConfigurationHasAnIdleTimeout(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		w := network.Workers{N: 1}
		(network.WorkerConfig{IdleTimeout: network.Period(50 * time.Millisecond)}).Apply(&w)
		ids, err := net.StartWorkers(ctx, w)
		if err != nil {
			t.Fatal(err)
		}
		<-net.LocalDone()
		if got := workerOf(t, net, ids[0]); got.State != rush.WorkerTerminated {
			t.Errorf("found %+v; expected it to have ended by itself", got)
		}
	})
}
