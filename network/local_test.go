package network_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/network"
)

// handle returns the handle of a local worker.
func handle(t *testing.T, net *network.Rush, id rush.WorkerID) *network.LocalWorker {
	t.Helper()
	l, ok := net.LocalWorker(id)
	if !ok || l.ID() != id {
		t.Fatalf("found %v, %v; expected the handle of worker %s", l, ok, id)
	}
	return l
}

// endOf waits for the end of a local worker.
func endOf(t *testing.T, l *network.LocalWorker) network.LocalEnd {
	t.Helper()
	end, err := l.Wait(within(t))
	if err != nil {
		t.Fatal(err)
	}
	return end
}

// A manager knows the processes of its workers: their numbers, what they print
// and how they end.
func TestHandlesOfLocalWorkers(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		ids, err := net.StartWorkers(ctx, network.Workers{IDs: []rush.WorkerID{"dies", "killed", "ends"}, LogDir: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range ids {
			if l, w := handle(t, net, id), workerOf(t, net, id); l.PID() != w.PID || l.State() != rush.WorkerRunning {
				t.Errorf("found process %d, %s; expected process %d to run", l.PID(), l.State(), w.PID)
			}
		}
		ended, cancel := context.WithCancel(ctx)
		cancel()
		if _, err := handle(t, net, "ends").Wait(ended); !errors.Is(err, context.Canceled) {
			t.Errorf("found error %v of a wait that was given up", err)
		}

		dies := handle(t, net, "dies")
		if _, err := net.PushBatch(ctx, network.Batch{
			XS: []rush.Values{{}}, Workers: []rush.WorkerID{"dies"}, Functions: []string{"exit"},
		}); err != nil {
			t.Fatal(err)
		}
		if end := endOf(t, dies); end.State != rush.WorkerLost || end.ExitCode != 7 || !strings.Contains(end.Stderr, "so to speak") {
			t.Errorf("found %+v; expected exit code 7, and what was printed", end)
		}
		_, stderr := dies.Files()
		if printed, err := os.ReadFile(stderr); err != nil || !strings.Contains(string(printed), "so to speak") {
			t.Errorf("found %q, %v in the file of what was printed", printed, err)
		}

		killed := handle(t, net, "killed")
		killed.Kill("enough")
		killed.Kill("once more")
		end := endOf(t, killed)
		if end.State != rush.WorkerKilled || end.Reason != "enough" || end.Signal != "killed" || end.ExitCode != -1 {
			t.Errorf("found %+v; expected it to be killed", end)
		}
		if w := workerOf(t, net, "killed"); w.State != rush.WorkerKilled || w.Reason != "enough" {
			t.Errorf("found %+v; expected the network to know", w)
		}

		if _, err := net.StopWorkers(ctx, rush.SignalTerminate, "ends"); err != nil {
			t.Fatal(err)
		}
		if end := endOf(t, handle(t, net, "ends")); end.State != rush.WorkerTerminated || end.Err != nil {
			t.Errorf("found %+v; expected it to have terminated", end)
		}
		if all := net.LocalWorkers(); len(all) != 3 {
			t.Errorf("found %d handles, expected 3", len(all))
		}
		if _, ok := net.LocalWorker("nobody"); ok {
			t.Error("found a handle of nobody")
		}
	})
}

func TestAGoroutineHasAHandle(t *testing.T) {
	t.Parallel()
	net := open(t, t.TempDir()+"/rush.db")
	l := handle(t, net, starts["goroutine"](t, net, network.Workers{N: 1, Objective: "add"}))
	stdout, stderr := l.Files()
	if l.PID() != 0 || l.State() != rush.WorkerRunning || stdout+stderr != "" {
		t.Errorf("found process %d, %s, files %q and %q", l.PID(), l.State(), stdout, stderr)
	}
	l.Kill("")
	if end := endOf(t, l); end.State != rush.WorkerKilled || !strings.Contains(end.Reason, "manager") || l.State() != end.State {
		t.Errorf("found %+v; expected it to be killed", end)
	}
}

// A local worker is started anew under its id, whether it still runs or not.
func TestLocalWorkersAreRestarted(t *testing.T) {
	eachWorker(t, func(t *testing.T, net *network.Rush, start func(network.Workers) rush.WorkerID) {
		ctx := within(t)
		id := start(network.Workers{N: 1, Objective: "add"})
		done := net.LocalDone()
		for _, s := range []rush.Signal{rush.SignalTerminate, rush.SignalKill} {
			was := handle(t, net, id)
			got, err := net.RestartWorkers(ctx, s)
			if err != nil || len(got) != 1 || got[0] != id {
				t.Fatalf("found %v, %v; expected %s to be restarted", got, err, id)
			}
			now := handle(t, net, id)
			if was.State().Alive() || now.State() != rush.WorkerRunning || now.PID() == was.PID() && now.PID() != 0 {
				t.Errorf("found process %d, %s, and then %d, %s", was.PID(), was.State(), now.PID(), now.State())
			}
			keys, err := net.Push(ctx, rush.Values{"x1": 1, "x2": 2})
			if err != nil {
				t.Fatal(err)
			}
			if ok, err := net.Wait(ctx, keys...); err != nil || !ok {
				t.Fatalf("found %v, %v; expected the worker to go on", ok, err)
			}
		}
		select {
		case <-done:
			t.Error("all workers were said to have ended")
		default:
		}
		if _, err := net.StopWorkers(ctx, rush.SignalTerminate, id); err != nil {
			t.Fatal(err)
		}
		if _, err := net.RestartWorkers(ctx, rush.SignalKill, id); err != nil {
			t.Fatal(err)
		}
		if w := workerOf(t, net, id); w.State != rush.WorkerRunning {
			t.Errorf("found %+v; expected one that had ended to run again", w)
		}
		if _, err := net.RestartWorkers(ctx, rush.SignalKill, "nobody"); !errors.Is(err, rush.ErrNoWorker) {
			t.Errorf("found error %v, expected that there is no such worker", err)
		}
		if _, err := net.RestartWorkers(ctx, rush.SignalNone); err == nil {
			t.Error("a restart without a signal went well")
		}
	})
}

// What a worker runs that is killed to be restarted fails.
func TestARestartFailsWhatRuns(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		if _, err := net.StartWorkers(ctx, network.Workers{N: 1, Objective: "wait"}); err != nil {
			t.Fatal(err)
		}
		keys, err := net.Push(ctx, rush.Values{})
		if err != nil {
			t.Fatal(err)
		}
		await(t, ctx, net, func(c rush.Counts) bool { return c.Running == 1 })
		if _, err := net.RestartWorkers(ctx, rush.SignalKill); err != nil {
			t.Fatal(err)
		}
		if c := oneTask(t, ctx, net, keys[0]).Condition; c == nil || c.Class != rush.ClassKilled || !strings.Contains(c.Message, "restarted") {
			t.Errorf("found %+v; expected the task to have failed as killed", c)
		}
	})
}

// A clone is a manager of its own, which goes on when the first is closed.
func TestAClone(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, first := within(t), open(t, url)
		net, err := first.Clone(ctx)
		if err != nil {
			t.Fatal(err)
		}
		clone, err := net.Clone(ctx)
		if err != nil {
			t.Fatal(err)
		}
		defer clone.Close()
		if _, err := net.StartWorkers(ctx, network.Workers{N: 1}); err != nil {
			t.Fatal(err)
		}
		if clone.ID() != first.ID() || clone.Seed() != first.Seed() || len(clone.LocalWorkers()) != 0 {
			t.Errorf("found a clone of %s with %d workers of its own", clone.ID(), len(clone.LocalWorkers()))
		}
		if err := net.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := clone.Push(ctx, rush.Values{"x1": 1, "x2": 2}); err != nil {
			t.Errorf("the clone of a manager that was closed: %v", err)
		}
	})
}
