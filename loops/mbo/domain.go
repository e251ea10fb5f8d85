package mbo

import (
	"math"
	"slices"

	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/seeds"
)

// A domain is the space as the acquisition function is maximized in it. A place
// has all its coordinates; what is settled is as the archive holds it: in the
// middle of a cell, NaN where a parameter is inactive.
type domain struct {
	space space.Space
	axes  []axis
	plain bool // every place is settled as it is
}

// An axis is a parameter.
type axis struct {
	cells       float64 // the number of its values; +Inf for a dbl
	category    bool
	conditional bool // it can be inactive
	fixed       bool // there is nothing to choose
	uneven      bool // the cells are not of equal size
}

// manyCells is from where on an integer is treated as a number.
const manyCells = 60

func (a *axis) continuous() bool { return !a.category && !a.fixed && a.cells > manyCells }

func newDomain(sp space.Space) *domain {
	d := &domain{space: sp, plain: len(sp.Constraints()) == 0}
	for _, p := range sp.Params() {
		a := newAxis(&p)
		d.plain = d.plain && p.Type == space.Dbl && !a.conditional && !a.fixed && len(p.Special) == 0
		d.axes = append(d.axes, a)
	}
	return d
}

func newAxis(p *space.Param) axis {
	a := axis{cells: math.Inf(1), conditional: p.Depends != "", fixed: p.Fidelity}
	a.uneven = p.Log || len(p.Special) > 0
	switch p.Type {
	case space.Int:
		a.cells = p.Upper - p.Lower + 1 + float64(len(p.Special))
	case space.Fct:
		a.cells, a.category = float64(len(p.Levels)), true
	case space.Lgl:
		a.cells, a.category = 2, true
	}
	a.fixed = a.fixed || p.Lower == p.Upper && !a.category && len(p.Special) == 0
	return a
}

// settle returns the place as the archive holds it; false if it violates a
// constraint.
func (d *domain) settle(u []float64) ([]float64, bool) {
	if d.plain {
		return slices.Clone(u), true
	}
	x, err := d.space.ToUnit(d.space.FromUnit(u))
	return x, err == nil
}

// full returns a place that settles to x, with the middle for what is inactive.
func full(x []float64) []float64 {
	u := slices.Clone(x)
	for i, v := range u {
		if math.IsNaN(v) {
			u[i] = 0.5
		}
	}
	return u
}

// random draws a place uniformly.
func (d *domain) random(g *seeds.Generator) []float64 {
	u := make([]float64, len(d.axes))
	for i := range u {
		u[i] = g.Float64()
	}
	return u
}

// near draws a place near u: some of the coordinates, one at least, are moved, a
// number by a normal step and a category to any level.
func (d *domain) near(u []float64, step float64, g *seeds.Generator) []float64 {
	to := slices.Clone(u)
	n := len(to)
	share := math.Max(math.Min(1, 4/float64(n)), 0.1+0.9*g.Float64())
	must := g.Index(n)
	for i := range to {
		if i == must || g.Float64() < share {
			to[i] = d.axes[i].move(to[i], step, g)
		}
	}
	return to
}

// move draws a coordinate near u.
func (a *axis) move(u, step float64, g *seeds.Generator) float64 {
	switch {
	case a.fixed:
		return u
	case a.category:
		if g.Float64() < math.Max(step, 0.1) {
			return g.Float64()
		}
		return u
	case !math.IsInf(a.cells, 1):
		step = math.Max(step, 0.7/a.cells)
	}
	return reflect(u + step*g.Norm())
}

// reflect brings a coordinate back into the unit interval.
func reflect(u float64) float64 {
	if u < 0 {
		u = -u
	}
	if u > 1 {
		u = 2 - u
	}
	return math.Min(math.Max(u, 0), 1)
}

// same reports whether two settled places are one point for whoever evaluates
// them.
func same(a, b []float64) bool {
	const tolerance = 1e-7
	for i, v := range a {
		if math.IsNaN(v) != math.IsNaN(b[i]) || math.Abs(v-b[i]) > tolerance {
			return false
		}
	}
	return true
}
