package compare

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/rushnet/rush/loops/space"
)

// Times say what processor time a contender's proposals take, with learning what
// has ended since the one before, and the garbage collection that they cause.
type Times struct {
	Optimizer string `json:"optimizer"`
	Problem   string `json:"problem"`
	Workers   int    `json:"workers"`
	// After are numbers of ended tasks. Median is what a proposal takes there, and
	// Worst the longest of them: of the last fifth before as many tasks, of
	// twenty at least.
	After  []int           `json:"after"`
	Median []time.Duration `json:"median_ns"`
	Worst  []time.Duration `json:"worst_ns"`
}

// Timed returns the problems on which proposals are timed: ten numbers with one
// output, the same with a fidelity parameter beside, and ten numbers with two
// outputs.
func Timed() []Problem {
	one, _ := Lookup("ellipsoid10")
	two, _ := Lookup("zdt1")
	graded := one
	graded.Name = "ellipsoid10 by budgets"
	graded.Space = space.MustNew(append(slices.Clone(one.Space.Params()),
		space.Param{Name: "budget", Type: space.Int, Lower: 1, Upper: 81, Fidelity: true})...)
	return []Problem{one, graded, two}
}

// Time measures the proposals of a contender on the first of the problems that
// suits it, with one seed, in a single thread: where the system can say what
// processor time the process has taken, it does not matter what else the machine
// does. No other goroutine should work.
func Time(ctx context.Context, o *Contender, on []Problem, workers int, after []int) (*Times, error) {
	var errs []error
	for i := range on {
		t, err := timeOn(ctx, o, &on[i], workers, after)
		if err == nil || ctx.Err() != nil {
			return t, err
		}
		errs = append(errs, fmt.Errorf("%s on %s: %w", o.Name, on[i].Name, err))
	}
	return nil, errors.Join(errs...)
}

func timeOn(ctx context.Context, o *Contender, p *Problem, workers int, after []int) (*Times, error) {
	picked := o.on(p, workers, slices.Max(after))
	sim := simulation(&picked, p, workers, slices.Max(after)+1, 1)
	sim.Clock = processorTime()
	s, err := sim.Run(ctx)
	if err != nil {
		return nil, err
	}
	t := &Times{Optimizer: picked.Name, Problem: p.Name, Workers: workers, After: after}
	for _, n := range after {
		last := min(n+1, len(s.Proposing))
		window := slices.Sorted(slices.Values(s.Proposing[max(0, last-max(n/5, 20)):last]))
		t.Median = append(t.Median, window[len(window)/2])
		t.Worst = append(t.Worst, window[len(window)-1])
	}
	return t, nil
}
