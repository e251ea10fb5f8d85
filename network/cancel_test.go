package network_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/plugins/command"
	"github.com/rushnet/rush/rushworker"
)

// A task that waits for ever is cancelled; its worker goes on to the next, and
// what depends on it becomes impossible.
func TestARunningTaskIsCancelled(t *testing.T) {
	eachWorker(t, func(t *testing.T, net *network.Rush, start func(network.Workers) rush.WorkerID) {
		ctx := within(t)
		keys, err := net.Push(ctx, rush.Values{"n": 0}, rush.Values{"n": 1})
		if err != nil {
			t.Fatal(err)
		}
		after, err := net.PushTasks(ctx, []rush.Task{{DependsOn: keys[:1]}})
		if err != nil {
			t.Fatal(err)
		}
		id := start(network.Workers{Objective: "wait"})
		for i, key := range keys {
			awaitRunning(t, net, id, key)
			if err := net.Cancel(ctx, key); err != nil {
				t.Fatalf("cancel %d: %v", i, err)
			}
		}
		tasks, err := net.Tasks(ctx, append(keys, after...)...)
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range []rush.Class{rush.ClassCancelled, rush.ClassCancelled, rush.ClassImpossible} {
			if c := tasks[i].Condition; tasks[i].State != rush.Failed || c == nil || c.Class != want {
				t.Errorf("task %d is %s with %v, expected it failed as %s", i, tasks[i].State, c, want)
			}
		}
		if w := workerOf(t, net, id); w.State != rush.WorkerRunning {
			t.Errorf("the worker is %s", w.State)
		}
		if ids, err := net.ResponseIDs(ctx, id); err != nil || len(ids) > 0 {
			t.Errorf("responses to %v are left, %v", ids, err)
		}
	})
}

// awaitRunning returns when a worker runs the task.
func awaitRunning(t *testing.T, net *network.Rush, id rush.WorkerID, key rush.TaskKey) {
	t.Helper()
	for ctx := within(t); ctx.Err() == nil; {
		if w := workerOf(t, net, id); len(w.Running) == 1 && w.Running[0] == key {
			return
		}
	}
	t.Fatalf("task %d never ran", key)
}

// Cancelling kills the objective's processes, those that it started too, and
// nothing else.
func TestCancellingKillsTheProcessesOfATask(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		dir := t.TempDir()
		ready, alive := newDoor(t), newDoor(t)
		objective, err := command.New(command.Spec{
			Command: []string{"sh", "-c", `exec 3> "$2"; sleep 1000 & exec 3>&-; echo > "$1"; wait`, "sh", string(ready), string(alive)},
		}, dir, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		keys, err := net.Push(ctx, rush.Values{"x": 1.0})
		if err != nil {
			t.Fatal(err)
		}
		ids, err := net.StartInProcess(ctx, network.Workers{N: 1}, func(context.Context, *rushworker.Worker) (loops.Loop, error) {
			return &loops.Queue{Problem: &loops.Problem{Objective: objective}}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		held := readDoor(alive) // ends when nobody has it open for writing any more
		<-readDoor(ready)
		if err := net.Cancel(ctx, keys...); err != nil {
			t.Fatal(err)
		}
		select {
		case <-held:
		case <-ctx.Done():
			t.Error("a process of the cancelled task still runs")
		}
		states(t, ctx, net, keys, rush.Failed)
		if w := workerOf(t, net, ids[0]); w.State != rush.WorkerRunning {
			t.Errorf("the worker is %s", w.State)
		}
	})
}

func TestWhatCannotBeCancelledNamesItsState(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		keys, err := net.PushTasks(ctx, []rush.Task{{State: rush.Finished}, {State: rush.Failed}, {}, {}})
		if err != nil {
			t.Fatal(err)
		}
		for i, state := range []rush.State{rush.Finished, rush.Failed} {
			err := net.Cancel(ctx, keys[2], keys[i])
			if !errors.Is(err, rush.ErrState) || !strings.Contains(err.Error(), string(state)) {
				t.Errorf("found error %v, expected one that says %s", err, state)
			}
		}
		if err := net.Cancel(ctx, 77); !errors.Is(err, rush.ErrNoTask) {
			t.Errorf("found error %v for an unknown task", err)
		}
		states(t, ctx, net, keys[2:], rush.Queued, rush.Queued)
		if err := net.Cancel(ctx, keys[2:]...); err != nil {
			t.Fatal(err)
		}
		states(t, ctx, net, keys[2:], rush.Failed, rush.Failed)
	})
}

// A task that waits for others is cancelled like any other: what it waits for
// goes on, what waits for it becomes impossible.
func TestADeferredTaskIsCancelled(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		first := pushOne(t, ctx, net)
		var keys []rush.TaskKey
		for _, on := range []rush.TaskKey{first, first + 1, first} {
			made, err := net.PushTasks(ctx, []rush.Task{{DependsOn: []rush.TaskKey{on}}})
			if err != nil {
				t.Fatal(err)
			}
			keys = append(keys, made...)
		}
		if err := net.Cancel(ctx, keys[0]); err != nil {
			t.Fatal(err)
		}
		states(t, ctx, net, keys, rush.Failed, rush.Failed, rush.Deferred)
		for i, class := range []rush.Class{rush.ClassCancelled, rush.ClassImpossible} {
			if c := oneTask(t, ctx, net, keys[i]).Condition; c == nil || c.Class != class {
				t.Errorf("task %d: got %v, want class %s", keys[i], c, class)
			}
		}
		if err := net.Cancel(ctx, keys[0]); !errors.Is(err, rush.ErrState) {
			t.Errorf("got %v for one that was cancelled, want rush.ErrState", err)
		}
		w := hand(t, net, "w1")
		for _, want := range []rush.TaskKey{first, keys[2]} {
			task := popped(t, w)
			if task.Key != want {
				t.Fatalf("popped task %d, want %d", task.Key, want)
			}
			if err := w.Finish(ctx, task, rush.Values{"y": 1}, nil); err != nil {
				t.Fatal(err)
			}
		}
		states(t, ctx, net, keys, rush.Failed, rush.Failed, rush.Finished)
	})
}

// A task that a client holds is cancelled without anybody being told.
func TestATaskOfAClientIsCancelled(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		client, err := net.OpenWorker(ctx, rushworker.Config{Client: true})
		if err != nil {
			t.Fatal(err)
		}
		defer client.Close(ctx, "the test is over")
		tasks, err := client.PushRunning(ctx, rush.Values{"x": 1})
		if err != nil {
			t.Fatal(err)
		}
		if err := net.Cancel(ctx, tasks[0].Key); err != nil {
			t.Fatal(err)
		}
		if err := client.Finish(ctx, tasks[0], rush.Values{"y": 1}, nil); err != nil {
			t.Fatal(err)
		}
		states(t, ctx, net, []rush.TaskKey{tasks[0].Key}, rush.Failed)
	})
}

// readDoor reads a FIFO to its end.
func readDoor(d door) <-chan struct{} {
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = os.ReadFile(string(d))
	}()
	return done
}
