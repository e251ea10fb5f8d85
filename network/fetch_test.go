package network_test

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/store/dial"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/rushworker"
	"github.com/rushnet/rush/table"
)

// columns returns a table's column names, and releases the table.
func columns(t *testing.T, tbl table.Table, err error) []string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer tbl.Release()
	names := []string{}
	for _, f := range tbl.Schema().Fields() {
		names = append(names, f.Name)
	}
	return names
}

// size returns how many rows a table has, and releases it.
func size(t *testing.T, tbl table.Table, err error) int64 {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer tbl.Release()
	return tbl.NumRows()
}

func numbers(tasks []*rush.Task) []rush.TaskKey {
	keys := []rush.TaskKey{}
	for _, task := range tasks {
		keys = append(keys, task.Key)
	}
	return keys
}

// finish pushes tasks that are finished already.
func finish(t *testing.T, ctx context.Context, net *network.Rush, n int) {
	t.Helper()
	tasks := make([]rush.Task, n)
	for i := range tasks {
		tasks[i] = rush.Task{State: rush.Finished, XS: rush.Values{"x": i}, YS: rush.Values{"y": i}}
	}
	if _, err := net.PushTasks(ctx, tasks); err != nil {
		t.Fatal(err)
	}
}

func TestTasksAreFetchedByStateWithTheFieldsAskedFor(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		w, err := rushworker.Open(ctx, rushworker.Config{Store: url, Network: net.ID(), ID: "w1", Expiry: time.Hour})
		if err != nil {
			t.Fatal(err)
		}
		defer w.Close(ctx, "the test is over")
		_, err = net.PushTasks(ctx, []rush.Task{
			{State: rush.Finished, XS: rush.Values{"x": 0.0}, YS: rush.Values{"y": 1.0}},
			{State: rush.Failed, XS: rush.Values{"x": 1.0}, Condition: &rush.Condition{Class: rush.ClassError, Message: "it diverged"}},
			{XS: rush.Values{"x": 2.0}, XSExtra: rush.Values{"source": "hand"}},
			{XS: rush.Values{"x": 3.0}, Options: rush.Options{Queue: "w1"}},
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.PushRunning(ctx, rush.Values{"x": 4.0}); err != nil {
			t.Fatal(err)
		}
		for state, want := range map[rush.State][]rush.TaskKey{
			rush.Finished: {0}, rush.Failed: {1}, rush.Queued: {2, 3}, rush.Running: {4}, "": {0, 1, 2, 3, 4},
		} {
			states := []rush.State{state}
			if state == "" {
				states = nil // all
			}
			tasks, err := net.Rows(ctx, states, nil)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, numbers(tasks)); diff != "" {
				t.Errorf("%s tasks: -want +got:\n%s", state, diff)
			}
			tbl, err := net.Table(ctx, states, nil)
			if rows := size(t, tbl, err); rows != int64(len(want)) {
				t.Errorf("%s tasks: the table has %d rows, expected %d", state, rows, len(want))
			}
		}
		tbl, err := net.Table(ctx, []rush.State{rush.Queued}, &table.Options{Fields: rush.FieldXS | rush.FieldXSExtra})
		if diff := cmp.Diff([]string{"number", "state", "x", "source", "attempt"}, columns(t, tbl, err)); diff != "" {
			t.Errorf("columns: -want +got:\n%s", diff)
		}
		priority, err := net.PriorityKeys(ctx)
		if diff := cmp.Diff([]rush.TaskKey{3}, priority); diff != "" || err != nil {
			t.Errorf("priority tasks: %v, -want +got:\n%s", err, diff)
		}
		tasks, err := net.Rows(ctx, []rush.State{rush.Queued}, &table.Options{Keys: priority, Fields: rush.FieldXS})
		if err != nil || len(tasks) != 1 || tasks[0].XS["x"] != 3.0 || tasks[0].Queue != "" {
			t.Errorf("found %+v, %v; expected the priority task with its xs only", tasks, err)
		}
	})
}

// A counted store counts the entries of logs that are read from it, and the
// calls that read anything else of tasks.
type counted struct {
	store.Store
	entries, others *atomic.Int64
}

type countedNetwork struct {
	store.Network
	counted
}

func (c counted) Network(id rush.NetworkID) store.Network {
	return countedNetwork{c.Store.Network(id), c}
}

func (c countedNetwork) Ended(ctx context.Context, from rush.Cursor, max int, fields rush.Fields, wait time.Duration) (rush.Page, error) {
	page, err := c.Network.Ended(ctx, from, max, fields, wait)
	c.entries.Add(int64(len(page.Endings)))
	return page, err
}

func (c countedNetwork) Records(ctx context.Context, keys []rush.TaskKey, fields rush.Fields) ([]rush.Record, error) {
	c.others.Add(1)
	return c.Network.Records(ctx, keys, fields)
}

func (c countedNetwork) Keys(ctx context.Context, state rush.State) ([]rush.TaskKey, error) {
	c.others.Add(1)
	return c.Network.Keys(ctx, state)
}

// What was fetched is not read again: what is read of the store is counted.
func TestFinishedTasksAreReadOnce(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		var c counted
		c.entries, c.others = new(atomic.Int64), new(atomic.Int64)
		ctx := dial.Wrap(within(t), func(st store.Store) store.Store {
			c.Store = st
			return c
		})
		net, err := network.Open(ctx, network.Config{Store: url, Network: rush.NetworkID("once-" + uuid.NewString())})
		if err != nil {
			t.Fatal(err)
		}
		defer net.Close()
		finish(t, ctx, net, 2500)
		for i, step := range []struct{ rows, read int64 }{{2500, 2500}, {2500, 0}, {2510, 10}, {2510, 2510}} {
			switch i {
			case 2:
				finish(t, ctx, net, 10)
			case 3:
				net.ResetCache()
			}
			c.entries.Store(0)
			tbl, err := net.Finished(ctx)
			if rows := size(t, tbl, err); rows != step.rows {
				t.Errorf("step %d: found %d rows, expected %d", i, rows, step.rows)
			}
			if read := c.entries.Load(); read != step.read || c.others.Load() != 0 {
				t.Errorf("step %d: %d endings were read, and %d times something else; expected %d endings", i, read, c.others.Load(), step.read)
			}
		}
	})
}

func TestNewTasksAreFetchedOnceAndWaitedFor(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		finish(t, ctx, net, 3)
		for _, want := range []int64{3, 0} {
			tbl, err := net.New(ctx, 0)
			if rows := size(t, tbl, err); rows != want {
				t.Errorf("found %d new tasks, expected %d", rows, want)
			}
		}
		if tbl, err := net.AwaitFinished(ctx, 10*time.Millisecond); size(t, tbl, err) != 0 {
			t.Error("found tasks though none was new")
		}
		fetched := make(chan int64, 1)
		go func() {
			tbl, err := net.AwaitFinished(ctx, time.Hour)
			if err != nil {
				t.Error(err)
				fetched <- -1
				return
			}
			defer tbl.Release()
			fetched <- tbl.NumRows()
		}()
		finish(t, ctx, net, 1)
		if all := <-fetched; all != 4 {
			t.Errorf("found %d tasks after a new one, expected all 4", all)
		}
	})
}

// Tasks of several states are read while workers move them from one to the
// next: none is there twice, and none is missing.
func TestStatesAreReadAtOneMoment(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		const n = 3000
		keys, err := net.Push(ctx, make([]rush.Values, n)...)
		if err != nil {
			t.Fatal(err)
		}
		_, err = net.StartInProcess(ctx, network.Workers{N: 2}, queueOf(func(context.Context, *loops.Evaluation) (rush.Values, error) {
			return rush.Values{"y": 1}, nil
		}))
		if err != nil {
			t.Fatal(err)
		}
		moving := 0
		for ended := int64(0); ended < n; {
			tasks, err := net.Rows(ctx, nil, &table.Options{Fields: rush.FieldYS})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(keys, numbers(tasks)); diff != "" {
				t.Fatalf("-want +got:\n%s", diff)
			}
			ended = 0
			for _, task := range tasks {
				if task.State == rush.Finished {
					ended++
				}
			}
			if ended > 0 && ended < n {
				moving++
			}
		}
		if moving == 0 {
			t.Error("no read saw tasks on their way")
		}
	})
}

// A hand has deleted tasks in the store: they have no row, which is told once,
// and what comes later is read all the same.
func TestMissingTasksAreDroppedWithAWarning(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx := within(t)
		var log bytes.Buffer
		net, err := network.Open(ctx, network.Config{
			Store: url, Network: rush.NetworkID("missing-" + uuid.NewString()), Log: slog.New(slog.NewTextHandler(&log, nil)),
		})
		if err != nil {
			t.Fatal(err)
		}
		defer net.Close()
		finish(t, ctx, net, 5)
		deleteByHand(t, url, net.ID(), 1)
		deleteByHand(t, url, net.ID(), 3)
		for want := int64(3); want < 6; want++ { // one more is finished before each read but the first
			tbl, err := net.Finished(ctx)
			if rows := size(t, tbl, err); rows != want {
				t.Errorf("found %d rows, expected %d", rows, want)
			}
			finish(t, ctx, net, 1)
		}
		for _, word := range []string{"task=1", "task=3"} {
			if n := strings.Count(log.String(), word); n != 1 {
				t.Errorf("the log names %s %d times, expected once:\n%s", word, n, &log)
			}
		}
		all, err := net.Rows(ctx, nil, nil)
		if diff := cmp.Diff([]rush.TaskKey{0, 2, 4, 5, 6, 7}, numbers(all)); diff != "" || err != nil {
			t.Errorf("%v, -want +got:\n%s", err, diff)
		}
	})
}

// Vectors become list columns and a column that comes late is null before,
// over 100,000 tasks as over a few.
func TestTablesOfManyTasks(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		for _, n := range []int{10, manyRows} {
			ctx, net := within(t), open(t, url)
			tasks := make([]rush.Task, n)
			for i := range tasks {
				tasks[i] = rush.Task{State: rush.Finished, XS: rush.Values{"v": []any{0.5, i}}, YS: rush.Values{"y": i}}
			}
			tasks[n-1].YS["late"] = "at last"
			if _, err := net.PushTasks(ctx, tasks); err != nil {
				t.Fatal(err)
			}
			tbl, err := net.Finished(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if tbl.NumRows() != int64(n) {
				t.Errorf("found %d rows, expected %d", tbl.NumRows(), n)
			}
			for name, want := range map[string]struct {
				kind  string
				nulls int
			}{"v": {"list<item: float64, nullable>", 0}, "late": {"utf8", n - 1}, "y": {"int64", 0}} {
				column := tbl.Column(tbl.Schema().FieldIndices(name)[0])
				if kind, nulls := column.DataType().String(), column.Data().NullN(); kind != want.kind || nulls != want.nulls {
					t.Errorf("%d tasks: column %s is a %s with %d nulls, expected a %s with %d", n, name, kind, nulls, want.kind, want.nulls)
				}
			}
			tbl.Release()
		}
	})
}

func TestWorkersAsColumnsOfATable(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		ids, err := net.StartInProcess(ctx, network.Workers{N: 1}, queueOf(add))
		if err != nil {
			t.Fatal(err)
		}
		keys, err := net.Push(ctx, rush.Values{"x1": 1, "x2": 2})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := net.Wait(ctx, keys...); err != nil {
			t.Fatal(err)
		}
		tbl, err := net.Finished(ctx)
		if err != nil {
			t.Fatal(err)
		}
		defer tbl.Release()
		wide, err := net.WithWorkers(ctx, tbl)
		if err != nil {
			t.Fatal(err)
		}
		defer wide.Release()
		var text bytes.Buffer
		if err := table.Write(&text, wide, table.JSONLines, nil); err != nil {
			t.Fatal(err)
		}
		host, _ := os.Hostname()
		for name, want := range map[string]string{"worker_id": string(ids[0]), "worker_host": host} {
			if !strings.Contains(text.String(), `"`+name+`":"`+want+`"`) {
				t.Errorf("found %s, expected %s to be %s", &text, name, want)
			}
		}
		if !strings.Contains(text.String(), `"worker_pid":`) {
			t.Errorf("found %s, expected a worker_pid", &text)
		}
	})
}
