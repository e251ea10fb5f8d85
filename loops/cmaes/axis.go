package cmaes

import (
	"fmt"
	"math"

	"github.com/rushnet/rush/loops/space"
)

// An axis is a parameter that is searched.
type axis struct {
	at       int     // its number in the space
	values   float64 // how many an integer has; 0 for a real number
	log      bool    // the integers are on the scale of logarithms from, to
	from, to float64
}

// axesOf returns the axes, or the reason why the space does not suit.
func axesOf(s space.Space) ([]axis, error) {
	var axes []axis
	for i, p := range s.Params() {
		a := axis{at: i}
		switch {
		case p.Fidelity:
			continue
		case p.Type == space.Fct && len(p.Levels) > 2:
			return nil, fmt.Errorf("it searches numbers, and %s is one of %d levels without an order; use tpe, async_mbo or random_search", p.Name, len(p.Levels))
		case len(p.Special) > 0:
			return nil, fmt.Errorf("it searches numbers, and %s has special values beside its range; use tpe, async_mbo or random_search", p.Name)
		case p.Depends != "":
			return nil, fmt.Errorf("it searches all parameters at once, and %s is there only if %s; use tpe, async_mbo or random_search", p.Name, p.Depends)
		case p.Type == space.Fct:
			a.values = float64(len(p.Levels))
		case p.Type == space.Lgl:
			a.values = 2
		case p.Type == space.Int:
			if a.values = p.Upper - p.Lower + 1; p.Log {
				a.log, a.from, a.to = true, math.Log(p.Lower), math.Log(p.Upper+1)
			}
		}
		axes = append(axes, a)
	}
	return axes, nil
}

// cell returns the ends of the cell of an integer's coordinate.
func (a *axis) cell(u float64) (low, high float64) {
	u = min(max(u, 0), 1)
	if a.log {
		width := a.to - a.from
		n := math.Floor(math.Exp(a.from + width*u))
		return max((math.Log(n)-a.from)/width, 0), min((math.Log(n+1)-a.from)/width, 1)
	}
	i := math.Min(math.Floor(u*a.values), a.values-1)
	return i / a.values, (i + 1) / a.values
}

// middle returns the middle of the cell of an integer's coordinate, and any other
// coordinate as it is.
func (a *axis) middle(u float64) float64 {
	if a.values == 0 {
		return u
	}
	low, high := a.cell(u)
	return (low + high) / 2
}
