package network_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/table"
)

// Who pops a task has all that is known of it, at its first attempt and later.
func TestAPopGivesTheWholeTask(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		seed := net.Seed().Next()
		given := rush.Task{
			XS: rush.Values{"x": 1.5, "n": int64(2), "name": "a"}, XSExtra: rush.Values{"by": "hand"}, Captured: rush.Values{"factor": 2.0},
			Options: rush.Options{
				Queue: "high", Function: "f", Seed: seed[:], Timeout: time.Minute, Stall: time.Second,
				MaxRetries: 1, Memory: 1 << 30, Isolate: true,
			},
			DependsOn: []rush.TaskKey{0},
		}
		keys, err := net.PushTasks(ctx, []rush.Task{{State: rush.Finished}})
		if err != nil {
			t.Fatal(err)
		}
		same(t, "the first number", keys, []rush.TaskKey{0})
		if _, err := net.PushTasks(ctx, []rush.Task{given}); err != nil {
			t.Fatal(err)
		}
		w := hand(t, net, "w1", "high")
		for attempt := 1; attempt <= 2; attempt++ {
			got, stored := popped(t, w), oneTask(t, ctx, net, 1)
			stored.Spent = got.Spent // of a popped task that of this attempt, so far
			same(t, "the popped task", got, stored)
			want := given
			want.Key, want.State, want.Worker, want.Attempt = 1, rush.Running, "w1", attempt
			want.Created, want.Started, want.Spent, want.Attempts = got.Created, got.Started, got.Spent, got.Attempts
			same(t, "the popped task, beside times", got, &want)
			if got.Created.IsZero() || got.Started.Before(got.Created) || len(got.Attempts) != attempt-1 {
				t.Errorf("created %v, started %v, after the attempts %+v", got.Created, got.Started, got.Attempts)
			}
			if err := w.Fail(ctx, got, &rush.Condition{Class: rush.ClassCrashed, Message: "once more"}, nil); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// The rows of a table are the inputs of new tasks, beside what they share.
func TestATableIsPushed(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		finish(t, ctx, net, 3)
		tbl, err := net.Table(ctx, []rush.State{rush.Finished}, &table.Options{Fields: rush.FieldXS | rush.FieldYS})
		if err != nil {
			t.Fatal(err)
		}
		defer tbl.Release()
		keys, err := net.PushBatch(ctx, network.Batch{XS: table.Maps(tbl), Shared: rush.Values{"epochs": 10, "y": -1}})
		if err != nil {
			t.Fatal(err)
		}
		tasks, err := net.Tasks(ctx, keys...)
		if err != nil {
			t.Fatal(err)
		}
		var got []rush.Values
		for _, task := range tasks {
			got = append(got, task.XS)
		}
		row := func(i int64) rush.Values {
			return rush.Values{"number": i, "state": "finished", "attempt": int64(0), "x": i, "y": i, "epochs": int64(10)}
		}
		if diff := cmp.Diff([]rush.Values{row(0), row(1), row(2)}, got); diff != "" {
			t.Errorf("the inputs (-want +got):\n%s", diff)
		}
	})
}

// A task is asked for its state on its way through all of them.
func TestATaskIsRunningOrHasFailed(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		key := pushOne(t, ctx, net)
		want := func(key rush.TaskKey, running, failed bool) {
			t.Helper()
			isRunning, err := net.IsRunning(ctx, key)
			if err != nil {
				t.Fatal(err)
			}
			hasFailed, err := net.IsFailed(ctx, key)
			if err != nil {
				t.Fatal(err)
			}
			if isRunning != running || hasFailed != failed {
				t.Errorf("task %d: running %v, failed %v; want %v, %v", key, isRunning, hasFailed, running, failed)
			}
		}
		want(key, false, false)
		w := hand(t, net, "w1")
		task := popped(t, w)
		want(key, true, false)
		if err := w.Fail(ctx, task, nil, nil); err != nil {
			t.Fatal(err)
		}
		want(key, false, true)
		if err := net.Retry(ctx, network.RetryOptions{IgnoreLimit: true}, key); err != nil {
			t.Fatal(err)
		}
		want(key, false, false)
		if err := w.Finish(ctx, popped(t, w), rush.Values{"y": 1}, nil); err != nil {
			t.Fatal(err)
		}
		want(key, false, false)
		want(99, false, false)
	})
}
