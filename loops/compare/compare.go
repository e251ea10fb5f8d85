package compare

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"

	"github.com/rushnet/rush/loops/optimizer"
	"github.com/rushnet/rush/loops/pareto"
	"github.com/rushnet/rush/seeds"
)

// A Contender is an optimizer with its arguments.
type Contender struct {
	Name string
	Make optimizer.Make
	// Pick returns the optimizer that runs in its place, with default arguments, by
	// what the search is: its name and what makes it. It is told with the
	// contender's name. Nil is none.
	Pick func(s *optimizer.Setting) (name string, made optimizer.Make)
}

// A Comparison runs contenders on problems.
type Comparison struct {
	Contenders []Contender
	Problems   []Problem
	Workers    []int // simulated ones; an evaluation takes uniform(0.5, 1.5) where there are several
	Evals      []int // after so many evaluations the best is noted, ascending
	Seeds      int   // runs of each, with as many seeds
	FirstSeed  int32 // the others count up from it; 0 is 1
	Parallel   int   // runs at a time; 0 is 1
	// Done is called after each cell, one call at a time; nil is none.
	Done func(c *Cell)
}

// A Cell is what one contender found on one problem.
type Cell struct {
	Optimizer string      `json:"optimizer"`
	Problem   string      `json:"problem"`
	Workers   int         `json:"workers"`
	Evals     []int       `json:"evals"`
	Best      []Quartiles `json:"best"` // for each of Evals; of several outputs the hypervolume
}

// Quartiles are the three quartiles of figures, ascending. +Inf, where nothing feasible
// was found, is null in JSON.
type Quartiles [3]float64

// MarshalJSON implements [json.Marshaler].
func (q Quartiles) MarshalJSON() ([]byte, error) {
	var figures [3]*float64
	for i := range q {
		if !math.IsInf(q[i], 0) {
			figures[i] = &q[i]
		}
	}
	return json.Marshal(figures)
}

// Run returns a cell for each problem, number of workers and contender, in this
// order of nesting. An optimizer that does not suit a problem has no cell
// there; what it said is among the remarks.
func (c *Comparison) Run(ctx context.Context) (cells []Cell, remarks []error, err error) {
	for i := range c.Problems {
		for _, workers := range c.Workers {
			for _, contender := range c.Contenders {
				cell, err := c.cellOnce(ctx, &contender, &c.Problems[i], workers, cells)
				if ctx.Err() != nil {
					return cells, remarks, context.Cause(ctx)
				}
				if err != nil {
					remarks = append(remarks, fmt.Errorf("%s on %s with %d workers: %w", contender.Name, c.Problems[i].Name, workers, err))
					continue
				}
				if cells = append(cells, *cell); c.Done != nil {
					c.Done(cell)
				}
			}
		}
	}
	return cells, remarks, nil
}

// on returns the contender as it is on a problem: what it picks, if it does.
func (o *Contender) on(p *Problem, workers, evals int) Contender {
	if o.Pick == nil {
		return *o
	}
	name, made := o.Pick(&simulation(o, p, workers, evals, 1).Setting)
	return Contender{Name: o.Name + ": " + name, Make: made}
}

// cellOnce returns a cell, that of what the contender picks if there is one.
func (c *Comparison) cellOnce(ctx context.Context, o *Contender, p *Problem, workers int, cells []Cell) (*Cell, error) {
	picked := o.on(p, workers, slices.Max(c.Evals))
	for _, known := range cells {
		if o.Pick != nil && known.Problem == p.Name && known.Workers == workers && o.Name+": "+known.Optimizer == picked.Name {
			known.Optimizer = picked.Name
			return &known, nil
		}
	}
	return c.cell(ctx, &picked, p, workers)
}

// cell runs all seeds of a cell.
func (c *Comparison) cell(ctx context.Context, o *Contender, p *Problem, workers int) (*Cell, error) {
	found := make([][]float64, c.Seeds)
	errs := make([]error, c.Seeds)
	turns := make(chan struct{}, max(c.Parallel, 1))
	var wg sync.WaitGroup
	for i := range c.Seeds {
		turns <- struct{}{}
		wg.Go(func() {
			defer func() { <-turns }()
			found[i], errs[i] = c.search(ctx, o, p, workers, max(c.FirstSeed, 1)+int32(i))
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		return nil, errs[slices.IndexFunc(errs, func(err error) bool { return err != nil })]
	}
	cell := &Cell{Optimizer: o.Name, Problem: p.Name, Workers: workers, Evals: c.Evals}
	for k := range c.Evals {
		figures := make([]float64, c.Seeds)
		for i := range figures {
			figures[i] = found[i][k]
		}
		cell.Best = append(cell.Best, quartiles(figures))
	}
	return cell, nil
}

// search returns the figures after each of Evals in one run.
func (c *Comparison) search(ctx context.Context, o *Contender, p *Problem, workers int, seed int32) ([]float64, error) {
	sim := simulation(o, p, workers, slices.Max(c.Evals), seed)
	s, err := sim.Run(ctx)
	if err != nil {
		return nil, err
	}
	found := make([]float64, len(c.Evals))
	for i, evals := range c.Evals {
		found[i] = p.figure(s.Points[:min(evals, len(s.Points))])
	}
	return found, nil
}

// figure is the least output of the points, +Inf with none; of several outputs it
// is the hypervolume of those that violate no constraint.
func (p *Problem) figure(points []*optimizer.Point) float64 {
	best := math.Inf(1)
	var all [][]float64
	for _, q := range points {
		if q.Y == nil || slices.ContainsFunc(q.Violation, func(v float64) bool { return v > 0 }) {
			continue
		}
		best = min(best, q.Y[0])
		all = append(all, q.Y)
	}
	if p.Several() {
		return pareto.Hypervolume(all, p.Reference)
	}
	return best
}

// simulation is a run of a contender on a problem.
func simulation(o *Contender, p *Problem, workers, evals int, seed int32) *optimizer.Simulation {
	sim := &optimizer.Simulation{
		Setting: optimizer.Setting{Space: p.Space, Codomain: p.Codomain(), Evals: int64(evals), Workers: workers, Seed: seeds.New(seed)},
		Make:    o.Make, Evaluate: p.Evaluate,
	}
	if workers > 1 {
		sim.Duration = func(g *seeds.Generator) float64 { return g.Runif(0.5, 1.5) }
	}
	return sim
}

// quartiles returns those of figures, which it sorts, by linear interpolation
// (type 7 of Hyndman and Fan 1996, R's and NumPy's default).
func quartiles(figures []float64) Quartiles {
	slices.Sort(figures)
	var q Quartiles
	for i := range q {
		at := float64(i+1) / 4 * float64(len(figures)-1)
		low := int(at)
		q[i] = figures[low]
		if rest := at - float64(low); rest > 0 && figures[low+1] != figures[low] { // which may be infinite
			q[i] += rest * (figures[low+1] - figures[low])
		}
	}
	return q
}
