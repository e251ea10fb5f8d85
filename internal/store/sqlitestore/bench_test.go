package sqlitestore

import (
	"fmt"
	"path/filepath"
	"sync"
	"testing"

	"github.com/google/uuid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/wire"
)

// benchTasks is the size of the benchmarks that push and fetch.
const benchTasks = 100_000

// benchNetwork returns a network in a new file, and the file's path.
func benchNetwork(b *testing.B, id rush.NetworkID) (store.Network, string) {
	b.Helper()
	path := filepath.Join(b.TempDir(), "rush.db")
	n := benchOpen(b, path, id)
	if _, err := n.Define(b.Context(), store.Definition{Body: []byte("bench")}); err != nil {
		b.Fatal(err)
	}
	return n, path
}

// benchOpen opens the network of a file once more, as another process does.
func benchOpen(b *testing.B, path string, id rush.NetworkID) store.Network {
	b.Helper()
	s, err := Open(b.Context(), path, nil)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	return s.Network(id)
}

func benchValues(b *testing.B, v rush.Values) []byte {
	b.Helper()
	bytes, err := wire.Encode(v)
	if err != nil {
		b.Fatal(err)
	}
	return bytes
}

func benchPoint(b *testing.B) []byte {
	return benchValues(b, rush.Values{"x1": 0.123456789, "x2": 12.3456789})
}

func benchResult(b *testing.B) []byte { return benchValues(b, rush.Values{"y": 1.23456789}) }

// benchPush pushes tasks, all in one call.
func benchPush(b *testing.B, n store.Network, count int) {
	b.Helper()
	xs := benchPoint(b)
	tasks := make([]store.NewTask, count)
	for i := range tasks {
		tasks[i].XS = xs
	}
	if _, err := n.Create(b.Context(), tasks, uuid.NewString()); err != nil {
		b.Fatal(err)
	}
}

// benchWorker registers a worker and has it take steps until it is to stop.
func benchWorker(b *testing.B, n store.Network, id rush.WorkerID, next func(turn *store.Turn) (step store.Step, more bool)) {
	if err := n.Register(b.Context(), rush.Worker{ID: id, PID: 1}); err != nil {
		b.Error(err)
		return
	}
	turn := store.Turn{Created: rush.NoTask, Claimed: rush.NoTask}
	for nonce := int64(1); ; nonce++ {
		step, more := next(&turn)
		if !more {
			return
		}
		step.Worker, step.Nonce = id, nonce
		var err error
		if turn, err = n.Next(b.Context(), step); err != nil {
			b.Error(err)
			return
		}
	}
}

// benchWorkers runs workers at once, each over the network that open gives it.
func benchWorkers(b *testing.B, workers int, open func() store.Network, loop func(n store.Network, id rush.WorkerID)) {
	b.Helper()
	networks := make([]store.Network, workers)
	for i := range networks {
		networks[i] = open()
	}
	b.ResetTimer()
	var all sync.WaitGroup
	for i, n := range networks {
		all.Go(func() { loop(n, rush.WorkerID(fmt.Sprintf("w%d", i))) })
	}
	all.Wait()
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "tasks/s")
}

// benchEach runs a benchmark with workers that share a handle, and with
// workers that each have their own, as processes do.
func benchEach(b *testing.B, run func(b *testing.B, n store.Network, workers int, open func() store.Network)) {
	for _, workers := range []int{1, 2, 8} {
		b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) {
			n, _ := benchNetwork(b, "bench")
			run(b, n, workers, func() store.Network { return n })
		})
	}
	b.Run("handles=2", func(b *testing.B) {
		n, path := benchNetwork(b, "bench")
		run(b, n, 2, func() store.Network { return benchOpen(b, path, "bench") })
	})
}

// BenchmarkQueueLoop pops queued tasks and finishes them, with one step a
// task.
func BenchmarkQueueLoop(b *testing.B) {
	benchEach(b, func(b *testing.B, n store.Network, workers int, open func() store.Network) {
		benchPush(b, n, b.N)
		ys := benchResult(b)
		benchWorkers(b, workers, open, func(n store.Network, id rush.WorkerID) {
			begun := false
			benchWorker(b, n, id, func(turn *store.Turn) (step store.Step, more bool) {
				step.Pop = true
				if turn.Task != nil {
					step.Done = []store.Done{{Key: turn.Task.Key, Attempt: turn.Task.Attempt, YS: ys}}
				}
				more = !begun || turn.Task != nil
				begun = true
				return step, more
			})
		})
	})
}

// BenchmarkDecentralized proposes tasks and finishes them, with one step a
// task.
func BenchmarkDecentralized(b *testing.B) {
	benchEach(b, func(b *testing.B, _ store.Network, workers int, open func() store.Network) {
		xs, ys := benchPoint(b), benchResult(b)
		benchWorkers(b, workers, open, func(n store.Network, id rush.WorkerID) {
			left := b.N / workers
			benchWorker(b, n, id, func(turn *store.Turn) (step store.Step, more bool) {
				step.Propose = &store.Proposal{Key: rush.NoTask, XS: xs}
				if turn.Created != rush.NoTask {
					step.Done = []store.Done{{Key: turn.Created, Attempt: 1, YS: ys}}
				}
				left--
				return step, left >= 0
			})
		})
	})
}

// BenchmarkPush100k pushes 100,000 queued tasks.
func BenchmarkPush100k(b *testing.B) {
	for range b.N {
		b.StopTimer()
		n, _ := benchNetwork(b, "bench")
		b.StartTimer()
		benchPush(b, n, benchTasks)
	}
	b.ReportMetric(benchTasks*float64(b.N)/b.Elapsed().Seconds(), "tasks/s")
}

// benchFinished makes 100,000 finished tasks.
func benchFinished(b *testing.B) store.Network {
	b.Helper()
	n, _ := benchNetwork(b, "bench")
	xs, ys := benchPoint(b), benchResult(b)
	tasks := make([]store.NewTask, benchTasks)
	for i := range tasks {
		tasks[i] = store.NewTask{State: rush.Finished, XS: xs, YS: ys}
	}
	if _, err := n.Create(b.Context(), tasks, uuid.NewString()); err != nil {
		b.Fatal(err)
	}
	return n
}

// BenchmarkFetch100k reads 100,000 finished tasks, page by page.
func BenchmarkFetch100k(b *testing.B) {
	n := benchFinished(b)
	for name, fields := range map[string]rush.Fields{
		"log": rush.NoFields, "all": rush.AllFields,
		"table": rush.FieldXS | rush.FieldYS | rush.FieldXSExtra | rush.FieldYSExtra | rush.FieldWorker | rush.FieldTimes,
	} {
		b.Run("fields="+name, func(b *testing.B) {
			for range b.N {
				page := rush.Page{More: true}
				for page.More {
					var err error
					if page, err = n.Ended(b.Context(), page.Next, 0, fields, 0); err != nil {
						b.Fatal(err)
					}
				}
			}
			b.ReportMetric(benchTasks*float64(b.N)/b.Elapsed().Seconds(), "tasks/s")
		})
	}
}

// BenchmarkFetchNothingNew reads from the end of the log of 100,000 tasks.
func BenchmarkFetchNothingNew(b *testing.B) {
	n := benchFinished(b)
	b.ResetTimer()
	for range b.N {
		page, err := n.Ended(b.Context(), rush.Cursor{Offset: benchTasks}, 0, rush.AllFields, 0)
		if err != nil || len(page.Endings) != 0 {
			b.Fatal(len(page.Endings), err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "fetches/s")
}
