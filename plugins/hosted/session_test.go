package hosted_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/plugins/hosted"
	"github.com/rushnet/rush/rushworker"
)

// session returns the worker in the hands of a program.
func (b *bench) session() *hosted.Session {
	b.t.Helper()
	s, err := hosted.New(b.t.Context(), b.w, b.setting)
	if err != nil {
		b.t.Fatal(err)
	}
	return s
}

// What a loop queues it takes itself, in that order, or another worker does.
func TestPush(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		b := newBench(t, url)
		b.setting.Problem.Task = rush.Options{MaxRetries: 2}
		s := b.session()
		keys, err := s.Push(t.Context(), []hosted.Point{{XS: rush.Values{"x": 1.5}, Extra: rush.Values{"from": "here"}}, {XS: rush.Values{"x": 2.5}}})
		if err != nil || !cmp.Equal(keys, []rush.TaskKey{0, 1}) {
			t.Fatalf("found %v, %v", keys, err)
		}
		if c := b.counts(); c.Queued != 2 || c.Running != 0 {
			t.Errorf("found %+v, expected two queued tasks", c)
		}
		for i, want := range []rush.Values{{"x": 1.5}, {"x": 2.5}} {
			task, err := s.Pop(t.Context(), time.Minute)
			if err != nil || task == nil || task.Key != rush.TaskKey(i) || !cmp.Equal(task.XS, want) || task.MaxRetries != 2 {
				t.Fatalf("found %+v, %v, expected task %d with %v", task, err, i, want)
			}
			if err := s.End(t.Context(), []hosted.Outcome{{Key: task.Key, YS: rush.Values{"y": 1.0}}}); err != nil {
				t.Error(err)
			}
		}
		tasks, err := b.w.Tasks(t.Context(), 0)
		if err != nil || tasks[0].XSExtra["from"] != "here" || tasks[0].State != rush.Finished {
			t.Errorf("found %+v, %v", tasks, err)
		}
		if keys, err := s.Push(t.Context(), nil); err != nil || len(keys) != 0 {
			t.Errorf("nothing pushed: found %v, %v", keys, err)
		}
		if _, err := s.Push(t.Context(), []hosted.Point{{XS: rush.Values{"x": 1.0}}, {XS: rush.Values{"x": make(chan int)}}}); err == nil {
			t.Error("a value that is none was queued")
		}
		if c := b.counts(); c.Total() != 2 {
			t.Errorf("found %+v, expected nothing more than two tasks", c)
		}
	})
}

// stopAfter stops at a step.
type stopAfter int64

func (s stopAfter) Stop(_ context.Context, _ *rushworker.Worker, _ *rush.Task, step int64, _ rush.Values) (string, error) {
	if step >= int64(s) {
		return "enough", nil
	}
	return "", nil
}

// A loop that scores its points itself reports as an objective does, and is told
// to stop early, which the finished task says.
func TestReport(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		b := newBench(t, url)
		b.setting.Problem.Stopper = stopAfter(2)
		s := b.session()
		if _, err := s.PushRunning(t.Context(), []hosted.Point{{XS: rush.Values{"x": 1.0}}, {XS: rush.Values{"x": 2.0}}}); err != nil {
			t.Fatal(err)
		}
		for step, want := range []bool{false, false, true} {
			if stop, err := s.Report(t.Context(), 0, int64(step), rush.Values{"y": float64(step)}); err != nil || stop != want {
				t.Errorf("step %d: found %v, %v", step, stop, err)
			}
		}
		if stop, err := s.Report(t.Context(), 1, 1, rush.Values{"y": 0.5}); err != nil || stop {
			t.Errorf("found %v, %v of the other task", stop, err)
		}
		err := s.End(t.Context(), []hosted.Outcome{
			{Key: 0, YS: rush.Values{"y": 2.0}, Extra: rush.Values{"a": int64(1)}}, {Key: 1, YS: rush.Values{"y": 0.5}},
		})
		if err != nil {
			t.Fatal(err)
		}
		tasks, err := b.w.Tasks(t.Context(), 0, 1)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(rush.Values{"a": int64(1), "stopped_at": int64(2)}, tasks[0].YSExtra); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if len(tasks[0].Reports) != 3 || tasks[0].Reports[2].YS["y"] != 2.0 || len(tasks[1].YSExtra) != 0 {
			t.Errorf("found the reports %v, and %v of the other task", tasks[0].Reports, tasks[1].YSExtra)
		}
		if _, err := s.Report(t.Context(), 0, 3, nil); err == nil {
			t.Error("the report of a task that has ended was taken")
		}
	})
}

// A report of an attempt that is over is refused.
func TestAReportOfACancelledTask(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		b := newBench(t, url)
		s := b.session()
		if _, err := s.PushRunning(t.Context(), []hosted.Point{{XS: rush.Values{"x": 1.0}}}); err != nil {
			t.Fatal(err)
		}
		tasks, err := b.w.Tasks(t.Context(), 0)
		if err != nil {
			t.Fatal(err)
		}
		if err := b.w.Fail(t.Context(), tasks[0], nil, nil); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Report(t.Context(), 0, 1, rush.Values{"y": 1.0}); !errors.Is(err, rush.ErrState) {
			t.Errorf("found %v, expected %v", err, rush.ErrState)
		}
	})
}
