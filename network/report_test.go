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
	"github.com/rushnet/rush/plugins"
	"github.com/rushnet/rush/rushworker"
)

// learn reports a loss that falls for five epochs, unless it is stopped, and
// returns nothing then.
func learn(ctx context.Context, e *loops.Evaluation) (rush.Values, error) {
	var loss float64
	for epoch := int64(1); epoch <= 5; epoch++ {
		loss = e.XS["start"].(float64) / float64(epoch)
		stop, err := e.Report(ctx, epoch, rush.Values{"loss": loss})
		if stop != e.ShouldStop(ctx) {
			return nil, errors.New("asked again, it is told otherwise")
		}
		if stop || err != nil {
			return nil, err
		}
	}
	return rush.Values{"loss": loss}, nil
}

// learner is a loop that stops early what is worse than the median.
func learner(t *testing.T, e loops.Stopper) network.MakeLoop {
	t.Helper()
	self, err := plugins.Self()
	if err != nil {
		t.Fatal(err)
	}
	isolator := plugins.NewIsolator(plugins.IsolatorSpec{Spec: plugins.Spec{Command: self}})
	t.Cleanup(isolator.Close)
	return func(context.Context, *rushworker.Worker) (loops.Loop, error) {
		return &loops.Queue{Problem: &loops.Problem{
			Objective: loops.ObjectiveFunc(learn), Name: "learn", Codomain: loops.Codomain{{Name: "loss", Goal: loops.Minimize}},
			Stopper: e, Isolator: isolator,
		}}, nil
	}
}

// What is worse than the median is stopped early, and finished with what it
// reported last, here and in a process of its own.
func TestATaskThatIsWorseThanTheMedianIsStoppedEarly(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		for _, isolate := range []bool{false, true} {
			ctx, net := within(t), open(t, url)
			stopper := &loops.MedianStop{Target: loops.Target{Name: "loss", Goal: loops.Minimize}, Grace: 2, Enough: 3}
			if _, err := net.StartInProcess(ctx, network.Workers{N: 1}, learner(t, stopper)); err != nil {
				t.Fatal(err)
			}
			var tasks []rush.Task
			for _, start := range []float64{1, 2, 3, 9, 1.5} {
				tasks = append(tasks, rush.Task{XS: rush.Values{"start": start}, Options: rush.Options{Isolate: isolate}})
			}
			keys, err := net.PushTasks(ctx, tasks)
			if err != nil {
				t.Fatal(err)
			}
			for i, task := range ended(t, ctx, net, keys...) {
				ys, extra, reports := rush.Values{"loss": tasks[i].XS["start"].(float64) / 5}, rush.Values(nil), 5
				if i == 3 {
					ys, extra, reports = rush.Values{"loss": 4.5}, rush.Values{"stopped_at": int64(2)}, 2
				}
				if task.State != rush.Finished || !cmp.Equal(task.YS, ys) || !cmp.Equal(task.YSExtra, extra) || len(task.Reports) != reports {
					t.Errorf("isolated %v: task %d is %s with %v, %v and the reports %v: %v", isolate, i, task.State, task.YS, task.YSExtra, task.Reports, task.Condition)
				}
			}
			read, err := net.Reports(ctx, keys[3])
			want := [][]rush.Report{{{Step: 1, YS: rush.Values{"loss": 9.0}}, {Step: 2, YS: rush.Values{"loss": 4.5}}}}
			if diff := cmp.Diff(want, read); err != nil || diff != "" {
				t.Errorf("isolated %v: %v (-want +got):\n%s", isolate, err, diff)
			}
			if _, err := net.Reports(ctx, 99); !errors.Is(err, rush.ErrNoTask) {
				t.Errorf("of no task: %v", err)
			}
		}
	})
}

// A report that cannot be stored is the objective's to know.
func TestAReportOfAnImpossibleStepFails(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		key := pushOne(t, ctx, net)
		_, err := net.StartInProcess(ctx, network.Workers{N: 1}, func(context.Context, *rushworker.Worker) (loops.Loop, error) {
			return &loops.Queue{Problem: &loops.Problem{Objective: loops.ObjectiveFunc(func(ctx context.Context, e *loops.Evaluation) (rush.Values, error) {
				_, err := e.Report(ctx, -1, rush.Values{"y": 1})
				return rush.Values{"y": 1}, err
			})}}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		task := ended(t, ctx, net, key)[0]
		if c := task.Condition; c == nil || c.Class != rush.ClassError || len(task.Reports) != 0 {
			t.Errorf("found %v and the reports %v", c, task.Reports)
		}
	})
}
