package network_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/rushworker"
)

// A worker without an agent or a loop: it polls for messages, takes a task,
// evaluates it, delivers it, times its idleness and leaves, step by step.
func TestAWorkerIsDrivenByHand(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		w, err := net.OpenWorker(ctx, rushworker.Config{ID: "hand", Heartbeat: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		keys, err := net.Push(ctx, rush.Values{"x1": 1, "x2": 2}, rush.Values{"x1": 3, "x2": 4})
		if err != nil {
			t.Fatal(err)
		}
		told := func(c rush.Command, argument, want any) {
			t.Helper()
			id, _, err := net.Send(ctx, c, argument)
			if err != nil {
				t.Fatal(err)
			}
			if err := w.Poll(ctx, time.Minute); err != nil {
				t.Fatal(err)
			}
			if got, err := net.Responses(ctx, id, 0); err != nil || got[0].Value != want || got[0].Err != nil {
				t.Errorf("%s: found %v, %v; expected %v", c, got, err, want)
			}
		}
		told(rush.CommandPing, nil, "PONG")
		told(rush.CommandPause, nil, "OK")
		if task, err := w.Pop(ctx, 0); err != nil || task != nil {
			t.Errorf("popped %v, %v while paused", task, err)
		}
		told(rush.CommandResume, nil, "OK")

		problem := &loops.Problem{Objective: loops.ObjectiveFunc(add)}
		task, err := w.Pop(ctx, 0)
		if err != nil || task == nil {
			t.Fatalf("popped %v, %v", task, err)
		}
		result := problem.Evaluate(ctx, w, task)
		turn, err := w.Next(ctx, rushworker.Step{Done: []rushworker.Result{result}, Pop: true})
		if err != nil || turn.Task == nil {
			t.Fatalf("the next turn is %+v, %v", turn, err)
		}
		if err := w.Finish(ctx, turn.Task, rush.Values{"y": 7}, nil); err != nil {
			t.Fatal(err)
		}
		states(t, ctx, net, keys, rush.Finished, rush.Finished)

		if w.TerminatedOnIdle() || w.Terminated() {
			t.Error("the worker is to end before it was told to")
		}
		told(rush.CommandTimeoutSet, 0, "OK")
		w.StartIdleTimer()
		if !w.TerminatedOnIdle() {
			t.Error("the worker is not to end when it is idle")
		}
		if turn, err := w.Next(ctx, rushworker.Step{Pop: true}); err != nil || turn.Stop == "" || !w.Terminated() {
			t.Errorf("the turn of an idle worker is %+v, %v", turn, err)
		}
		if err := w.Close(ctx, w.StopReason()); err != nil {
			t.Fatal(err)
		}
		if got := workerOf(t, net, "hand"); got.State != rush.WorkerTerminated || got.Tasks != 2 {
			t.Errorf("found %+v", got)
		}
	})
}

// A loop does what a manager can do.
func TestALoopManagesItsNetwork(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		starts["goroutine"](t, net, network.Workers{IDs: []rush.WorkerID{"other"}, Objective: "wait"})
		manage := func(ctx context.Context, w *rushworker.Worker) error {
			from, err := network.Join(ctx, w)
			if err != nil {
				return err
			}
			keys, err := from.Push(ctx, rush.Values{"n": 1}, rush.Values{"n": 2})
			if err != nil {
				return errors.Join(err, from.Close())
			}
			err = from.Cancel(ctx, keys...)
			_, err2 := from.SendAndWait(ctx, time.Minute, rush.CommandPing, nil, "other")
			err3 := from.Retry(ctx, network.RetryOptions{IgnoreLimit: true}, keys[0])
			err4 := from.Cancel(ctx, keys[0])
			_, err5 := from.Delete(ctx, network.DeleteOptions{}, keys[1])
			_, err6 := from.StopWorkers(ctx, rush.SignalTerminate, "other")
			return errors.Join(err, err2, err3, err4, err5, err6, from.Close())
		}
		outcome := make(chan error, 1)
		_, err := net.StartInProcess(ctx, network.Workers{IDs: []rush.WorkerID{"manager"}}, func(context.Context, *rushworker.Worker) (loops.Loop, error) {
			return loopFunc(func(ctx context.Context, w *rushworker.Worker) error {
				outcome <- manage(ctx, w)
				return nil
			}), nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := <-outcome; err != nil {
			t.Error(err)
		}
		<-net.LocalDone()
		if c, err := net.Counts(ctx); err != nil || c.Failed != 1 || c.Deleted != 1 {
			t.Errorf("found %+v, %v; expected a task that was cancelled and one that was deleted", c, err)
		}
	})
}

type loopFunc func(ctx context.Context, w *rushworker.Worker) error

func (f loopFunc) Run(ctx context.Context, w *rushworker.Worker) error { return f(ctx, w) }

// A worker that is paused is not told that nothing is left, while the budget has
// room for what it would propose: its loop would end, and the run with it.
func TestAPausedSearchIsNotOver(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		limit(t, ctx, net, 1)
		w, err := net.OpenWorker(ctx, rushworker.Config{ID: "hand", Heartbeat: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		defer w.Detach()
		drained := func(s rushworker.Step) bool {
			t.Helper()
			turn, err := w.Next(ctx, s)
			if err != nil {
				t.Fatal(err)
			}
			return turn.Drained
		}
		tell := func(c rush.Command) {
			t.Helper()
			if _, _, err := net.Send(ctx, c, nil); err != nil {
				t.Fatal(err)
			}
			if err := w.Poll(ctx, time.Minute); err != nil {
				t.Fatal(err)
			}
		}
		tell(rush.CommandPause)
		if drained(rushworker.Step{Pop: true, Claim: true, Wait: time.Millisecond}) {
			t.Error("a paused worker that has points to propose was told that nothing is left")
		}
		if !drained(rushworker.Step{Pop: true}) {
			t.Error("a paused worker that only takes from the queue was not told that nothing is left")
		}
		tell(rush.CommandResume)
		turn, err := w.Next(ctx, rushworker.Step{Propose: &rushworker.Proposal{Key: rush.NoTask, XS: rush.Values{"x": 1}}})
		if err != nil || turn.Task == nil {
			t.Fatalf("the turn after resuming is %+v, %v; expected the proposal", turn, err)
		}
		if err := w.Finish(ctx, turn.Task, rush.Values{"y": 1}, nil); err != nil {
			t.Fatal(err)
		}
		tell(rush.CommandPause)
		if !drained(rushworker.Step{Pop: true, Claim: true, Wait: time.Millisecond}) {
			t.Error("a paused worker was not told that nothing is left when the budget was used up")
		}
	})
}

// The last point of the budget goes back to a network in which all are paused:
// they are not told that nothing is left.
func TestAPausedSearchIsNotOverWhileANumberIsLeft(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		limit(t, ctx, net, 1)
		claims, w := hand(t, net, "claims"), hand(t, net, "paused")
		if turn, err := claims.Next(ctx, rushworker.Step{Claim: true}); err != nil || turn.Claimed == rush.NoTask {
			t.Fatalf("found %+v, %v; expected a number", turn, err)
		}
		if _, _, err := net.Send(ctx, rush.CommandPause, nil, "paused"); err != nil {
			t.Fatal(err)
		}
		if err := w.Poll(ctx, time.Minute); err != nil {
			t.Fatal(err)
		}
		if err := claims.Leave(ctx, rush.WorkerLost, "it died"); err != nil {
			t.Fatal(err)
		}
		turn, err := w.Next(ctx, rushworker.Step{Pop: true, Claim: true, Wait: time.Millisecond})
		if err != nil || turn.Drained || turn.Exhausted {
			t.Errorf("found %+v, %v; expected that there is something left", turn, err)
		}
	})
}
