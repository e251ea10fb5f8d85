package table_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/redistest"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/store/redisstore"
	"github.com/rushnet/rush/internal/store/sqlitestore"
	"github.com/rushnet/rush/table"
)

func TestMain(m *testing.M) { os.Exit(redistest.Main(m)) }

// openers open each kind of store, for tests and benchmarks.
var openers = map[string]func(testing.TB) store.Store{
	"embedded": func(t testing.TB) store.Store {
		return opened(t)(sqlitestore.Open(context.Background(), filepath.Join(t.TempDir(), "rush.db"), nil))
	},
	"redis": func(t testing.TB) store.Store {
		return opened(t)(redisstore.Open(context.Background(), redistest.URL(t)))
	},
}

func opened(t testing.TB) func(store.Store, error) store.Store {
	return func(s store.Store, err error) store.Store {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		return s
	}
}

// define creates a network with a worker.
func define(t testing.TB, s store.Store) store.Network {
	t.Helper()
	ctx := context.Background()
	n := s.Network(rush.NetworkID(fmt.Sprintf("table-%d", time.Now().UnixNano())))
	if _, err := n.Define(ctx, store.Definition{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Destroy(ctx, n.ID()) })
	if err := n.Register(ctx, rush.Worker{ID: "w1", Host: "lab", PID: 1, Heartbeat: time.Hour, Expiry: 3 * time.Hour}); err != nil {
		t.Fatal(err)
	}
	return n
}

func create(t testing.TB, n store.Network, tasks ...store.NewTask) []rush.TaskKey {
	t.Helper()
	keys, err := n.Create(context.Background(), tasks, fmt.Sprint(time.Now().UnixNano()))
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

// TestThroughARealStore takes tasks through their lives in a real store and
// compares what the tables say at each step.
func TestThroughARealStore(t *testing.T) {
	t.Parallel()
	for name, open := range openers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx := context.Background()
			n := define(t, open(t))
			c := newCache(t, n, checked(t))
			keys := create(t, n,
				store.NewTask{State: rush.Finished, XS: pack(t, rush.Values{"x": 1}), YS: pack(t, y(0.5))},
				store.NewTask{State: rush.Running, Worker: "w1", XS: pack(t, rush.Values{"x": 2.5, "l": []any{1, 2}})},
				store.NewTask{XS: pack(t, rush.Values{"x": 3}), Options: rush.Options{Seed: []int32{10407, 1, 2, 3, 4, 5, 6}}},
			)
			if diff := cmp.Diff([]any{int64(1)}, column(t, finished(t, c), "x")); diff != "" {
				t.Error(diff)
			}
			end(t, n, store.Done{Key: keys[1], Attempt: 1, YS: pack(t, y(math2)), Spent: rush.Spent{Evaluating: 2 * time.Second}})
			tbl := finished(t, c)
			for name, want := range map[string][]any{
				"x": {1.0, 2.5}, "y": {0.5, math2}, "l": {nil, []any{int64(1), int64(2)}},
				"worker_id": {nil, "w1"}, "evaluating": {0.0, 2.0}, "attempt": {int64(0), int64(1)},
			} {
				if diff := cmp.Diff(want, column(t, tbl, name)); diff != "" {
					t.Errorf("%s: %s", name, diff)
				}
			}
			if err := n.Retry(ctx, keys[:1], store.RetryOptions{IgnoreLimit: true}); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]int64{1}, numbers(finished(t, c))); diff != "" {
				t.Error(diff)
			}
			all := must(t)(table.States(ctx, n, nil, checked(t)))
			if diff := cmp.Diff([]any{"queued", "finished", "queued"}, column(t, all, "state")); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff([]any{int64(10407), int64(1), int64(2), int64(3), int64(4), int64(5), int64(6)}, column(t, all, "seed")[2]); diff != "" {
				t.Error(diff)
			}
			var out bytes.Buffer
			if _, err := table.Export(ctx, n, &out, &table.ExportOptions{Format: table.Arrow}); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(table.Maps(all), table.Maps(readBack(t, table.Arrow, out.Bytes()))); diff != "" {
				t.Error(diff)
			}
			if _, err := n.Delete(ctx, keys[1:2]); err != nil {
				t.Fatal(err)
			}
			if err := n.Reset(ctx, false); err != nil {
				t.Fatal(err)
			}
			if got := finished(t, c).NumRows(); got != 0 {
				t.Errorf("%d rows are left after a reset", got)
			}
		})
	}
}

const math2 = 1.4142135623730951

func end(t testing.TB, n store.Network, done ...store.Done) {
	t.Helper()
	if _, err := n.End(context.Background(), done); err != nil {
		t.Fatal(err)
	}
}

// TestExportWhileARealStoreChanges retries tasks between the passes of an
// export: what it writes is what there was before.
func TestExportWhileARealStoreChanges(t *testing.T) {
	t.Parallel()
	for name, open := range openers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx := context.Background()
			n := define(t, open(t))
			var tasks []store.NewTask
			for i := range 50 {
				if i%2 == 0 { // ended from the beginning: attempt 0, of no worker
					tasks = append(tasks, store.NewTask{State: rush.Finished, XS: pack(t, x(i)), YS: pack(t, y(i))})
					continue
				}
				tasks = append(tasks, store.NewTask{State: rush.Running, Worker: "w1", XS: pack(t, x(i))})
			}
			keys := create(t, n, tasks...)
			for i, k := range keys {
				if i%2 == 0 {
					continue
				}
				end(t, n, store.Done{Key: k, Attempt: 1, YS: pack(t, y(int(k)))})
			}
			passes := 0
			s := hooked{Network: n, before: func() {
				if passes++; passes > 1 {
					return
				}
				if err := n.Retry(ctx, keys[10:20], store.RetryOptions{IgnoreLimit: true}); err != nil {
					t.Error(err)
				}
				if _, err := n.Delete(ctx, keys[:5]); err != nil {
					t.Error(err)
				}
			}}
			var out bytes.Buffer
			if _, err := table.Export(ctx, s, &out, &table.ExportOptions{Format: table.JSONLines}); err != nil {
				t.Fatal(err)
			}
			rows := readLines(t, out.Bytes())
			if len(rows) != 45 {
				t.Fatalf("got %d rows, want 45", len(rows))
			}
			for i, row := range rows {
				k, worker := int64(i+5), any(nil)
				if k%2 == 1 {
					worker = "w1"
				}
				if row["number"] != k || row["state"] != "finished" || row["y"] != k || row["attempt"] != k%2 || row["worker_id"] != worker {
					t.Errorf("row %d is %v", i, row)
				}
			}
		})
	}
}

// A hooked network calls a function before it reads records.
type hooked struct {
	store.Network
	before func()
}

func (h hooked) Records(ctx context.Context, keys []rush.TaskKey, fields rush.Fields) ([]rush.Record, error) {
	h.before()
	return h.Network.Records(ctx, keys, fields)
}

// BenchmarkStore is what a person waits for: a cold fetch of 100,000 finished
// tasks through a real store, and one when nothing is new.
func BenchmarkStore(b *testing.B) {
	for name, open := range openers {
		b.Run(name, func(b *testing.B) {
			n := define(b, open(b))
			var tasks []store.NewTask
			for i := range benchTasks {
				u := float64(i) / 7
				tasks = append(tasks, store.NewTask{State: rush.Finished, XS: pack(b, rush.Values{"x1": u, "x2": -u}), YS: pack(b, y(u*u))})
			}
			create(b, n, tasks...)
			b.Run("cold", func(b *testing.B) {
				for b.Loop() {
					finished(b, newCache(b, n, nil))
				}
			})
			b.Run("nothing new", func(b *testing.B) {
				c := newCache(b, n, nil)
				finished(b, c)
				for b.Loop() {
					t, err := c.Finished(context.Background())
					if err != nil {
						b.Fatal(err)
					}
					t.Release()
				}
			})
		})
	}
}
