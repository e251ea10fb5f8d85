package network_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/rushworker"
	"github.com/rushnet/rush/seeds"
)

// hand registers a worker that the test drives by hand.
func hand(t *testing.T, net *network.Rush, id rush.WorkerID, queues ...string) *rushworker.Worker {
	t.Helper()
	w, err := net.OpenWorker(t.Context(), rushworker.Config{ID: id, Queues: queues, Heartbeat: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close(context.WithoutCancel(t.Context()), "the test is over") })
	return w
}

// popped takes a task and returns its number.
func popped(t *testing.T, w *rushworker.Worker) *rush.Task {
	t.Helper()
	task, err := w.Pop(t.Context(), 0)
	if err != nil || task == nil {
		t.Fatalf("popped %v, error %v; want a task", task, err)
	}
	return task
}

func status(t *testing.T, net *network.Rush, keys ...rush.TaskKey) []rush.State {
	t.Helper()
	states, err := net.Status(t.Context(), keys...)
	if err != nil {
		t.Fatal(err)
	}
	return states
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func points(n int) []rush.Values {
	xss := make([]rush.Values, n)
	for i := range xss {
		xss[i] = rush.Values{"x": i}
	}
	return xss
}

func TestABatchGivesOneForAllOrOneForEach(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		net := open(t, url)
		seed := net.Seed()
		keys, err := net.PushBatch(t.Context(), network.Batch{
			XS: points(2), Shared: rush.Values{"x": 9, "lr": 0.5}, Extra: []rush.Values{{"by": "hand"}},
			Seeds: []seeds.Stream{seed, seed.Next()}, Timeouts: []time.Duration{time.Minute},
			MaxRetries: []int{1, 2}, Functions: []string{"f"}, Queues: []string{"high", rush.DefaultQueue},
		})
		if err != nil {
			t.Fatal(err)
		}
		tasks, err := net.Tasks(t.Context(), keys...)
		if err != nil {
			t.Fatal(err)
		}
		next := seed.Next()
		same(t, "inputs", []rush.Values{tasks[0].XS, tasks[1].XS}, []rush.Values{{"x": int64(0), "lr": 0.5}, {"x": int64(1), "lr": 0.5}})
		same(t, "extras", tasks[1].XSExtra, rush.Values{"by": "hand"})
		same(t, "options", []rush.Options{tasks[0].Options, tasks[1].Options}, []rush.Options{
			{Queue: "high", Function: "f", Seed: seed[:], Timeout: time.Minute, MaxRetries: 1},
			{Function: "f", Seed: next[:], Timeout: time.Minute, MaxRetries: 2},
		})

		for name, b := range map[string]network.Batch{
			"3 seeds were given for 2 tasks":       {Seeds: []seeds.Stream{seed, seed, seed}},
			"3 timeouts were given for 2 tasks":    {Timeouts: make([]time.Duration, 3)},
			"3 max retries were given for 2 tasks": {MaxRetries: make([]int, 3)},
			"queues and workers were given":        {Queues: []string{"high"}, Workers: []rush.WorkerID{"w1"}},
			"expected 0 or more":                   {MaxRetries: []int{-1}},
		} {
			b.XS = points(2)
			if _, err := net.PushBatch(t.Context(), b); err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("got error %v, want one that says %q", err, name)
			}
		}
		counts, err := net.Counts(t.Context())
		if err != nil || counts.Created != 2 {
			t.Errorf("%d tasks were created (%v), want the first 2 only", counts.Created, err)
		}
		if keys, err := net.PushBatch(t.Context(), network.Batch{}); err != nil || keys != nil {
			t.Errorf("an empty batch gave %v and %v", keys, err)
		}
	})
}

func TestManyAreFinishedAndFailed(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		net, ctx := open(t, url), t.Context()
		if _, err := net.Push(ctx, points(6)...); err != nil {
			t.Fatal(err)
		}
		popped(t, hand(t, net, "w1"))
		condition := &rush.Condition{Class: rush.ClassError, Message: "bad"}
		if err := net.FailTasks(ctx, []rush.TaskKey{0, 1, 2}, []*rush.Condition{condition, condition}, nil); err == nil {
			t.Error("two conditions were accepted for three tasks")
		}
		same(t, "states after what was refused", status(t, net, 0, 1, 2), []rush.State{rush.Running, rush.Queued, rush.Queued})

		if err := net.FinishTasks(ctx, []rush.TaskKey{0, 1}, []rush.Values{{"y": 1}, {"y": 2}}, []rush.Values{{"note": "n"}}); err != nil {
			t.Fatal(err)
		}
		if err := net.FailTasks(ctx, []rush.TaskKey{2, 3}, nil, nil); err != nil {
			t.Fatal(err)
		}
		err := net.FinishTasks(ctx, []rush.TaskKey{0, 4, 99}, []rush.Values{{"y": 3}}, nil)
		if !errors.Is(err, rush.ErrState) || !errors.Is(err, rush.ErrNoTask) {
			t.Errorf("got %v, want that one had ended and that one does not exist", err)
		}
		results, err := net.Results(ctx, 0, 1, 2, 4)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "results", results, []network.Result{
			{Key: 0, YS: rush.Values{"y": int64(1)}}, {Key: 1, YS: rush.Values{"y": int64(2)}},
			{Key: 2, Condition: rush.DefaultCondition()}, {Key: 4, YS: rush.Values{"y": int64(3)}},
		})
		_, err = net.Outputs(ctx, 0, 2)
		var about *rush.TaskError
		if !errors.As(err, &about) || about.Key != 2 || !errors.As(err, new(*rush.Condition)) {
			t.Errorf("got %v, want the failure of task 2", err)
		}
		if _, err := net.Results(ctx, 5); !errors.Is(err, rush.ErrState) {
			t.Errorf("got %v for a task that has not ended", err)
		}
		failed, err := net.TasksIn(ctx, rush.Failed)
		if err != nil || len(failed) != 2 || failed[0].Key != 2 {
			t.Errorf("the failed tasks are %v (%v)", failed, err)
		}
	})
}

func TestRetryWithTheSameOrTheNextSeed(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		net, ctx := open(t, url), t.Context()
		keys, err := net.PushBatch(ctx, network.Batch{XS: points(2), MaxRetries: []int{1}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := net.PushTasks(ctx, []rush.Task{{DependsOn: keys[:1]}}); err != nil {
			t.Fatal(err)
		}
		w := hand(t, net, "w1")
		first := w.Stream(popped(t, w))
		if err := net.FailTasks(ctx, keys, nil, nil); err != nil {
			t.Fatal(err)
		}
		if err := net.Retry(ctx, network.RetryOptions{IgnoreLimit: true}, 2); !errors.Is(err, rush.ErrState) {
			t.Errorf("got %v for an impossible task, want ErrState", err)
		}
		if err := net.Retry(ctx, network.RetryOptions{NextSeed: true}, 0); err != nil {
			t.Fatal(err)
		}
		same(t, "what waits", status(t, net, 2), []rush.State{rush.Deferred})
		waiting, err := net.Deferred(ctx)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "who waits for whom", waiting, []network.Waiting{{Key: 2, DependsOn: []rush.TaskKey{0}, Unfinished: []rush.TaskKey{0}}})
		task := popped(t, w)
		same(t, "the stream of the second attempt", w.Stream(task), first.NextSub())
		if err := w.Finish(ctx, task, rush.Values{"y": 1}, nil); err != nil {
			t.Fatal(err)
		}
		if err := net.Retry(ctx, network.RetryOptions{}, 0); !errors.Is(err, rush.ErrState) {
			t.Errorf("got %v for a task without retries left, want ErrState", err)
		}
		if err := net.Retry(ctx, network.RetryOptions{IgnoreLimit: true}, 0); err != nil {
			t.Fatal(err)
		}
		tasks, err := net.Tasks(ctx, 0)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "seed", tasks[0].Seed, func() []int32 { s := first.NextSub(); return s[:] }())
		for number, want := range map[int]rush.State{1: rush.Failed, 2: rush.Finished} {
			a, ok := tasks[0].AttemptNumber(number)
			if !ok || a.State() != want || a.Worker != "w1" || a.Finished.Before(a.Started) || a.Started.IsZero() {
				t.Errorf("attempt %d is %+v (%v), want it %s", number, a, ok, want)
			}
		}
		if a, ok := tasks[0].AttemptNumber(3); !ok || a.Number != 3 {
			t.Errorf("the current attempt is %+v (%v)", a, ok)
		}
		if _, ok := tasks[0].AttemptNumber(4); ok {
			t.Error("there is a fourth attempt")
		}
	})
}

func TestDelete(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		net, ctx := open(t, url), t.Context()
		if _, err := net.Push(ctx, points(3)...); err != nil {
			t.Fatal(err)
		}
		popped(t, hand(t, net, "w1"))
		if _, err := net.Delete(ctx, network.DeleteOptions{}, 0, 1); !errors.Is(err, rush.ErrState) {
			t.Errorf("got %v for a running task, want ErrState", err)
		}
		n, err := net.Delete(ctx, network.DeleteOptions{Running: true}, 0, 1, 9)
		if err != nil || n != 2 {
			t.Errorf("deleted %d (%v), want 2", n, err)
		}
		exists, err := net.TaskExists(ctx, 0, 1, 2)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "exists", exists, []bool{false, false, true})
		if _, err := net.RawTask(ctx, 0); !errors.Is(err, rush.ErrNoTask) {
			t.Errorf("got %v for a deleted task", err)
		}
	})
}

func TestWaitTimesOutAndTellsProgress(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		net, ctx := open(t, url), t.Context()
		keys, err := net.Push(ctx, points(3)...)
		if err != nil {
			t.Fatal(err)
		}
		hand(t, net, "w1")
		if err := net.FinishTasks(ctx, keys[:1], []rush.Values{{"y": 1}}, nil); err != nil {
			t.Fatal(err)
		}
		var told [][2]int
		opts := network.WaitOptions{Timeout: 50 * time.Millisecond, Progress: func(ended, total int) { told = append(told, [2]int{ended, total}) }}
		_, err = net.WaitFor(ctx, opts, keys...)
		if !errors.Is(err, rush.ErrTimeout) || !strings.Contains(err.Error(), "2 of 3 tasks had not ended") {
			t.Errorf("got %v, want a timeout", err)
		}
		same(t, "progress", told, [][2]int{{1, 3}})
		if err := net.FinishTasks(ctx, keys[1:], []rush.Values{{"y": 1}}, nil); err != nil {
			t.Fatal(err)
		}
		if ok, err := net.WaitFor(ctx, opts, keys...); !ok || err != nil {
			t.Errorf("got %v and %v, want that all finished", ok, err)
		}
	})
}

func TestAWaitForWhatCannotEndEnds(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		net, ctx := open(t, url), t.Context()
		if _, err := net.PushBatch(ctx, network.Batch{XS: points(1), Queues: []string{"nowhere"}}); err != nil {
			t.Fatal(err)
		}
		if _, err := net.PushTasks(ctx, []rush.Task{{DependsOn: []rush.TaskKey{0}}}); err != nil {
			t.Fatal(err)
		}
		if _, err := net.Wait(ctx, 1); err == nil || !strings.Contains(err.Error(), "no worker left") {
			t.Errorf("got %v, want that there is no worker", err)
		}
		hand(t, net, "w1")
		_, err := net.Wait(ctx, 1)
		if err == nil || !strings.Contains(err.Error(), `task 1 is deferred until task 0 has finished; task 0 is in the queue "nowhere"`) {
			t.Errorf("got %v, want the reason", err)
		}
	})
}

func TestWorkersEndAfterABatch(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		net, ctx := open(t, url), t.Context()
		start := func(_ context.Context, w *rushworker.Worker) (loops.Loop, error) {
			return &loops.Queue{Problem: &loops.Problem{Objective: loops.ObjectiveFunc(add)}}, nil
		}
		if _, err := net.StartInProcess(ctx, network.Workers{N: 2}, start); err != nil {
			t.Fatal(err)
		}
		keys, err := net.PushBatch(ctx, network.Batch{XS: []rush.Values{{"x1": 1, "x2": 2}, {"x1": 3, "x2": 4}}, Terminate: true})
		if err != nil {
			t.Fatal(err)
		}
		<-net.LocalDone()
		same(t, "states", status(t, net, keys...), []rush.State{rush.Finished, rush.Finished})
	})
}

func TestRunningTasksWithExtras(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		net, ctx := open(t, url), t.Context()
		w := hand(t, net, "w1")
		created, err := w.PushRunningTasks(ctx, []rush.Task{
			{XS: rush.Values{"x": 1}, XSExtra: rush.Values{"by": "hand"}, Options: rush.Options{MaxRetries: 1}}, {XS: rush.Values{"x": 2}},
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Finish(ctx, created[0], rush.Values{"y": 1}, rush.Values{"note": "good"}); err != nil {
			t.Fatal(err)
		}
		tasks, err := net.Tasks(ctx, 0, 1)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "extras", []rush.Values{tasks[0].XSExtra, tasks[0].YSExtra}, []rush.Values{{"by": "hand"}, {"note": "good"}})
		same(t, "max retries", tasks[0].MaxRetries, 1)
		same(t, "states", status(t, net, 0, 1), []rush.State{rush.Finished, rush.Running})
	})
}
