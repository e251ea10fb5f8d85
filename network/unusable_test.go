package network_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/rushworker"
)

// A worker whose objective is of no use ends alone: its tasks, also those that it
// had not begun, are the others'.
func TestAWorkerThatGivesUpLosesNothing(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		points := make([]rush.Values, 5)
		for i := range points {
			points[i] = rush.Values{"x1": int64(i), "x2": int64(1)}
		}
		keys, err := net.Push(ctx, points...)
		if err != nil {
			t.Fatal(err)
		}
		useless := &loops.Problem{Objective: loops.ObjectiveFunc(func(context.Context, *loops.Evaluation) (rush.Values, error) {
			return nil, &loops.Unusable{Err: errors.New("there is no license")}
		})}
		// A loop of one's own that holds two tasks, and has one evaluated.
		own := loops.LoopFunc(func(ctx context.Context, w *rushworker.Worker) error {
			if _, err := w.Pop(ctx, 0); err != nil {
				return err
			}
			task, err := w.Pop(ctx, 0)
			if err != nil {
				return err
			}
			turn, err := w.Next(ctx, rushworker.Step{Done: []rushworker.Result{useless.Evaluate(ctx, w, task)}, Pop: true})
			if turn.Task != nil || !w.Terminated() {
				t.Errorf("found %+v, expected the worker to have ended", turn)
			}
			return err
		})
		for _, first := range []loops.Loop{own, &loops.Queue{Problem: useless, UntilDrained: true}} {
			_, err := net.StartInProcess(ctx, network.Workers{N: 1}, func(context.Context, *rushworker.Worker) (loops.Loop, error) { return first, nil })
			if err != nil {
				t.Fatal(err)
			}
			select {
			case <-net.LocalDone():
			case <-ctx.Done():
				t.Fatal("the worker does not end")
			}
			if err := net.LocalError(); err == nil || !strings.Contains(err.Error(), "there is no license") {
				t.Errorf("found %v", err)
			}
		}
		if c, err := net.Counts(ctx); err != nil || c.Queued != 5 {
			t.Errorf("found %+v, %v; expected all to be queued", c, err)
		}
		start(t, ctx, net, network.Workers{N: 1, Objective: "add"})
		for i, task := range ended(t, ctx, net, keys...) {
			if task.State != rush.Finished || i < 1 && len(task.Attempts) == 0 {
				t.Errorf("task %d is %s after %d attempts", task.Key, task.State, len(task.Attempts))
			}
		}
		if err := net.LocalError(); err != nil {
			t.Errorf("one works, and found %v", err)
		}
	})
}
