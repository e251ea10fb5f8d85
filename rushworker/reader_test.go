package rushworker_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/rushworker"
)

// newWorker opens a worker of a new network.
func newWorker(t *testing.T, url string) *rushworker.Worker {
	t.Helper()
	w, err := rushworker.Open(t.Context(), rushworker.Config{Store: url, Network: rush.NetworkID("test-" + uuid.NewString()), Expiry: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(context.Background(), "the test is over"); err != nil {
			t.Error(err)
		}
	})
	return w
}

func numberOf(key rush.TaskKey) (rush.Values, error) { return rush.Values{"x": int64(key)}, nil }

func TestAReaderHandsOutEachFinishOnce(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, w := t.Context(), newWorker(t, url)
		r := w.Reader(rush.FieldXS)
		read := func(wait time.Duration, want ...int64) {
			t.Helper()
			tasks, err := r.Read(ctx, wait)
			var got []int64
			for _, task := range tasks {
				got = append(got, task.XS["x"].(int64))
			}
			if !slices.Equal(got, want) || err != nil {
				t.Errorf("got %v, %v, want %v", got, err, want)
			}
		}
		read(0)
		var tasks []*rush.Task
		for range 4 {
			task, err := w.Take(ctx, numberOf)
			if err != nil {
				t.Fatal(err)
			}
			tasks = append(tasks, task)
		}
		for _, i := range []int{2, 0} {
			if err := w.Finish(ctx, tasks[i], rush.Values{"y": 1}, nil); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Fail(ctx, tasks[1], nil, nil); err != nil {
			t.Fatal(err)
		}
		read(0, 2, 0)
		read(0)
		done := make(chan error)
		go func() { done <- w.Finish(ctx, tasks[3], rush.Values{"y": 1}, nil) }()
		read(time.Minute, 3)
		if err := <-done; err != nil {
			t.Error(err)
		}
		if all, err := w.Reader(rush.NoFields).Read(ctx, 0); err != nil || len(all) != 3 || all[0].Key != 2 || all[0].State != rush.Finished {
			t.Errorf("without fields: got %v, %v, want three tasks", all, err)
		}
	})
}

func TestTakeTakesWhatIsQueuedAndThenProposes(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx := t.Context()
		net, err := network.Open(ctx, network.Config{Store: url})
		if err != nil {
			t.Fatal(err)
		}
		defer net.Close()
		if err := net.SetLimit(ctx, 3); err != nil {
			t.Fatal(err)
		}
		if _, err := net.Push(ctx, rush.Values{"x": 77}); err != nil {
			t.Fatal(err)
		}
		w, err := net.OpenWorker(ctx, rushworker.Config{Expiry: time.Hour})
		if err != nil {
			t.Fatal(err)
		}
		var xs []any
		for {
			task, err := w.Take(ctx, numberOf)
			if err != nil {
				t.Fatal(err)
			}
			if task == nil {
				break
			}
			if task.State != rush.Running || task.Attempt != 1 {
				t.Errorf("task %d is %s, attempt %d; want it to run for the first time", task.Key, task.State, task.Attempt)
			}
			xs = append(xs, task.XS["x"])
		}
		if want := []any{int64(77), int64(1), int64(2)}; !slices.Equal(xs, want) {
			t.Errorf("took %v, want the queued one and two proposals: %v", xs, want)
		}
		if w.Terminated() {
			t.Error("the worker is to end; want only the budget to be used")
		}
		if err := w.Close(ctx, "the test is over"); err != nil {
			t.Error(err)
		}
		counts, err := net.Counts(ctx)
		if err != nil || counts.Failed != 3 {
			t.Errorf("found %+v, %v; want the three to be lost", counts, err)
		}
	})
}
