package table_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/table"
)

func TestFetchingAgainReadsOnlyWhatIsNew(t *testing.T) {
	t.Parallel()
	f := newFake()
	c := newCache(t, f, checked(t))
	for i := range 10 {
		f.finished(t, x(i), y(float64(i)))
	}
	if got := finished(t, c).NumRows(); got != 10 {
		t.Fatalf("got %d rows, want 10", got)
	}
	before := f.roundTrips()
	if got := finished(t, c).NumRows(); got != 10 {
		t.Fatalf("got %d rows, want 10", got)
	}
	if got := f.roundTrips() - before; got != 1 {
		t.Errorf("fetching again with nothing new took %d round trips, want 1", got)
	}
	f.finished(t, x(10), y(10.0))
	tbl := finished(t, c)
	if diff := cmp.Diff([]int64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, numbers(tbl)); diff != "" {
		t.Error(diff)
	}
	ys, err := table.Floats(tbl, "y")
	if err != nil || ys[10] != 10 {
		t.Errorf("Floats gave %v, %v", ys, err)
	}
}

func TestManyPagesAndSmallStepsKeepTheOrder(t *testing.T) {
	t.Parallel()
	f := newFake()
	f.page = 7
	c := newCache(t, f, checked(t))
	var want []int64
	for i := range 500 {
		want = append(want, int64(f.finished(t, x(i), y(i))))
		if i%3 == 0 {
			finished(t, c)
		}
	}
	tbl := finished(t, c)
	if diff := cmp.Diff(want, numbers(tbl)); diff != "" {
		t.Error(diff)
	}
	if n := len(tbl.Column(0).Data().Chunks()); n > 20 {
		t.Errorf("500 rows lie in %d chunks", n)
	}
}

func TestALateColumnIsNullBefore(t *testing.T) {
	t.Parallel()
	f := newFake()
	c := newCache(t, f, checked(t))
	f.finished(t, x(1), y(1.5))
	old := finished(t, c)
	f.finished(t, rush.Values{"x": 2, "late": "now"}, y(2.5))
	tbl := finished(t, c)
	if diff := cmp.Diff([]any{nil, "now"}, column(t, tbl, "late")); diff != "" {
		t.Error(diff)
	}
	if old.NumRows() != 1 || len(old.Schema().FieldIndices("late")) != 0 {
		t.Error("a table that was returned before has changed")
	}
}

func TestAWiderTypeConvertsWhatWasThere(t *testing.T) {
	t.Parallel()
	f := newFake()
	c := newCache(t, f, checked(t))
	f.finished(t, x(1), y(nil))
	if got := typeOf(t, finished(t, c), "x"); got != "int64" {
		t.Fatalf("x is %s, want int64", got)
	}
	f.finished(t, x(2.5), y(true))
	tbl := finished(t, c)
	if diff := cmp.Diff([]any{1.0, 2.5}, column(t, tbl, "x")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]any{nil, true}, column(t, tbl, "y")); diff != "" {
		t.Error(diff)
	}
	f.finished(t, x("rbf"), y(false))
	if diff := cmp.Diff([]any{"1", "2.5", "rbf"}, column(t, finished(t, c), "x")); diff != "" {
		t.Error(diff)
	}
}

func TestARetriedTaskLosesItsRowUntilItEndsAgain(t *testing.T) {
	t.Parallel()
	f := newFake()
	c := newCache(t, f, checked(t))
	for i := range 4 {
		f.finished(t, x(i), y(i))
	}
	finished(t, c)
	f.retry(1)
	if diff := cmp.Diff([]int64{0, 2, 3}, numbers(finished(t, c))); diff != "" {
		t.Error(diff)
	}
	f.run(1)
	f.finish(t, 1, y(100))
	tbl := finished(t, c)
	if diff := cmp.Diff([]int64{0, 2, 3, 1}, numbers(tbl)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]any{int64(1), int64(1), int64(1), int64(2)}, column(t, tbl, "attempt")); diff != "" {
		t.Error(diff)
	}
}

func TestADeletedTaskDisappears(t *testing.T) {
	t.Parallel()
	f := newFake()
	c := newCache(t, f, checked(t))
	for i := range 3 {
		f.finished(t, x(i), y(i))
	}
	finished(t, c)
	for _, k := range []rush.TaskKey{0, 2, 1} {
		f.delete(k)
	}
	if got := finished(t, c).NumRows(); got != 0 {
		t.Errorf("got %d rows of deleted tasks", got)
	}
	if got := finished(t, newCache(t, f, nil)).NumRows(); got != 0 {
		t.Errorf("a new cache got %d rows of deleted tasks", got)
	}
}

func TestAFailedTaskThatSucceedsLaterChangesTables(t *testing.T) {
	t.Parallel()
	f := newFake()
	c := newCache(t, f, checked(t))
	k := f.push(t, rush.Running, x(1))
	f.fail(t, k, &rush.Condition{Class: rush.ClassTimeout, Message: "10s are over"})
	failed := must(t)(c.Failed(context.Background()))
	if diff := cmp.Diff([]any{"timeout: 10s are over"}, column(t, failed, "condition")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]any{"timeout"}, column(t, failed, "condition_class")); diff != "" {
		t.Error(diff)
	}
	f.retry(k)
	f.run(k)
	f.finish(t, k, y(1))
	if n := must(t)(c.Failed(context.Background())).NumRows(); n != 0 {
		t.Errorf("%d rows have failed, want 0", n)
	}
	if diff := cmp.Diff([]any{nil}, column(t, finished(t, c), "condition")); diff != "" {
		t.Error(diff)
	}
}

func TestAResetNetworkBeginsAnew(t *testing.T) {
	t.Parallel()
	f := newFake()
	c := newCache(t, f, checked(t))
	f.finished(t, x("text"), y(1))
	f.finished(t, x("text"), y(2))
	finished(t, c)
	f.reset()
	if got := finished(t, c).NumRows(); got != 0 {
		t.Errorf("after the reset there are %d rows", got)
	}
	f.finished(t, x(7), y(7))
	tbl := finished(t, c)
	if diff := cmp.Diff([]any{int64(7)}, column(t, tbl, "x")); diff != "" {
		t.Error(diff)
	}
}

func TestResetOfTheCacheReadsAllAgain(t *testing.T) {
	t.Parallel()
	f := newFake()
	c := newCache(t, f, checked(t))
	f.finished(t, x(1), y(1))
	must(t)(c.New(context.Background(), 0))
	c.Reset()
	if got := must(t)(c.New(context.Background(), 0)).NumRows(); got != 1 {
		t.Errorf("New gave %d rows after Reset, want 1", got)
	}
}

func TestLargeValuesMakeSmallChunks(t *testing.T) {
	t.Parallel()
	for _, page := range []int{0, 1} {
		f := newFake()
		f.page = page
		for range 6 {
			f.finished(t, x(strings.Repeat("x", 5<<20)), nil)
		}
		for _, chunk := range finished(t, newCache(t, f, nil)).Column(0).Data().Chunks() {
			if chunk.Len() > 4-page {
				t.Errorf("in pages of %d, %d rows of 5 MB each are in one chunk", page, chunk.Len())
			}
		}
	}
}

func TestReleasingATableTooOftenHarmsNobodyElse(t *testing.T) {
	t.Parallel()
	f := newFake()
	c := newCache(t, f, checked(t))
	f.finished(t, x(1), y(1))
	a, err := c.Finished(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	b := finished(t, c)
	a.Release()
	a.Release()
	if diff := cmp.Diff([]any{int64(1)}, column(t, b, "x")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]any{int64(1)}, column(t, finished(t, c), "x")); diff != "" {
		t.Error(diff)
	}
}

func TestAMissingRecordIsReportedOnceAndSkipped(t *testing.T) {
	t.Parallel()
	f := newFake()
	var said bytes.Buffer
	opts := checked(t)
	opts.Log = slog.New(slog.NewTextHandler(&said, nil))
	c := newCache(t, f, opts)
	for i := range 3 {
		f.finished(t, x(i), y(i))
	}
	f.lose(1)
	f.delete(2)
	for range 3 {
		if diff := cmp.Diff([]int64{0}, numbers(finished(t, c))); diff != "" {
			t.Error(diff)
		}
	}
	if n := strings.Count(said.String(), "\n"); n != 1 || !strings.Contains(said.String(), "task=1") {
		t.Errorf("the log says %q; expected task 1, once", said.String())
	}
}

func TestADamagedRecordIsAnErrorThatNamesTheTask(t *testing.T) {
	t.Parallel()
	for name, xs := range map[string][]byte{
		"torn":         {0x81, 0xa1, 'x'},
		"no map":       {0x01},
		"name twice":   {0x82, 0xa1, 'x', 0x01, 0xa1, 'x', 0x02},
		"left over":    {0x81, 0xa1, 'x', 0x01, 0x01},
		"huge count":   {0xdf, 0xff, 0xff, 0xff, 0xff},
		"no value":     {0x81, 0xa1, 'x', 0xc1},
		"torn in list": {0x81, 0xa1, 'x', 0x92, 0x01},
		"twice inside": {0x81, 0xa1, 'x', 0x82, 0xa1, 'x', 0x01, 0xa1, 'x', 0x02},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake()
			f.finished(t, rush.Values{"other": 1}, y(1))
			k := f.push(t, rush.Running, nil)
			f.tasks[k].XS = xs
			f.finish(t, k, y(1))
			_, err := newCache(t, f, checked(t)).Finished(context.Background())
			var of *rush.TaskError
			if !errors.As(err, &of) || of.Key != k || !strings.Contains(err.Error(), "xs") {
				t.Errorf("got %v, want an error about the xs of task %d", err, k)
			}
		})
	}
}

func TestAnErrorOfTheSourceIsPassedOn(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	f := newFake()
	if _, err := newCache(t, f, nil).Finished(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
