package space

import (
	"fmt"
	"math"
	"slices"

	"github.com/rushnet/rush"
)

// How many points of a space with rules are listed, and how many steps may be
// taken to list them.
const (
	mostListed = 1_000_000
	mostSteps  = 5_000_000
)

// A combination walks through the values of each parameter in an order in which
// it is known whether the next one is active, so that what is inactive is not
// gone through.
type combination struct {
	s      *Space
	values [][]any
	order  []int
	point  rush.Values
	chosen []int // of each parameter's values; 0 where it is inactive
	steps  int
	each   func() bool // with a point that keeps to the constraints; false stops
}

// walk visits every distinct point of the values. It reports whether it came to
// the end.
func (s *Space) walk(values [][]any, each func(c *combination) bool) bool {
	c := &combination{s: s, values: values, order: s.rules.order, point: rush.Values{}, chosen: make([]int, len(values))}
	if c.order == nil {
		for i := range values {
			c.order = append(c.order, i)
		}
	}
	c.each = func() bool { return each(c) }
	return c.from(0)
}

// from goes through the values of the k-th parameter in the order, and for each
// through those after it.
func (c *combination) from(k int) bool {
	if c.steps++; c.steps > mostSteps {
		return false
	}
	if k == len(c.order) {
		return !c.s.Feasible(c.point) || c.each()
	}
	i := c.order[k]
	if !c.s.active(i, c.point) {
		return c.from(k + 1)
	}
	name := c.s.params[i].Name
	for n, v := range c.values[i] {
		c.point[name], c.chosen[i] = v, n
		if !c.from(k + 1) {
			return false
		}
	}
	delete(c.point, name)
	c.chosen[i] = 0
	return true
}

// list finds the rows of the grid in a space with rules.
func (g *Grid) list() error {
	g.listed = []int64{}
	all := g.space.walk(g.values, func(c *combination) bool {
		row := int64(0)
		for k, n := range c.chosen {
			row = row*int64(len(g.values[k])) + int64(n)
		}
		g.listed = append(g.listed, row)
		return len(g.listed) <= mostListed
	})
	switch {
	case !all:
		return fmt.Errorf("the grid of a space with depends or a constraint has more than %d points, or too many to look through; lower its resolution, or use a random search", mostListed)
	case len(g.listed) == 0:
		return fmt.Errorf("no point of the grid keeps to the constraints; raise its resolution, or use a random search")
	}
	slices.Sort(g.listed)
	g.rows = int64(len(g.listed))
	return nil
}

// Cardinality returns how many distinct points the space has: +Inf if a dbl has
// more than one value, and where the points of a space with rules are too many
// to be counted, which are some hundred thousand and take about a second. The
// fidelity parameter counts as one value.
func (s Space) Cardinality() float64 {
	product := 1.0
	values := make([][]any, len(s.params))
	for i := range s.params {
		n := s.params[i].cardinality()
		product *= n
		if n <= mostListed {
			values[i] = s.params[i].all()
		}
	}
	if s.rules.depends == nil && len(s.rules.constraints) == 0 {
		return product
	}
	if slices.ContainsFunc(values, func(v []any) bool { return v == nil }) {
		return math.Inf(1)
	}
	n := 0.0
	if !s.walk(values, func(*combination) bool { n++; return true }) {
		return math.Inf(1)
	}
	return n
}

// cardinality returns the number of the parameter's values.
func (p *param) cardinality() float64 {
	switch {
	case p.Fidelity:
		return 1
	case p.Type != Dbl:
		return p.cells + float64(len(p.Special))
	case p.Lower == p.Upper:
		return 1 + float64(len(p.Special))
	}
	return math.Inf(1)
}

// all returns the parameter's values, of which there are not many.
func (p *param) all() []any {
	switch {
	case p.Fidelity:
		return []any{p.number(p.Upper)}
	case p.Type == Fct:
		return p.Levels
	case p.Type == Lgl:
		return []any{false, true}
	case p.Type == Dbl:
		return append(slices.Clone(p.Special), p.Lower)
	}
	values := slices.Clone(p.Special)
	for n := int64(p.Lower); n <= int64(p.Upper); n++ {
		values = append(values, n)
	}
	return values
}
