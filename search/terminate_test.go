package search_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/plugins"
	"github.com/rushnet/rush/rushworker"
	"github.com/rushnet/rush/search"
)

// inProcess runs the search with workers of this process to its end.
func (s *site) inProcess(def *search.Definition, n int, functions map[string]loops.Objective) rush.Run {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), 2*time.Minute)
	defer cancel()
	if _, err := search.Start(ctx, s.net, def, search.StartOptions{}); err != nil {
		s.t.Fatal(err)
	}
	_, err := s.net.StartInProcess(ctx, network.Workers{N: n}, func(ctx context.Context, w *rushworker.Worker) (loops.Loop, error) {
		return search.MakeLoop(ctx, w, plugins.Setting{Problem: &loops.Problem{Functions: functions}})
	})
	if err != nil {
		s.t.Fatal(err)
	}
	select {
	case <-s.net.LocalDone():
	case <-ctx.Done():
		s.t.Fatal("the workers did not end")
	}
	run, err := s.net.Run(ctx)
	if err != nil {
		s.t.Fatal(err)
	}
	return run
}

// Every terminator ends the run and says why. One worker ends it with exactly the
// task that is named; of several, each may finish one more.
func TestTerminators(t *testing.T) {
	t.Parallel()
	functions := map[string]loops.Objective{
		"flat": loops.ObjectiveFunc(func(context.Context, *loops.Evaluation) (rush.Values, error) {
			return rush.Values{"y": 1.0, "z": 2.0}, nil
		}),
		"bowl": loops.ObjectiveFunc(func(_ context.Context, e *loops.Evaluation) (rush.Values, error) {
			x := e.XS["x"].(float64)
			return rush.Values{"y": (x - 0.3) * (x - 0.3), "z": x}, nil
		}),
	}
	for _, tc := range []struct {
		name, file string
		tasks      int64 // 0: it is not known
		reason     string
	}{
		{"stagnation", "objective: {function: flat}\ncodomain: {y: maximize}\nterminate: {stagnation: {iters: 5}}", 6, "stagnation: the last 5 tasks did not improve on y = 1"},
		{"stagnation of the hypervolume", "objective: {function: flat}\ncodomain: {y: minimize, z: maximize}\nterminate: {stagnation_hypervolume: {iters: 4, threshold: 0.5}}", 5,
			"stagnation_hypervolume: the last 4 tasks did not add to the hypervolume of 0 by more than 0.5"},
		{"nothing left to gain", "objective: {function: bowl}\ncodomain: {y: minimize}\nloop: async_mbo\nterminate: {evals: 60, expected_improvement: 0.01}", 0,
			"expected_improvement: nothing is left to gain: the last 5 points promised at most"},
		{"a moment that is over", "objective: {function: bowl}\nterminate: {clock_time: 2001-02-03 04:05}", 0, "clock_time: it is past 2001-02-03T"},
		{"a moment to come", "objective: {function: bowl}\nterminate: {clock_time: " + time.Now().Add(3*time.Second).Format(time.RFC3339) + "}", 0, "clock_time: it is past " + fmt.Sprint(time.Now().UTC().Year())},
		{"all", "objective: {function: flat}\ncodomain: {y: minimize}\nterminate: {all: [{evals: 8}, {stagnation: {iters: 3}}, {perf_reached: {y: 1.5}}]}", 8,
			"evals: 8 tasks have ended; and stagnation: the last 3 tasks did not improve on y = 1; and perf_reached: task 0 has y = 1"},
		{"any", "objective: {function: flat}\nterminate: {any: [{evals: 7}, {run_time: 1h}], evals: 9}", 7, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			eachstore.Run(t, func(t *testing.T, url string) {
				s := open(t, url)
				run := s.inProcess(s.parse("space: {x: {type: dbl, lower: 0, upper: 1}}\n"+tc.file), 1, functions)
				if !strings.HasPrefix(run.Reason, tc.reason) {
					t.Errorf("the run ended: %s; expected %q", run.Reason, tc.reason)
				}
				if n := s.counts().Finished; tc.tasks > 0 && n != tc.tasks || n >= 60 && strings.Contains(tc.file, "evals: 60") {
					t.Errorf("%d tasks have finished, expected %d", n, tc.tasks)
				}
			})
		})
	}
}

// Workers judge by what others did: nobody sees more than a part of the stagnation.
func TestStagnationOfManyWorkers(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := open(t, url)
		flat := loops.ObjectiveFunc(func(context.Context, *loops.Evaluation) (rush.Values, error) { return rush.Values{"y": 1.0}, nil })
		def := s.parse("space: {x: {type: dbl, lower: 0, upper: 1}}\nobjective: {function: flat}\ncodomain: {y: minimize}\nterminate: {stagnation: {iters: 20}}")
		run := s.inProcess(def, 3, map[string]loops.Objective{"flat": flat})
		if n := s.counts().Finished; !strings.HasPrefix(run.Reason, "stagnation: ") || n < 21 || n > 27 {
			t.Errorf("after %d tasks the run is over: %s; expected about 21", n, run.Reason)
		}
	})
}
