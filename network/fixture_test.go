package network_test

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/rushworker"
	"github.com/rushnet/rush/seeds"
)

// open opens a new network and closes it with the test; it must be sound then.
func open(t *testing.T, url string) *network.Rush {
	t.Helper()
	seed := seeds.New(42)
	net, err := network.Open(t.Context(), network.Config{
		Store: url, Network: rush.NetworkID("test-" + uuid.NewString()), Seed: &seed,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if found, err := net.Audit(context.Background()); err != nil || len(found) > 0 {
			t.Errorf("the network is not sound: %q, %v", found, err)
		}
		if err := net.Close(); err != nil {
			t.Error(err)
		}
	})
	return net
}

// within bounds what a test waits for; only a failure takes that long.
func within(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func queueOf(f loops.ObjectiveFunc) network.MakeLoop {
	return func(context.Context, *rushworker.Worker) (loops.Loop, error) {
		return &loops.Queue{Problem: &loops.Problem{Objective: f}}, nil
	}
}

func states(t *testing.T, ctx context.Context, net *network.Rush, keys []rush.TaskKey, want ...rush.State) {
	t.Helper()
	tasks, err := net.Tasks(ctx, keys...)
	if err != nil {
		t.Fatal(err)
	}
	got := make([]rush.State, len(tasks))
	for i, task := range tasks {
		got[i] = task.State
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("states: -want +got:\n%s", diff)
	}
}

// pushOne queues a task without inputs.
func pushOne(t *testing.T, ctx context.Context, net *network.Rush) rush.TaskKey {
	t.Helper()
	keys, err := net.Push(ctx, rush.Values{})
	if err != nil {
		t.Fatal(err)
	}
	return keys[0]
}

func oneTask(t *testing.T, ctx context.Context, net *network.Rush, key rush.TaskKey) *rush.Task {
	t.Helper()
	tasks, err := net.Tasks(ctx, key)
	if err != nil {
		t.Fatal(err)
	}
	return tasks[0]
}

func onlyWorker(t *testing.T, ctx context.Context, net *network.Rush) rush.Worker {
	t.Helper()
	workers, err := net.Workers(ctx)
	if err != nil || len(workers) != 1 {
		t.Fatalf("found %v, %v; expected one worker", workers, err)
	}
	return workers[0]
}

func running(t *testing.T, ctx context.Context, net *network.Rush, n int64) {
	t.Helper()
	await(t, ctx, net, func(c rush.Counts) bool { return c.Running == n })
}

// await looks again and again until the counts are as wanted.
func await(t *testing.T, ctx context.Context, net *network.Rush, ok func(rush.Counts) bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		c, err := net.Counts(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if ok(c) {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("the counts stay at %+v", c)
		}
	}
}

// kill ends a process at once, as kill -9 does.
func kill(pid int) error {
	process, err := os.FindProcess(pid)
	if err != nil {
		return err
	}
	return process.Kill()
}

// kill9 kills the living worker's process.
func kill9(t *testing.T, ctx context.Context, net *network.Rush) {
	t.Helper()
	workers, err := net.Workers(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range workers {
		if w.State.Alive() {
			if err := kill(w.PID); err != nil {
				t.Fatal(err)
			}
		}
	}
}
