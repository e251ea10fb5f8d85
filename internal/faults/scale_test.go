package faults_test

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/network"
)

// A crowd is how many workers evaluate how many tasks, of which one in a
// hundred fails.
type crowd struct{ tasks, workers int }

func TestManyTasks(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) { crowd{10_000, 2}.work(t, url) })
}

func TestManyWorkers(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) { crowd{3_200, 16}.work(t, url) })
}

// The soaks run one store after the other: two crowds would only wait for each
// other.
func TestSoakManyTasks(t *testing.T) { soak(t, crowd{100_000, 4}) }

func TestSoakManyWorkers(t *testing.T) { soak(t, crowd{20_000, 64}) }

func soak(t *testing.T, c crowd) {
	t.Helper()
	if os.Getenv("RUSH_SOAK") != "1" {
		return
	}
	for name, url := range stores(t) {
		t.Run(name, func(t *testing.T) { c.work(t, url) })
	}
}

// work has the crowd do its work and expects that all of it was done once, and
// that no worker was lost though the machine is loaded.
func (c crowd) work(t *testing.T, url string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	s := newScene(t, url)
	net, err := network.Open(ctx, network.Config{Store: url, Network: s.id})
	if err != nil {
		t.Fatal(err)
	}
	defer net.Close()
	if _, err := net.StartWorkers(ctx, network.Workers{N: c.workers, Constants: rush.Values{"fail_every": int64(100)}}); err != nil {
		t.Fatal(err)
	}
	points := make([]rush.Values, c.tasks)
	for i := range points {
		points[i] = rush.Values{"x": float64(i)}
	}
	keys, err := net.Push(ctx, points...)
	if err != nil {
		t.Fatal(err)
	}
	if ok, err := net.Wait(ctx, keys...); ok || err != nil {
		t.Fatalf("found %v, %v; expected some to have failed", ok, err)
	}
	if _, err := net.StopWorkers(ctx, rush.SignalTerminate); err != nil {
		t.Fatal(err)
	}
	c.check(ctx, s, net)
}

func (c crowd) check(ctx context.Context, s *scene, net *network.Rush) {
	s.t.Helper()
	s.sound()
	counts, err := net.Counts(ctx)
	if err != nil {
		s.t.Fatal(err)
	}
	n := int64(c.tasks)
	if counts.Created != n || counts.Failed != n/100 || counts.Finished != n-n/100 || counts.Total() != n {
		s.t.Errorf("found %+v; expected %d finished and %d failed", counts, n-n/100, n/100)
	}
	workers, err := net.Workers(ctx)
	if err != nil || len(workers) != c.workers {
		s.t.Fatalf("found %d workers, %v; expected %d", len(workers), err, c.workers)
	}
	var done int64
	for _, w := range workers {
		done += w.Tasks
		if w.State != rush.WorkerTerminated {
			s.t.Errorf("worker %s is %s: %s", w.ID, w.State, w.Reason)
		}
	}
	if done != n {
		s.t.Errorf("the workers count %d tasks, expected %d", done, n)
	}
}
