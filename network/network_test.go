package network_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/network"
)

func TestWorkersEvaluateWhatIsPushed(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		ids, err := net.StartWorkers(ctx, network.Workers{N: 2, Objective: "add"})
		if err != nil {
			t.Fatal(err)
		}
		for round := range 3 {
			keys, err := net.Push(ctx, rush.Values{"x1": 3, "x2": 5 + round}, rush.Values{"x1": 4, "x2": 6})
			if err != nil {
				t.Fatal(err)
			}
			if ok, err := net.Wait(ctx, keys...); !ok || err != nil {
				t.Fatalf("found %v, %v; expected both to finish", ok, err)
			}
			tasks, err := net.Tasks(ctx, keys...)
			if err != nil {
				t.Fatal(err)
			}
			got := []any{tasks[0].YS["y"], tasks[1].YS["y"]}
			if diff := cmp.Diff([]any{int64(8 + round), int64(10)}, got); diff != "" {
				t.Error(diff)
			}
		}
		workers, err := net.Workers(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if len(workers) != len(ids) || workers[0].PID == os.Getpid() || !workers[0].State.Alive() {
			t.Errorf("found %+v, expected two living workers in processes of their own", workers)
		}
	})
}

func TestTerminateLetsTheRunningTaskFinish(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		release, started := make(chan struct{}), make(chan struct{})
		ids, err := net.StartInProcess(ctx, network.Workers{N: 1}, queueOf(func(context.Context, *loops.Evaluation) (rush.Values, error) {
			close(started)
			<-release
			return rush.Values{"y": 1}, nil
		}))
		if err != nil {
			t.Fatal(err)
		}
		keys, err := net.Push(ctx, rush.Values{"x": 1}, rush.Values{"x": 2})
		if err != nil {
			t.Fatal(err)
		}
		<-started
		soon, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
		defer cancel()
		got, err := net.StopWorkers(soon, rush.SignalTerminate)
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("found %v; expected the worker to be busy still", err)
		}
		if diff := cmp.Diff(ids, got); diff != "" {
			t.Error(diff)
		}
		close(release)
		<-net.LocalDone()
		states(t, ctx, net, keys, rush.Finished, rush.Queued)
		if w := onlyWorker(t, ctx, net); w.State != rush.WorkerTerminated {
			t.Errorf("the worker is %s, expected terminated", w.State)
		}
	})
}

func TestKillFailsTheRunningTask(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		if _, err := net.StartWorkers(ctx, network.Workers{N: 1, Objective: "wait"}); err != nil {
			t.Fatal(err)
		}
		key := pushOne(t, ctx, net)
		running(t, ctx, net, 1)
		if _, err := net.StopWorkers(ctx, rush.SignalKill); err != nil {
			t.Fatal(err)
		}
		states(t, ctx, net, []rush.TaskKey{key}, rush.Failed)
		task := oneTask(t, ctx, net, key)
		if task.Condition.Class != rush.ClassKilled {
			t.Errorf("found %v, expected class killed", task.Condition)
		}
		if w := onlyWorker(t, ctx, net); w.State != rush.WorkerKilled {
			t.Errorf("the worker is %s, expected killed", w.State)
		}
	})
}

func TestAWorkerKilledFromOutsideLosesItsTask(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		// The heartbeat is slow: it is the agent that sees the process die.
		if _, err := net.StartWorkers(ctx, network.Workers{N: 1, Objective: "wait", Heartbeat: time.Hour}); err != nil {
			t.Fatal(err)
		}
		keys, err := net.PushTasks(ctx, []rush.Task{{XS: rush.Values{}}, {XS: rush.Values{}, Options: rush.Options{MaxRetries: 1}}})
		if err != nil {
			t.Fatal(err)
		}
		running(t, ctx, net, 1)
		kill9(t, ctx, net)
		if _, err := net.Wait(ctx, keys[0]); err != nil {
			t.Fatal(err)
		}
		task := oneTask(t, ctx, net, keys[0])
		if task.State != rush.Failed || task.Condition.Class != rush.ClassLost || !strings.Contains(task.Condition.Message, "killed") {
			t.Errorf("task %+v has %v; expected it to be lost, by a kill", task, task.Condition)
		}
		if _, err := net.StartWorkers(ctx, network.Workers{N: 1, Objective: "wait", Heartbeat: time.Hour}); err != nil {
			t.Fatal(err)
		}
		running(t, ctx, net, 1)
		kill9(t, ctx, net)
		await(t, ctx, net, func(c rush.Counts) bool { return c.Queued == 1 })
		if task := oneTask(t, ctx, net, keys[1]); task.State != rush.Queued || len(task.Attempts) != 1 || task.Attempt != 2 {
			t.Errorf("found %+v; expected it to be queued for its second attempt", task)
		}
	})
}

func TestALostWorkerIsStartedAnew(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		if _, err := net.StartWorkers(ctx, network.Workers{N: 1, Restart: true}); err != nil {
			t.Fatal(err)
		}
		keys, err := net.PushTasks(ctx, []rush.Task{
			{XS: rush.Values{}, Options: rush.Options{Function: "exit"}},
			{XS: rush.Values{"x1": 1, "x2": 1}, Options: rush.Options{Function: "add"}},
		})
		if err != nil {
			t.Fatal(err)
		}
		await(t, ctx, net, func(c rush.Counts) bool { return c.Ended() == 2 })
		states(t, ctx, net, keys, rush.Failed, rush.Finished)
		c := oneTask(t, ctx, net, keys[0]).Condition
		if !strings.Contains(c.Message, "exit code 7") || !strings.Contains(c.Stderr, "so to speak") {
			t.Errorf("found %+v; expected the exit code and what was printed", c)
		}
	})
}

func TestAProgramThatIsNoPluginSaysWhatItPrinted(t *testing.T) {
	t.Parallel()
	net := open(t, t.TempDir()+"/rush.db")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		workers network.Workers
		says    []string
	}{
		"it exits":             {network.Workers{Command: []string{"sh", "-c", "echo no license found >&2; exit 3"}}, []string{"no license found"}},
		"it is not there":      {network.Workers{Command: []string{self + "-not"}}, []string{"no such file"}},
		"its loop is broken":   {network.Workers{Loop: "broken"}, []string{"the loop has no wheels"}},
		"its loop is unknown":  {network.Workers{Loop: "drian"}, []string{"drian", "drain"}},
		"its heartbeat is odd": {network.Workers{Heartbeat: time.Second, Expiry: time.Second}, []string{"expiry (1s) must be longer"}},
		"minus one of them":    {network.Workers{N: -1}, []string{"-1", "expected 1 or more"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if c.workers.N == 0 {
				c.workers.N = 1
			}
			_, err := net.StartWorkers(within(t), c.workers)
			for _, s := range c.says {
				if err == nil || !strings.Contains(err.Error(), s) {
					t.Errorf("found error %v, expected it to say %q", err, s)
				}
			}
		})
	}
}

func TestWhatAWorkerPrintsArrivesWhole(t *testing.T) {
	t.Parallel()
	ctx, net := within(t), open(t, t.TempDir()+"/rush.db")
	lines := make(chan string, 100)
	_, err := net.StartWorkers(ctx, network.Workers{N: 1, Objective: "print", Output: func(_ rush.WorkerID, stream, line string) {
		lines <- stream + " " + line
	}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := net.Push(ctx, rush.Values{}); err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{"stdout out 0": true, "stderr " + strings.Repeat("long ", 30_000): true}
	for len(want) > 0 {
		select {
		case line := <-lines:
			delete(want, line)
		case <-ctx.Done():
			t.Fatalf("%d lines did not arrive", len(want))
		}
	}
}

func TestWaitEndsWhenNobodyIsLeft(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		key := pushOne(t, ctx, net)
		if _, err := net.Wait(ctx, key); err == nil || !strings.Contains(err.Error(), "no worker left") {
			t.Errorf("found %v, expected that no worker is left", err)
		}
		if _, err := net.Wait(ctx, 99); !errors.Is(err, rush.ErrNoTask) {
			t.Errorf("found %v, expected rush.ErrNoTask", err)
		}
	})
}

func TestTheSameSeedDrawsTheSameNumbers(t *testing.T) {
	t.Parallel()
	drawn := make(chan []any, 4)
	t.Run("draw", func(t *testing.T) {
		eachstore.Run(t, func(t *testing.T, url string) {
			for _, n := range []int{1, 4} {
				drawn <- drawnBy(t, url, n)
			}
		})
	})
	first := <-drawn
	if len(first) != 40 || first[0] == first[1] {
		t.Errorf("found %v, expected 40 different numbers", first)
	}
	for range 3 {
		if diff := cmp.Diff(first, <-drawn); diff != "" {
			t.Error(diff)
		}
	}
}

// drawnBy returns the numbers that the objectives of 40 tasks drew, evaluated
// by n workers.
func drawnBy(t *testing.T, url string, n int) []any {
	t.Helper()
	ctx, net := within(t), open(t, url)
	if _, err := net.StartWorkers(ctx, network.Workers{N: n, Objective: "draw"}); err != nil {
		t.Fatal(err)
	}
	keys, err := net.Push(ctx, make([]rush.Values, 40)...)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := net.Wait(ctx, keys...); err != nil {
		t.Fatal(err)
	}
	tasks, err := net.Tasks(ctx, keys...)
	if err != nil {
		t.Fatal(err)
	}
	ys := make([]any, len(tasks))
	for i, task := range tasks {
		ys[i] = task.YS["y"]
	}
	return ys
}

func TestAWorkerInThisProcessCanBeKilled(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		if _, err := net.StartInProcess(ctx, network.Workers{N: 1}, queueOf(wait)); err != nil {
			t.Fatal(err)
		}
		key := pushOne(t, ctx, net)
		running(t, ctx, net, 1)
		if _, err := net.StopWorkers(ctx, rush.SignalKill); err != nil {
			t.Fatal(err)
		}
		if c := oneTask(t, ctx, net, key).Condition; c == nil || c.Class != rush.ClassKilled {
			t.Errorf("found %v, expected class killed", c)
		}
		if w := onlyWorker(t, ctx, net); w.State != rush.WorkerKilled {
			t.Errorf("the worker is %s, expected killed", w.State)
		}
	})
}
