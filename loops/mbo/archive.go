package mbo

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops/optimizer"
)

// An archive is what has ended, as a surrogate learns it.
type archive struct {
	x      [][]float64
	y      []float64 // of failed points NaN
	good   int       // how many are not NaN
	worst  float64   // of the good ones
	sorted []int     // the good ones, the best first: feasible ones before others
	// violation is that of all constraints on outputs together, and constraints has
	// the outputs themselves, those of each constraint in a row, NaN where there is
	// none.
	violation   []float64
	constraints [][]float64
	// seconds are the logarithms of what the evaluations took.
	seconds []float64
}

// good reports whether a point has an output to learn from, feasible or not.
func good(p *optimizer.Point) bool {
	return p.Usable() && !math.IsNaN(p.Y[0]) && !math.IsInf(p.Y[0], 0)
}

// learn takes a point in.
func (a *archive) learn(p *optimizer.Point) {
	switch {
	case good(p):
		y := p.Y[0]
		if a.good == 0 || y > a.worst {
			a.worst = y
		}
		violation := floats.Sum(p.Violation)
		at, _ := slices.BinarySearchFunc(a.sorted, y, func(i int, y float64) int {
			return cmp.Or(cmp.Compare(a.violation[i], violation), cmp.Compare(a.y[i], y), -1) // who was first stays first
		})
		a.sorted = slices.Insert(a.sorted, at, len(a.y))
		a.add(p, y)
		a.good++
	case p.U != nil && (p.State == rush.Failed || p.State == rush.Finished):
		a.add(p, math.NaN())
	}
}

func (a *archive) add(p *optimizer.Point, y float64) {
	const least = 1e-3 // below which a second more or less is nothing
	a.constrain(p, !math.IsNaN(y))
	a.x, a.y = append(a.x, p.U), append(a.y, y)
	a.violation = append(a.violation, floats.Sum(p.Violation))
	a.seconds = append(a.seconds, math.Log(math.Max(p.Seconds, least)))
}

// outputs returns the outputs, with the worst of them for what failed.
func (a *archive) outputs() []float64 {
	y := slices.Clone(a.y)
	for i, v := range y {
		if math.IsNaN(v) {
			y[i] = a.worst
		}
	}
	return y
}

// constrain takes the constraints of a point that is about to be added.
func (a *archive) constrain(p *optimizer.Point, good bool) {
	if a.constraints == nil && good {
		a.constraints = make([][]float64, len(p.Constraints))
		for k := range a.constraints {
			a.constraints[k] = slices.Repeat([]float64{math.NaN()}, len(a.y))
		}
	}
	for k := range a.constraints {
		v := math.NaN()
		if good {
			v = p.Constraints[k]
		}
		a.constraints[k] = append(a.constraints[k], v)
	}
}

// feasible reports whether a point has an output and keeps to the constraints.
func (a *archive) feasible(i int) bool { return !math.IsNaN(a.y[i]) && a.violation[i] <= 0 }

// best returns the n best places.
func (a *archive) best(n int) [][]float64 {
	out := make([][]float64, 0, n)
	for _, i := range a.sorted[:min(n, len(a.sorted))] {
		out = append(out, full(a.x[i]))
	}
	return out
}

// knows reports whether a settled place has ended before.
func (a *archive) knows(x []float64) bool {
	return slices.ContainsFunc(a.x, func(o []float64) bool { return same(o, x) })
}

// holds reports whether a place is not to be evaluated: it has ended before, or
// violates a constraint.
func (a *archive) holds(d *domain, u []float64) bool {
	x, ok := d.settle(u)
	return !ok || a.knows(x)
}
