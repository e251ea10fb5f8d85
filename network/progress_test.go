package network_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/rushworker"
)

// A task tells how far it is, in this process and in another one, and somebody
// follows.
func TestATaskTellsHowFarItIs(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		start(t, ctx, net, network.Workers{N: 1, Objective: "steps"})
		for _, isolate := range []bool{false, true} {
			keys, err := net.PushTasks(ctx, []rush.Task{{Options: rush.Options{Isolate: isolate}}})
			if err != nil {
				t.Fatal(err)
			}
			var last rushworker.ProgressReport
			err = net.FollowProgress(ctx, keys[0], func(p rushworker.ProgressReport) bool {
				last = p
				return true
			})
			want := rush.Values{"step": int64(3)}
			if diff := cmp.Diff(rushworker.ProgressReport{State: rush.Finished, Attempt: 1, Value: map[string]any(want)}, last); err != nil || diff != "" {
				t.Errorf("isolated %v: %v (-want +got):\n%s", isolate, err, diff)
			}
			if task := ended(t, ctx, net, keys...)[0]; !cmp.Equal(task.Progress, any(map[string]any(want))) {
				t.Errorf("isolated %v: the task has %v", isolate, task.Progress)
			}
		}
	})
}

// steps tells three steps, of which the second is cleared.
func steps(ctx context.Context, e *loops.Evaluation) (rush.Values, error) {
	e.Progress(ctx, "first")
	e.Progress(ctx, nil)
	return rush.Values{}, e.TryProgress(ctx, map[string]any{"step": 3})
}

// Every change reaches who follows, when the task waits for that.
func TestAFollowerSeesEveryChange(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		key := pushOne(t, ctx, net)
		seen := make(chan struct{})
		_, err := net.StartInProcess(ctx, network.Workers{N: 1}, func(context.Context, *rushworker.Worker) (loops.Loop, error) {
			return &loops.Queue{Problem: &loops.Problem{Objective: loops.ObjectiveFunc(func(ctx context.Context, e *loops.Evaluation) (rush.Values, error) {
				for _, value := range []any{"a", 2, nil, true} {
					e.Progress(ctx, value)
					select {
					case <-seen:
					case <-ctx.Done():
						return nil, ctx.Err()
					}
				}
				return rush.Values{"y": 1.0}, nil
			})}}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		var got []any
		err = net.FollowProgress(ctx, key, func(p rushworker.ProgressReport) bool {
			if len(got) == 0 && p.Value == nil {
				return true // it is queued, or has just started
			}
			got = append(got, p.Value)
			if p.State == rush.Running {
				seen <- struct{}{}
			}
			return true
		})
		if diff := cmp.Diff([]any{"a", int64(2), nil, true, true}, got); err != nil || diff != "" {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
	})
}

// By hand, and only for tasks that run.
func TestProgressIsOfARunningTask(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		key := pushOne(t, ctx, net)
		if err := net.SetProgress(ctx, key, 1); !errors.Is(err, rush.ErrState) {
			t.Errorf("of a queued task: got error %v", err)
		}
		if err := net.SetProgress(ctx, 99, 1); !errors.Is(err, rush.ErrNoTask) {
			t.Errorf("of no task: got error %v", err)
		}
		if _, err := net.Progress(ctx, 99); !errors.Is(err, rush.ErrNoTask) {
			t.Errorf("of no task: got error %v", err)
		}
		w := hand(t, net, "w1")
		task := popped(t, w)
		for _, value := range []any{1.5, "text", nil} {
			if err := w.Progress(ctx, task, value); err != nil {
				t.Fatal(err)
			}
			if p, err := net.Progress(ctx, task.Key); err != nil || p.Value != value {
				t.Errorf("got %+v, %v; want %v", p, err, value)
			}
		}
		if err := w.Finish(ctx, task, rush.Values{}, nil); err != nil {
			t.Fatal(err)
		}
		if err := w.Progress(ctx, task, 2); !errors.Is(err, rush.ErrState) {
			t.Errorf("of a finished task: got error %v", err)
		}
	})
}

// Outside of a task there is nobody to tell.
func TestProgressOutsideOfATask(t *testing.T) {
	t.Parallel()
	p := &loops.Problem{Objective: loops.ObjectiveFunc(steps)}
	r := p.Try(t.Context(), loops.Evaluation{})
	if r.Condition == nil || r.Condition.Message != "there is nobody to tell the progress: there is no such task" {
		t.Errorf("got %+v", r.Condition)
	}
}
