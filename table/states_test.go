package table_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/table"
)

// network returns a source with a task of each state: 0 finished, 1 running, 2
// failed, 3 queued, 4 deferred.
func network(t testing.TB) *fake {
	t.Helper()
	f := newFake()
	f.finished(t, x(0), y(0))
	f.push(t, rush.Running, x(1))
	k := f.push(t, rush.Running, x(2))
	f.fail(t, k, &rush.Condition{Class: rush.ClassError, Message: "singular matrix"})
	f.push(t, rush.Queued, x(3))
	f.push(t, rush.Deferred, x(4))
	return f
}

func states(t testing.TB, f *fake, of ...rush.State) []any {
	t.Helper()
	tbl := must(t)(table.States(context.Background(), f, of, checked(t)))
	var out []any
	for _, row := range table.Maps(tbl) {
		out = append(out, row["number"], row["state"])
	}
	return out
}

func TestStatesGivesTheTasksInThem(t *testing.T) {
	t.Parallel()
	f := network(t)
	n := func(i int) any { return int64(i) }
	for _, tc := range []struct {
		of   []rush.State
		want []any
	}{
		{nil, []any{n(0), "finished", n(1), "running", n(2), "failed", n(3), "queued", n(4), "deferred"}},
		{[]rush.State{rush.Running, rush.Finished}, []any{n(0), "finished", n(1), "running"}},
		{[]rush.State{rush.Failed}, []any{n(2), "failed"}},
		{[]rush.State{rush.Queued, rush.Deferred}, []any{n(3), "queued", n(4), "deferred"}},
	} {
		if diff := cmp.Diff(tc.want, states(t, f, tc.of...)); diff != "" {
			t.Errorf("%v: %s", tc.of, diff)
		}
	}
	if _, err := table.States(context.Background(), f, []rush.State{"done"}, nil); err == nil || !strings.Contains(err.Error(), `"done"`) {
		t.Errorf("a state that does not exist: %v", err)
	}
}

// once makes a hook that changes the source the first time it is called.
func once(change func()) func() {
	done := false
	return func() {
		if !done {
			done = true
			change()
		}
	}
}

func TestWhatHappensWhileStatesReadsIsNotShown(t *testing.T) {
	t.Parallel()
	f := network(t)
	f.onRecord = once(func() {
		f.finish(t, 1, y(1))
		f.run(3)
		f.run(4)
		f.finish(t, 4, y(4))
		f.retry(0)
		f.run(0)
		f.finish(t, 0, y(100))
		f.retry(2)
		f.push(t, rush.Queued, x(5))
	})
	tbl := must(t)(table.States(context.Background(), f, nil, checked(t)))
	for name, want := range map[string][]any{
		"number":          {int64(0), int64(1), int64(2), int64(3), int64(4)},
		"state":           {"finished", "running", "failed", "queued", "deferred"},
		"y":               {int64(0), nil, nil, nil, nil},
		"condition_class": {nil, nil, "error", nil, nil},
		"worker_id":       {"w1", "w1", "w1", nil, nil},
		"evaluating":      {0.0, 0.0, 0.0, 0.0, 0.0},
		"attempt":         {int64(1), int64(1), int64(1), int64(0), int64(0)},
	} {
		if diff := cmp.Diff(want, column(t, tbl, name)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestTasksDeletedWhileStatesReadsAreLeftOut(t *testing.T) {
	t.Parallel()
	f := network(t)
	f.onRecord = once(func() { f.delete(0); f.delete(3) })
	if diff := cmp.Diff([]any{int64(1), "running", int64(2), "failed", int64(4), "deferred"}, states(t, f)); diff != "" {
		t.Error(diff)
	}
}

func TestAResetWhileStatesReadsIsAnError(t *testing.T) {
	t.Parallel()
	for name, hook := range map[string]func(*fake, func()){
		"before the log":     func(f *fake, h func()) { f.onEnded = h },
		"before the records": func(f *fake, h func()) { f.onRecord = h },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := network(t)
			hook(f, once(func() {
				f.reset()
				f.finished(t, x(7), y(7))
			}))
			_, err := table.States(context.Background(), f, nil, checked(t))
			if !errors.Is(err, rush.ErrChanged) || !strings.Contains(err.Error(), "reset") {
				t.Errorf("got %v, want ErrChanged", err)
			}
		})
	}
}

func TestAnAttemptThatIsGoneIsAnErrorThatNamesIt(t *testing.T) {
	t.Parallel()
	f := network(t)
	f.onRecord = once(func() {
		f.retry(2)
		f.tasks[2].Attempts = nil // as if it had been deleted and created again
	})
	_, err := table.States(context.Background(), f, nil, checked(t))
	var of *rush.TaskError
	if !errors.As(err, &of) || of.Key != 2 || !errors.Is(err, rush.ErrChanged) || !strings.Contains(err.Error(), "attempt 1") {
		t.Errorf("got %v, want ErrChanged of attempt 1 of task 2", err)
	}
}

func TestRowsAreTasks(t *testing.T) {
	t.Parallel()
	f := network(t)
	f.retry(2)
	f.run(2)
	f.finish(t, 2, y(2))
	got, err := table.Rows(context.Background(), f, []rush.State{rush.Finished}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || got[0].Key != 0 || got[1].Key != 2 {
		t.Fatalf("got %d tasks: %v", len(got), got)
	}
	task := got[1]
	if task.YS["y"] != int64(2) || task.Attempt != 2 || len(task.Attempts) != 1 || task.Attempts[0].Condition.Message != "singular matrix" {
		t.Errorf("got %+v", task)
	}
	if got, err := table.Rows(context.Background(), f, nil, &table.Options{Fields: rush.FieldXS}); err != nil || len(got) != 5 {
		t.Errorf("got %d tasks, %v", len(got), err)
	}
}

// TestTheCacheAndStatesAgree does anything to tasks, in any order, and
// compares what a cache has made of the log, in steps, with what there is.
func TestTheCacheAndStatesAgree(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		f := newFake()
		f.page = rapid.IntRange(1, 5).Draw(rt, "page")
		c, err := table.NewCache(f, nil)
		if err != nil {
			rt.Fatal(err)
		}
		given := map[int64]int64{} // number: newest attempt that New gave
		pick := func(of ...rush.State) rush.TaskKey {
			var keys []rush.TaskKey
			for i, r := range f.tasks {
				for _, s := range of {
					if r != nil && r.State == s {
						keys = append(keys, rush.TaskKey(i))
					}
				}
			}
			if len(keys) == 0 {
				rt.Skip("no such task")
			}
			return rapid.SampledFrom(keys).Draw(rt, "task")
		}
		compare := func(rt *rapid.T) {
			for state, read := range map[rush.State]func(context.Context) (arrow.Table, error){
				rush.Finished: func(ctx context.Context) (arrow.Table, error) { return c.Finished(ctx) },
				rush.Failed:   func(ctx context.Context) (arrow.Table, error) { return c.Failed(ctx) },
			} {
				got, err := read(context.Background())
				if err != nil {
					rt.Fatal(err)
				}
				want, err := table.Rows(context.Background(), f, []rush.State{state}, nil)
				if err != nil {
					rt.Fatal(err)
				}
				if diff := cmp.Diff(attemptsOf(want), attempts(got)); diff != "" {
					rt.Fatalf("%s: -want +got:\n%s", state, diff)
				}
			}
		}
		rt.Repeat(map[string]func(*rapid.T){
			"push":   func(*rapid.T) { f.push(t, rush.Queued, x(1)) },
			"run":    func(*rapid.T) { f.run(pick(rush.Queued)) },
			"finish": func(*rapid.T) { f.finish(t, pick(rush.Running), y(1)) },
			"fail":   func(*rapid.T) { f.fail(t, pick(rush.Running), rush.DefaultCondition()) },
			"retry":  func(*rapid.T) { f.retry(pick(rush.Finished, rush.Failed)) },
			"delete": func(*rapid.T) { f.delete(pick(rush.Finished, rush.Failed, rush.Queued)) },
			"reset": func(rt *rapid.T) {
				if rapid.IntRange(0, 9).Draw(rt, "seldom") == 0 {
					f.reset()
					clear(given)
				}
			},
			"fetch": compare,
			"new": func(rt *rapid.T) {
				tbl, err := c.New(context.Background(), 0)
				if err != nil {
					rt.Fatal(err)
				}
				for number, attempt := range attempts(tbl) {
					if given[number] >= attempt {
						rt.Fatalf("New gave attempt %d of task %d twice", attempt, number)
					}
					given[number] = attempt
				}
			},
		})
		compare(rt)
	})
}

func TestSomeTasksNeedNoLog(t *testing.T) {
	t.Parallel()
	f := network(t)
	opts := checked(t)
	opts.Keys = []rush.TaskKey{4, 0, 2, 77}
	if diff := cmp.Diff([]int64{0, 2, 4}, numbers(must(t)(table.States(context.Background(), f, nil, opts)))); diff != "" {
		t.Error(diff)
	}
	f.retry(0)
	if diff := cmp.Diff([]int64{2}, numbers(must(t)(table.States(context.Background(), f, []rush.State{rush.Finished, rush.Failed}, opts)))); diff != "" {
		t.Error(diff)
	}
	opts.Keys = []rush.TaskKey{}
	if n := must(t)(table.States(context.Background(), f, nil, opts)).NumRows(); n != 0 {
		t.Errorf("of no tasks there are %d rows", n)
	}
	for i := range 2000 { // more than are read at one moment
		opts.Keys = append(opts.Keys, rush.TaskKey(2002-i))
	}
	if diff := cmp.Diff([]int64{3, 4}, numbers(must(t)(table.States(context.Background(), f, nil, opts)))); diff != "" {
		t.Error(diff)
	}
}
