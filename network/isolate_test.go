package network_test

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/rushworker"
)

// held are files that pid keeps open for as long as its process lives.
var held []*os.File

// pid says where it is evaluated: in which process, and whose child that is. It
// keeps the file xs.hold open.
func pid(_ context.Context, e *loops.Evaluation) (rush.Values, error) {
	if path, ok := e.XS["hold"].(string); ok {
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return nil, err
		}
		held = append(held, f)
	}
	return rush.Values{"pid": os.Getpid(), "parent": os.Getppid(), "task": os.Getenv("RUSH_TASK")}, nil
}

// start starts workers.
func start(t *testing.T, ctx context.Context, net *network.Rush, w network.Workers) {
	t.Helper()
	if _, err := net.StartWorkers(ctx, w); err != nil {
		t.Fatal(err)
	}
}

// ended waits for tasks and reads them.
func ended(t *testing.T, ctx context.Context, net *network.Rush, keys ...rush.TaskKey) []*rush.Task {
	t.Helper()
	if _, err := net.Wait(ctx, keys...); err != nil {
		t.Fatal(err)
	}
	tasks, err := net.Tasks(ctx, keys...)
	if err != nil {
		t.Fatal(err)
	}
	return tasks
}

// pushed pushes tasks for the functions, each isolated.
func pushed(t *testing.T, ctx context.Context, net *network.Rush, o rush.Options, functions ...string) []rush.TaskKey {
	t.Helper()
	var tasks []rush.Task
	o.Isolate = true
	for _, f := range functions {
		o.Function = f
		tasks = append(tasks, rush.Task{Options: o})
	}
	keys, err := net.PushTasks(ctx, tasks)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

// A task may ask for a process of its own; the one beside it need not.
func TestATaskChoosesWhereItIsEvaluated(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		start(t, ctx, net, network.Workers{N: 1, Objective: "pid"})
		here, err := net.Push(ctx, rush.Values{})
		if err != nil {
			t.Fatal(err)
		}
		keys := append(here, pushed(t, ctx, net, rush.Options{}, "", "pid")...)
		tasks := ended(t, ctx, net, keys...)
		workers, err := net.Workers(ctx)
		if err != nil {
			t.Fatal(err)
		}
		worker := int64(workers[0].PID)
		if got := tasks[0].YS["pid"]; got != worker {
			t.Errorf("the first was evaluated in process %v, want the worker's, %d", got, worker)
		}
		for _, task := range tasks[1:] {
			if task.YS["parent"] != worker || task.YS["pid"] != tasks[1].YS["pid"] || task.YS["task"] != task.Key.String() || !task.Options.Isolate {
				t.Errorf("task %d: got %v; want one process for both, a child of %d", task.Key, task.YS, worker)
			}
		}
	})
}

// Whatever the objective does to its process, the worker lives on.
func TestACrashOfAnIsolatedTaskIsNoLostWorker(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		start(t, ctx, net, network.Workers{N: 1, Objective: "add"})
		keys := pushed(t, ctx, net, rush.Options{MaxRetries: 1}, "exit", "pid")
		keys = append(keys, pushed(t, ctx, net, rush.Options{Timeout: 200 * time.Millisecond}, "wait", "deaf")...)
		keys = append(keys, pushed(t, ctx, net, rush.Options{Stall: 200 * time.Millisecond}, "deaf", "pid")...)
		tasks := ended(t, ctx, net, keys...)
		if c := tasks[0].Condition; c == nil || c.Class != rush.ClassCrashed || !strings.Contains(c.Stderr, "segmentation fault, so to speak") ||
			c.ExitCode == nil || *c.ExitCode != 7 || tasks[0].Attempt != 2 {
			t.Errorf("the exit: got %+v in attempt %d", c, tasks[0].Attempt)
		}
		for _, i := range []int{2, 3, 4} {
			if c := tasks[i].Condition; c == nil || c.Class != rush.ClassTimeout {
				t.Errorf("task %d: got %+v, want a timeout", i, c)
			}
		}
		for _, i := range []int{1, 5} {
			if tasks[i].State != rush.Finished {
				t.Errorf("task %d: got %s, %v", i, tasks[i].State, tasks[i].Condition)
			}
		}
		workers, err := net.Workers(ctx)
		if err != nil || len(workers) != 1 || workers[0].State != rush.WorkerRunning {
			t.Errorf("got workers %+v, %v; want the one, running", workers, err)
		}
	})
}

// A debugger wants everything in its own process.
func TestWorkersInThisProcessIsolateNothing(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		keys := pushed(t, ctx, net, rush.Options{Memory: 1 << 30}, "")
		_, err := net.StartInProcess(ctx, network.Workers{N: 1}, func(context.Context, *rushworker.Worker) (loops.Loop, error) {
			return &loops.Queue{Problem: &loops.Problem{Objective: loops.ObjectiveFunc(pid)}}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := ended(t, ctx, net, keys...)[0].YS["pid"]; got != int64(os.Getpid()) {
			t.Errorf("it was evaluated in process %v, want %d", got, os.Getpid())
		}
	})
}

// Without a process of its own nothing holds an objective to such a limit.
func TestALimitOfMemoryNeedsAProcess(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		start(t, ctx, net, network.Workers{N: 1, Objective: "pid"})
		keys, err := net.PushTasks(ctx, []rush.Task{{Options: rush.Options{Memory: 1 << 30}}})
		if err != nil {
			t.Fatal(err)
		}
		if c := ended(t, ctx, net, keys...)[0].Condition; c == nil || !strings.Contains(c.Message, "add isolate to its options") {
			t.Errorf("got %+v", c)
		}
	})
}
