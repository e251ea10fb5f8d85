package compare

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Times say how long a contender's proposals take.
type Times struct {
	Optimizer string `json:"optimizer"`
	Problem   string `json:"problem"`
	// After are numbers of ended tasks, and Median what a proposal takes then, with
	// learning the last result: the median of twenty around it.
	After  []int           `json:"after"`
	Median []time.Duration `json:"median_ns"`
}

// Timed is the problem on which proposals are timed: ten numbers.
const Timed = "ellipsoid10"

// around is how many proposals before and after a number of tasks count.
const around = 10

// Time measures the proposals of a contender on a problem, one worker and one
// seed, by the clock: nothing else should run.
func Time(ctx context.Context, o *Contender, p *Problem, after []int) (*Times, error) {
	s, err := simulation(o, p, 1, slices.Max(after)+around, 1).Run(ctx)
	if err != nil {
		return nil, fmt.Errorf("%s on %s: %w", o.Name, p.Name, err)
	}
	t := &Times{Optimizer: o.Name, Problem: p.Name, After: after}
	for _, n := range after {
		window := slices.Clone(s.Proposing[max(0, n-around):min(n+around, len(s.Proposing))])
		slices.Sort(window)
		t.Median = append(t.Median, window[len(window)/2])
	}
	return t, nil
}
