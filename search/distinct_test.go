package search_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/search"
)

// sixty is a search of a space of 60 points.
func sixty(loop string) string {
	return fmt.Sprintf(`
seed: 42
objective: {function: tick}
space:
  n: {type: int, lower: 1, upper: 5}
  c: {type: fct, levels: [a, b, 3]}
  b: {type: lgl}
  m: {type: int, lower: 0, upper: 1}
codomain: {y: minimize}
loop: %s
terminate: none`, loop)
}

// tick returns a number after some milliseconds.
func tick(ctx context.Context, e *loops.Evaluation) (rush.Values, error) {
	wait := time.NewTimer(time.Duration(e.Rand().IntN(4)) * time.Millisecond)
	defer wait.Stop()
	select {
	case <-wait.C:
		return rush.Values{"y": float64(e.XS["n"].(int64)) + e.Rand().Float64()}, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// points counts the tasks of each point.
func (s *site) points() map[string]int {
	s.t.Helper()
	tasks, err := s.net.Rows(s.t.Context(), nil, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	of := map[string]int{}
	for _, task := range tasks {
		of[fmt.Sprint(task.XS)]++
	}
	return of
}

// isComplete wants each of the 60 points to have one finished task, and the run
// to have ended because of that.
func (s *site) isComplete() {
	s.t.Helper()
	for point, n := range s.points() {
		if n != 1 {
			s.t.Errorf("%d tasks of %s", n, point)
		}
	}
	if c := s.counts(); c.Finished != 60 || c.Total() != 60 {
		s.t.Errorf("got %+v, expected 60 finished tasks", c)
	}
	r, err := s.net.Run(s.t.Context())
	if err != nil || r.Status != rush.RunDone || !strings.Contains(r.Reason, "each of the 60 points of the space has a task") {
		s.t.Errorf("the run is %+v, %v", r, err)
	}
}

func TestASpaceIsSearchedCompletelyAndOnce(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		for _, loop := range []string{"random_search", "local_search", "tpe"} {
			t.Run(loop, func(t *testing.T) {
				s := open(t, url)
				s.run(s.parse(sixty(loop)), search.StartOptions{}, 4)
				s.isComplete()
			})
		}
	})
}

// A worker that is killed leaves no point behind, and what was pushed by hand is
// not proposed again.
func TestASpaceIsSearchedCompletelyAfterADeath(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := open(t, url)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		def := s.parse(sixty("random_search") + "\ntask: {max_retries: 3}")
		if _, err := search.Start(ctx, s.net, def, search.StartOptions{}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.net.Push(ctx, rush.Values{"n": int64(1), "c": "a", "b": true, "m": int64(0)}); err != nil {
			t.Fatal(err)
		}
		ids, err := s.net.StartWorkers(ctx, def.Workers(4))
		if err != nil {
			t.Fatal(err)
		}
		if tasks, err := s.net.Reader(rush.NoFields).Read(ctx, 30*time.Second); err != nil || len(tasks) == 0 {
			t.Fatalf("%d tasks, %v", len(tasks), err)
		}
		if _, err := s.net.StopWorkers(ctx, rush.SignalKill, ids[0]); err != nil {
			t.Fatal(err)
		}
		select {
		case <-s.net.LocalDone():
		case <-ctx.Done():
			t.Fatal("the workers do not end")
		}
		if c := s.counts(); c.Failed > 0 { // the one that it ran was killed, which is not tried again by itself
			failed, err := s.net.Keys(ctx, rush.Failed)
			if err != nil {
				t.Fatal(err)
			}
			if err := s.net.Retry(ctx, network.RetryOptions{IgnoreLimit: true}, failed...); err != nil {
				t.Fatal(err)
			}
		}
		s.run(def, search.StartOptions{Resume: true}, 1)
		s.isComplete()
	})
}

// Replicates are tasks with the same point, and what is asked for.
func TestReplicatesOfAFiniteSpace(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := open(t, url)
		def := s.parse(sixty("random_search")+"\ntask: {replicates: 2}", "terminate={evals: 20}")
		s.run(def, search.StartOptions{}, 2)
		for point, n := range s.points() {
			if n%2 != 0 {
				t.Errorf("%d tasks of %s", n, point)
			}
		}
	})
}

// The first points are those that were always drawn.
func TestTheFirstPointsOfAFiniteSpace(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := open(t, url)
		def := s.parse(sixty("random_search"), "terminate={evals: 30}", "record=true")
		started := s.run(def, search.StartOptions{}, 1)
		seen := map[string]bool{}
		for i, task := range s.finished() {
			want := def.Space.Sample(def.Seed.Task(int64(i)).Proposal().Generator())
			if diff := cmp.Diff(want, task.XS); diff != "" && !seen[fmt.Sprint(want)] {
				t.Errorf("task %d (-want +got):\n%s", i, diff)
			}
			seen[fmt.Sprint(task.XS)] = true
		}
		s.replayed(started.Definition, 25)
	})
}
