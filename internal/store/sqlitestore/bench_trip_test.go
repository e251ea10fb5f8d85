package sqlitestore

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// BenchmarkRoundTrip pushes a task that a waiting worker finishes, and waits
// for its result, each over a handle of its own.
func BenchmarkRoundTrip(b *testing.B) {
	n, path := benchNetwork(b, "bench")
	worker := benchOpen(b, path, "bench")
	ys := benchResult(b)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		benchWorker(b, worker, "w", func(turn *store.Turn) (step store.Step, more bool) {
			step = store.Step{Pop: true, Wait: time.Hour, Idle: true}
			if turn.Task != nil {
				step.Done = []store.Done{{Key: turn.Task.Key, Attempt: 1, YS: ys}}
			}
			return step, turn.Stop == ""
		})
	}()
	xs := benchPoint(b)
	trips := make([]time.Duration, b.N)
	var from rush.Cursor
	b.ResetTimer()
	for i := range trips {
		begun := time.Now()
		if _, err := n.Create(b.Context(), []store.NewTask{{XS: xs}}, uuid.NewString()); err != nil {
			b.Fatal(err)
		}
		page, err := n.Ended(b.Context(), from, 0, rush.FieldYS, time.Hour)
		if err != nil {
			b.Fatal(err)
		}
		from, trips[i] = page.Next, time.Since(begun)
	}
	b.StopTimer()
	if err := n.RequestStop(b.Context(), rush.RunDone, "done"); err != nil {
		b.Fatal(err)
	}
	<-ended
	slices.Sort(trips)
	b.ReportMetric(float64(trips[len(trips)/2].Microseconds()), "µs-p50")
	b.ReportMetric(float64(trips[len(trips)*99/100].Microseconds()), "µs-p99")
	b.ReportMetric(float64(trips[len(trips)-1].Microseconds()), "µs-max")
}
