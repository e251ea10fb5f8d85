package network_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/google/uuid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/redistest"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/objects"
	"github.com/rushnet/rush/rushworker"
)

// benchStores runs a benchmark on each store, in a network of its own.
func benchStores(b *testing.B, run func(b *testing.B, net *network.Rush)) {
	for _, store := range []struct {
		name string
		url  func(b *testing.B) string
	}{
		{"embedded", func(b *testing.B) string { return filepath.Join(b.TempDir(), "rush.db") }},
		{"redis", func(b *testing.B) string { return redistest.URL(b) }},
	} {
		b.Run(store.name, func(b *testing.B) {
			net, err := network.Open(b.Context(), network.Config{Store: store.url(b), Network: rush.NetworkID("bench-" + uuid.NewString())})
			if err != nil {
				b.Fatal(err)
			}
			defer net.Close()
			b.ReportAllocs()
			run(b, net)
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "tasks/s")
		})
	}
}

func benchPoints(n int) []rush.Values {
	xss := make([]rush.Values, n)
	for i := range xss {
		xss[i] = rush.Values{"x1": float64(i), "x2": float64(i) / 2}
	}
	return xss
}

// benchProblem adds two inputs.
func benchProblem() *loops.Problem {
	add := func(_ context.Context, e *loops.Evaluation) (rush.Values, error) {
		return rush.Values{"y": e.XS["x1"].(float64) + e.XS["x2"].(float64)}, nil
	}
	return &loops.Problem{Objective: loops.ObjectiveFunc(add), Codomain: loops.Codomain{{Name: "y", Goal: loops.Minimize}}}
}

// BenchmarkPush pushes all tasks in one call.
func BenchmarkPush(b *testing.B) {
	benchStores(b, func(b *testing.B, net *network.Rush) {
		xss := benchPoints(b.N)
		b.ResetTimer()
		if _, err := net.Push(b.Context(), xss...); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
	})
}

// benchRun measures a worker in this process until its loop ends.
func benchRun(b *testing.B, net *network.Rush, loop loops.Loop) {
	b.Helper()
	b.ResetTimer()
	_, err := net.StartInProcess(b.Context(), network.Workers{N: 1, Loop: "bench"},
		func(context.Context, *rushworker.Worker) (loops.Loop, error) { return loop, nil })
	if err != nil {
		b.Fatal(err)
	}
	<-net.LocalDone()
	b.StopTimer()
	if counts, err := net.Counts(b.Context()); err != nil || counts.Finished != int64(b.N) {
		b.Fatalf("finished %d tasks of %d: %v", counts.Finished, b.N, err)
	}
}

// BenchmarkQueue has a worker evaluate what is queued.
func BenchmarkQueue(b *testing.B) {
	benchStores(b, func(b *testing.B, net *network.Rush) {
		if _, err := net.Push(b.Context(), benchPoints(b.N)...); err != nil {
			b.Fatal(err)
		}
		benchRun(b, net, &loops.Queue{Problem: benchProblem(), UntilDrained: true})
	})
}

// BenchmarkSearch has a worker propose, evaluate and deliver points.
func BenchmarkSearch(b *testing.B) {
	benchStores(b, func(b *testing.B, net *network.Rush) {
		def, err := net.Definition(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		def.Limit = int64(b.N)
		if err := net.Define(b.Context(), def); err != nil {
			b.Fatal(err)
		}
		square := space.MustNew(space.Param{Name: "x1", Type: space.Dbl, Upper: 1}, space.Param{Name: "x2", Type: space.Dbl, Upper: 1})
		benchRun(b, net, &loops.RandomSearch{Problem: benchProblem(), Space: square})
	})
}

// BenchmarkLarge has a worker evaluate what is queued, the inputs and outputs of
// which are objects: 8 KB each, in a directory.
func BenchmarkLarge(b *testing.B) {
	benchStores(b, func(b *testing.B, net *network.Rush) {
		if err := net.Objects().SetLimits(b.Context(), objects.Limits{Inline: 1000, Directory: b.TempDir()}); err != nil {
			b.Fatal(err)
		}
		xss := make([]rush.Values, b.N)
		for i := range xss {
			xss[i] = rush.Values{"x": list(900, float64(i))}
		}
		if _, err := net.Push(b.Context(), xss...); err != nil {
			b.Fatal(err)
		}
		same := func(_ context.Context, e *loops.Evaluation) (rush.Values, error) {
			return rush.Values{"y": e.XS["x"], "z": list(900, -float64(e.Task))}, nil
		}
		benchRun(b, net, &loops.Queue{Problem: &loops.Problem{Objective: loops.ObjectiveFunc(same)}, UntilDrained: true})
	})
}
