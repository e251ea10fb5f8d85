package network_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/network"
)

// parent tells which process started that of the worker.
func parent(context.Context, *loops.Evaluation) (rush.Values, error) {
	return rush.Values{"pid": os.Getppid()}, nil
}

// startDetached starts detached workers of a manager that is closed then. They
// do not outlive the test.
func startDetached(t *testing.T, url string, id rush.NetworkID, w network.Workers) {
	t.Helper()
	ctx := within(t)
	net, err := network.Open(ctx, network.Config{Store: url, Network: id})
	if err != nil {
		t.Fatal(err)
	}
	w.Detach, w.DetachLog = true, filepath.Join(t.TempDir(), "workers", "log")
	if _, err := net.StartWorkers(ctx, w); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx := context.WithoutCancel(ctx)
		net, err := network.Open(ctx, network.Config{Store: url, Network: id})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := net.StopWorkers(ctx, rush.SignalKill); err != nil {
			t.Error(err)
		}
		_ = net.Close()
	})
	if n := len(net.LocalWorkers()); n != 0 {
		t.Errorf("found %d local workers; expected the detached ones not to be among them", n)
	}
	if err := net.Close(); err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(w.DetachLog); err != nil {
		t.Errorf("found %q, %v of what they print", b, err)
	}
}

// Detached workers go on without the manager that started them: others see
// them, give them work, and stop or kill them.
func TestDetachedWorkersOutliveTheirManager(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		startDetached(t, url, net.ID(), network.Workers{
			IDs: []rush.WorkerID{"scales", "stays"}, Objective: "scale", Constants: rush.Values{"factor": 3.0, "text": "far"}, Queues: []string{"far"},
		})
		if alive, err := net.AwaitWorkers(ctx, network.Await{IDs: []rush.WorkerID{"scales", "stays"}}); err != nil || len(alive) != 2 {
			t.Fatalf("found %v, %v; expected both to be alive", alive, err)
		}
		keys, err := net.PushBatch(ctx, network.Batch{XS: []rush.Values{{"x": []float64{2}}}, Queues: []string{"far"}})
		if err != nil {
			t.Fatal(err)
		}
		if ok, err := net.Wait(ctx, keys...); !ok || err != nil {
			t.Fatalf("found %v, %v; expected it to finish", ok, err)
		}
		same(t, "ys", oneTask(t, ctx, net, keys[0]).YS, rush.Values{"x": []any{6.0}, "text": "far"})

		if _, err := net.StopWorkers(ctx, rush.SignalTerminate, "scales"); err != nil {
			t.Fatal(err)
		}
		if w := workerOf(t, net, "scales"); w.State != rush.WorkerTerminated {
			t.Errorf("found %+v; expected it to have terminated", w)
		}
		if w := workerOf(t, net, "stays"); w.State != rush.WorkerRunning {
			t.Errorf("found %+v; expected it to run", w)
		}
		if _, err := net.StopWorkers(ctx, rush.SignalKill, "stays"); err != nil {
			t.Fatal(err)
		}
		if w := workerOf(t, net, "stays"); w.State != rush.WorkerKilled {
			t.Errorf("found %+v; expected it to be killed", w)
		}
	})
}

// A start that fails says why, and nothing of it is left.
func TestDetachedWorkersThatCannotStartSayWhy(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		log := filepath.Join(t.TempDir(), "log")
		for _, tc := range []struct {
			name string
			w    network.Workers
			want string
		}{
			{"a worker that cannot start", network.Workers{N: 2, Loop: "broken"}, "the loop has no wheels"},
			{"a program that is none of ours", network.Workers{Command: []string{"/bin/sh", "-c", "echo no license found >&2; exit 3"}, N: 1}, "no license found"},
			{"a function", network.Workers{N: 1, Output: func(rush.WorkerID, string, string) {}}, "and Output is one"},
		} {
			tc.w.Detach, tc.w.DetachLog = true, log
			if _, err := net.StartWorkers(ctx, tc.w); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("%s: got %v, want %q", tc.name, err, tc.want)
			}
		}
		if alive, err := net.AwaitWorkers(ctx, network.Await{}); err != nil || len(alive) != 0 {
			t.Errorf("found %v, %v; expected no worker", alive, err)
		}
	})
}

func TestGoroutinesCannotBeDetached(t *testing.T) {
	t.Parallel()
	net := open(t, t.TempDir()+"/rush.db")
	if _, err := net.StartInProcess(t.Context(), network.Workers{N: 1, Detach: true}, nil); err == nil || !strings.Contains(err.Error(), "Detach") {
		t.Errorf("got %v, want it refused", err)
	}
}

// A program whose main does not serve is not run once more as if it were begun.
func TestAHostThatIsNotServedSaysSo(t *testing.T) {
	for name, want := range map[string]string{
		"RUSH_TEST_NOT_SERVED": "does not call network.Serve", "RUSH_TEST_PLUGIN": "it calls plugins.Serve; expected network.Serve",
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(name, "1")
			net := open(t, t.TempDir()+"/rush.db")
			_, err := net.StartWorkers(within(t), network.Workers{N: 1, Detach: true, DetachLog: filepath.Join(t.TempDir(), "log")})
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("got %v, want %q", err, want)
			}
		})
	}
}
