package space

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/rushnet/rush"
)

// A Resolution says how many values a grid has of each dbl and int. A parameter
// with By or Values needs none.
type Resolution struct {
	Each int            `json:"each,omitempty"` // for the parameters that Of does not name; 0 is none
	Of   map[string]int `json:"of,omitempty"`   // by name
}

// A Grid is the list of all combinations of some values of each parameter, made
// by [Space.Grid]. It never changes and may be shared by any number of
// goroutines. It holds the values of each parameter, not the points.
type Grid struct {
	names  []string
	values [][]any // of each parameter
	rows   int64
	// listed has the rows of a space with rules, as numbers among all
	// combinations; nil has all of them.
	listed []int64
	space  Space // whose rules say what is left out of a row
}

// Grid returns the grid of the space. A parameter has in it
//
//   - its Values, in their order, if it has any;
//   - with By, the steps lower, lower+by, lower+2*by and so on, up to upper;
//     a last step that misses upper by less than 10^-10 of a step is upper, as
//     in R's seq;
//   - else, for a dbl or int, as many values as its resolution says, evenly
//     spaced from lower to upper, on the logarithmic scale with Log; a
//     resolution of 1 gives lower alone; special values come before them;
//   - for the fidelity parameter, its upper bound alone, unless it has Values or By;
//   - else all Levels of a fct, false and true of a lgl.
//
// Values between the bounds are those a person would write: steps and evenly
// spaced values are computed as decimals (from 0 by 0.1, the fourth is 0.3),
// those on a logarithmic scale are rounded to 12 significant digits. Evenly
// spaced integers are rounded, and what is there twice is left out.
//
// The first parameter varies slowest, the last fastest. The rows are distinct
// points: parameters that are inactive are left out, what differs in them alone
// is there once, and what violates a constraint is not there. Such a grid has at
// most a million rows.
// A grid of more than 2^63-1 rows, or of more than a million values of one
// parameter, is an error, and so is one of a space without parameters.
func (s Space) Grid(r Resolution) (*Grid, error) {
	if len(s.params) == 0 {
		return nil, fmt.Errorf("a grid needs parameters, found a space without any; add them to the space")
	}
	if err := s.checkResolution(r); err != nil {
		return nil, err
	}
	g := &Grid{names: s.Names(), rows: 1, space: s}
	for i := range s.params {
		p := &s.params[i]
		values, err := p.gridValues(r)
		if err != nil {
			return nil, err
		}
		if g.rows > math.MaxInt64/int64(len(values)) {
			return nil, fmt.Errorf("the grid has more than 2^63-1 points; lower its resolution, or use a random search")
		}
		g.rows *= int64(len(values))
		g.values = append(g.values, values)
	}
	if s.rules.depends != nil || len(s.rules.constraints) > 0 {
		return g, g.list()
	}
	return g, nil
}

func (s Space) checkResolution(r Resolution) error {
	if r.Each < 0 {
		return fmt.Errorf("resolution: expected at least 1, found %d", r.Each)
	}
	for _, name := range slices.Sorted(maps.Keys(r.Of)) {
		if err := s.checkKnown(name); err != nil {
			return fmt.Errorf("resolution: %w", err)
		}
		p, n := s.params[s.index[name]], r.Of[name]
		switch {
		case !p.Type.numeric():
			return fmt.Errorf("resolution: %s is of type %s, of which a grid has every value; remove it from the resolution", name, p.Type)
		case n < 1:
			return fmt.Errorf("resolution: %s: expected at least 1, found %d", name, n)
		}
	}
	return nil
}

// Len returns the number of points.
func (g *Grid) Len() int64 { return g.rows }

// Row returns the i-th point, counted from 0, as a map of the caller's own. It
// panics if i is not below Len.
func (g *Grid) Row(i int64) rush.Values {
	if i < 0 || i >= g.rows {
		panic(fmt.Sprintf("space: row %d of a grid of %d", i, g.rows))
	}
	if g.listed != nil {
		i = g.listed[i]
	}
	point := make(rush.Values, len(g.names))
	for k := len(g.names) - 1; k >= 0; k-- {
		n := int64(len(g.values[k]))
		point[g.names[k]] = g.values[k][i%n]
		i /= n
	}
	for _, k := range g.space.rules.order {
		if !g.space.active(k, point) {
			delete(point, g.names[k])
		}
	}
	return point
}
