package main

import (
	"testing"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/rushworker"
)

// With several objectives a progress has the Pareto set of the feasible tasks, each
// objective in the direction that is wanted, and what it dominates.
func TestProgressOfSeveralObjectives(t *testing.T) {
	t.Parallel()
	c := loops.Codomain{{Name: "cost", Goal: loops.Minimize}, {Name: "gain", Goal: loops.Maximize}, {Name: "c", Goal: loops.Constraint}}
	p := newProgress(nil, "net", c, 8)
	if text := p.front.full(c); text != "" {
		t.Errorf("of nothing it says %q", text)
	}
	for i, y := range [][3]float64{{4, 4, 0}, {1, 1, 0}, {5, 3, 0}, {0, 9, 1}, {2, 3, -1}, {2, 3, 0}} {
		task := &rush.Task{Key: rush.TaskKey(i), State: rush.Finished, YS: rush.Values{"cost": y[0], "gain": y[1], "c": y[2]}}
		p.note(rushworker.Ended{Task: task})
	}
	p.note(rushworker.Ended{Task: &rush.Task{State: rush.Finished, YS: rush.Values{"cost": 0.0}}})
	// (4, 4), (1, 1) and twice (2, 3) below (5, 1): 1·3 + 2·2.
	if got, want := p.front.full(c), "4 in the Pareto set, best cost 1, gain 4; hypervolume 7"; got != want {
		t.Errorf("found %q, expected %q", got, want)
	}
	p.forget()
	if text := p.line(0); text != "net  0/8" {
		t.Errorf("after a reset the line is %q", text)
	}
}
