package mbo

import (
	"cmp"
	"math"
	"slices"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops/optimizer"
)

// An archive is what has ended, as a surrogate learns it.
type archive struct {
	x      [][]float64
	y      []float64 // of failed points NaN
	good   int       // how many are not NaN
	worst  float64   // of the good ones
	sorted []int     // the good ones, the best first
	// seconds are the logarithms of what the evaluations took.
	seconds []float64
}

// good reports whether a point has an output to learn from. What violates a
// constraint on outputs counts as failed.
func good(p *optimizer.Point) bool {
	return p.Usable() && !math.IsNaN(p.Y[0]) && !math.IsInf(p.Y[0], 0) &&
		!slices.ContainsFunc(p.Violation, func(v float64) bool { return v > 0 })
}

// learn takes a point in.
func (a *archive) learn(p *optimizer.Point) {
	switch {
	case good(p):
		y := p.Y[0]
		if a.good == 0 || y > a.worst {
			a.worst = y
		}
		at, _ := slices.BinarySearchFunc(a.sorted, y, func(i int, y float64) int { return cmp.Compare(a.y[i], y) })
		for at < len(a.sorted) && a.y[a.sorted[at]] == y { // who was first stays first
			at++
		}
		a.sorted = slices.Insert(a.sorted, at, len(a.y))
		a.add(p, y)
		a.good++
	case p.U != nil && (p.State == rush.Failed || p.State == rush.Finished):
		a.add(p, math.NaN())
	}
}

func (a *archive) add(p *optimizer.Point, y float64) {
	const least = 1e-3 // below which a second more or less is nothing
	a.x, a.y = append(a.x, p.U), append(a.y, y)
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
