package network_test

import (
	"testing"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/rushworker"
)

// Every loop says where a task's time went, and its worker for how long it was
// busy.
func TestLoopsSayWhereTheTimeWent(t *testing.T) {
	eachLoop(t, func(t *testing.T, url string, loop network.MakeLoop, proposes bool) {
		ctx, net := within(t), open(t, url)
		limit(t, ctx, net, 4)
		keys, err := net.Push(ctx, rush.Values{"x": 1.0}, rush.Values{"x": 2.0})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := net.StartInProcess(ctx, network.Workers{N: 1}, loop); err != nil {
			t.Fatal(err)
		}
		<-net.LocalDone()
		if proposes {
			keys = []rush.TaskKey{0, 1, 2, 3}
		}
		tasks, err := net.Tasks(ctx, keys...)
		if err != nil {
			t.Fatal(err)
		}
		for _, task := range tasks {
			s := task.Spent
			if s.Evaluating <= 0 || s.Storing <= 0 || (s.Proposing > 0) != (task.Key > 1) {
				t.Errorf("task %d: spent %+v", task.Key, s)
			}
		}
		workers, err := net.Workers(ctx)
		if err != nil || len(workers) != 1 || workers[0].Busy <= 0 || workers[0].Tasks != int64(len(keys)) {
			t.Errorf("workers: %+v, %v", workers, err)
		}
	})
}

// What proposing took is counted once, however often the task is tried, and
// what a loop of one's own does between two verbs is the evaluation.
func TestTimeIsCountedOnce(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		w, err := rushworker.Open(ctx, rushworker.Config{Store: url, Network: net.ID()})
		if err != nil {
			t.Fatal(err)
		}
		defer w.Close(ctx, "done")
		turn, err := w.Next(ctx, rushworker.Step{Propose: &rushworker.Proposal{
			Key: rush.NoTask, Proposing: time.Hour, Options: rush.Options{MaxRetries: 1},
		}})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Fail(ctx, turn.Task, &rush.Condition{Class: rush.ClassCrashed, Message: "once"}, nil); err != nil {
			t.Fatal(err)
		}
		again, err := w.Pop(ctx, 0)
		if err != nil || again == nil {
			t.Fatalf("got %v, %v", again, err)
		}
		if err := w.Finish(ctx, again, rush.Values{"y": 1.0}, nil); err != nil {
			t.Fatal(err)
		}
		pushed, err := w.PushRunning(ctx, rush.Values{"x": 1.0})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.FinishPush(ctx, pushed[0], rush.Values{"y": 1.0}, nil, rush.Values{"x": 2.0}); err != nil {
			t.Fatal(err)
		}
		tasks, err := net.Tasks(ctx, turn.Task.Key, pushed[0].Key)
		if err != nil {
			t.Fatal(err)
		}
		if got := tasks[0].Spent.Proposing; got != time.Hour {
			t.Errorf("proposing took %v, want the hour that was told", got)
		}
		for _, task := range tasks {
			if s := task.Spent; s.Evaluating <= 0 || s.Storing <= 0 {
				t.Errorf("task %d: spent %+v", task.Key, s)
			}
		}
	})
}

// A result may say for itself how long it took.
func TestAResultSaysHowLongItTook(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		key := pushOne(t, ctx, net)
		w := hand(t, net, "w1")
		task := popped(t, w)
		r := rushworker.Result{Key: task.Key, Attempt: task.Attempt, YS: rush.Values{}, Spent: rush.Spent{Evaluating: 3 * time.Hour}}
		if _, err := w.Next(ctx, rushworker.Step{Done: []rushworker.Result{r}}); err != nil {
			t.Fatal(err)
		}
		if got := ended(t, ctx, net, key)[0].Spent.Evaluating; got != 3*time.Hour {
			t.Errorf("evaluating took %v", got)
		}
	})
}
