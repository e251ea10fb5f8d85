package sqlitestore

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// openOff opens a store on a machine whose clock is off by then.
func openOff(t *testing.T, path string, off time.Duration) *Store {
	t.Helper()
	s, err := Open(setOff(t.Context(), off), path, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// sweepOff expects a sweep to find these workers lost.
func sweepOff(t *testing.T, n store.Network, want ...rush.WorkerID) {
	t.Helper()
	lost, err := n.Sweep(t.Context(), "", []byte{0x80})
	if err != nil {
		t.Fatal(err)
	}
	var got []rush.WorkerID
	for _, w := range lost {
		got = append(got, w.ID)
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("the workers %v are lost, expected %v", got, want)
	}
}

// The machine's clock is set an hour forward or back while workers run, and
// others join. No worker is lost for it, one whose heartbeat has lapsed is, and
// neither the run nor its tasks take an hour.
func TestWhoSetsTheMachinesClockChangesNothing(t *testing.T) {
	t.Parallel()
	for _, off := range []time.Duration{time.Hour, -time.Hour} {
		t.Run(fmt.Sprint(off), func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "rush.db")
			began := time.Now()
			before := define(t, openOff(t, path, 0))
			if _, err := before.BeginRun(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := before.Register(t.Context(), rush.Worker{ID: "old", Expiry: 10 * time.Minute}); err != nil {
				t.Fatal(err)
			}
			keys, err := push(t.Context(), before, "some", 1)
			if err != nil {
				t.Fatal(err)
			}

			after := openOff(t, path, off).Network("test")
			child := startChild(t, "beat", path, fmt.Sprint(offVariable, "=", off))
			child.expect(t, "beaten")
			sweepOff(t, after)
			sweepOff(t, before)
			if err := after.Register(t.Context(), rush.Worker{ID: "lapses", Expiry: time.Microsecond}); err != nil {
				t.Fatal(err)
			}
			sweepOff(t, before, "lapses")

			if _, err := after.Next(t.Context(), store.Step{Worker: "child", Nonce: 1, Pop: true}); err != nil {
				t.Fatal(err)
			}
			if _, err := before.End(t.Context(), []store.Done{{Key: keys[0], Attempt: 1, YS: []byte{0x80}}}); err != nil {
				t.Fatal(err)
			}
			ordered(t, after, keys[0], began)
			run, err := after.EndRun(t.Context(), rush.RunDone, "over")
			if took := time.Since(began); err != nil || run.Elapsed <= 0 || run.Elapsed > took {
				t.Errorf("the run took %v, %v; expected at most %v", run.Elapsed, err, took)
			}
		})
	}
}

// ordered expects the times of a task to be between a moment and now.
func ordered(t *testing.T, n store.Network, key rush.TaskKey, began time.Time) {
	t.Helper()
	tasks, err := n.Records(t.Context(), []rush.TaskKey{key}, rush.AllFields)
	if err != nil {
		t.Fatal(err)
	}
	r := tasks[0]
	last := began.UnixMicro() - 1
	for _, at := range []int64{r.Created, r.Started, r.Finished, time.Now().UnixMicro() + 1} {
		if at < last {
			t.Errorf("a task was created, started and finished at %d, %d and %d; expected this order, from %d on", r.Created, r.Started, r.Finished, began.UnixMicro())
		}
		last = at
	}
}

// Who opens the file when all have closed it goes by the machine's clock again.
// Heartbeats of those who died in a time that is yet to come lapse all the same.
func TestTheClockIsSetAnewWhenAllHaveClosedTheFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "rush.db")
	child := startChild(t, "beat", path, offVariable+"=1h")
	child.expect(t, "beaten")
	future := openOff(t, path, 0)
	if err := future.Network("test").Register(t.Context(), rush.Worker{ID: "dies", Expiry: time.Millisecond}); err != nil {
		t.Fatal(err)
	}
	child.kill()
	future.Close()

	s := openOff(t, path, 0)
	n := s.Network("test")
	began := time.Now()
	keys, err := push(t.Context(), n, "some", 1)
	if err != nil {
		t.Fatal(err)
	}
	tasks, err := n.Records(t.Context(), keys, rush.AllFields)
	if err != nil {
		t.Fatal(err)
	}
	if at := time.UnixMicro(tasks[0].Created); at.Sub(began).Abs() > 30*time.Minute {
		t.Errorf("at %v a task was created at %v", began, at)
	}
	for lost := []store.LostWorker(nil); len(lost) == 0; {
		if lost, err = n.Sweep(t.Context(), "", []byte{0x80}); err != nil {
			t.Fatal(err)
		}
	}
}
