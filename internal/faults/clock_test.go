package faults_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/redistest"
	"github.com/rushnet/rush/internal/store"
)

// The clocks of all workers and of the manager differ by an hour from that of
// the store's machine, one way and the other. Times are the store's, no worker
// is taken for lost, and one that is lost is found.
func TestAClockThatIsAnHourOffChangesNothing(t *testing.T) {
	t.Parallel()
	for _, off := range []time.Duration{time.Hour, -time.Hour} {
		t.Run(fmt.Sprint(off), func(t *testing.T) {
			t.Parallel()
			srv := redistest.Start(t, redistest.Options{Clock: off})
			s := newScene(t, srv.URL())
			from := time.Now().Add(off)
			s.play("run")
			to := time.Now().Add(off)
			s.finished()
			s.evaluatedOnce()
			s.timesBetween(from.Add(-time.Second), to.Add(time.Second))
			s.lapses()
		})
	}
}

// timesBetween expects all times of the network to be between two moments and
// in their order.
func (s *scene) timesBetween(from, to time.Time) {
	s.t.Helper()
	tasks, err := s.archive().Rows(s.t.Context(), nil, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	workers, err := s.archive().Workers(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	run, err := s.archive().Run(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	times := map[string][]time.Time{"the run": {run.Started, run.Ended}}
	for _, task := range tasks {
		times[fmt.Sprint("task ", task.Key)] = []time.Time{task.Created, task.Started, task.Finished}
	}
	for _, w := range workers {
		times[fmt.Sprint("worker ", w.ID)] = []time.Time{w.Registered, w.Beat, w.Ended}
	}
	for subject, moments := range times {
		last := from
		for _, m := range append(moments, to) {
			if m.Before(last) {
				s.t.Errorf("%s: found the times %v, expected them in order between %v and %v", subject, moments, from, to)
				break
			}
			last = m
		}
	}
	if run.Elapsed < 0 || run.Elapsed > to.Sub(from) {
		s.t.Errorf("the run took %v, expected at most %v", run.Elapsed, to.Sub(from))
	}
}

// lapses expects a heartbeat to lapse by the store's clock: not one that is
// good for a while, but one that is over.
func (s *scene) lapses() {
	s.t.Helper()
	n := s.store().Network(s.id)
	for id, expiry := range map[rush.WorkerID]time.Duration{"patient": 10 * time.Minute, "lapsed": time.Microsecond} {
		if err := n.Register(s.t.Context(), rush.Worker{ID: id, Expiry: expiry}); err != nil {
			s.t.Fatal(err)
		}
	}
	lost, err := n.Sweep(s.t.Context(), "", died())
	if err != nil || len(lost) != 1 || lost[0].ID != "lapsed" {
		s.t.Errorf("found %v to be lost, %v; expected the worker that lapsed", lost, err)
	}
	_, err = n.EndWorker(s.t.Context(), store.WorkerEnd{ID: "patient", State: rush.WorkerTerminated})
	if err != nil && !errors.Is(err, rush.ErrNoWorker) {
		s.t.Error(err)
	}
}
