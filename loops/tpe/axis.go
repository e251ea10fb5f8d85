package tpe

import (
	"math"

	"github.com/rushnet/rush/loops/space"
)

// An axis is a parameter as the mixtures see it: an interval of the unit line
// that is divided into cells, for all but real numbers.
type axis struct {
	levels   int     // of a category; 0 for a number
	integers float64 // how many an integer has; 0 for a real number
	log      bool    // the integers are on the scale of logarithms from, to
	from, to float64
}

func axesOf(s space.Space) []axis {
	params := s.Params()
	axes := make([]axis, len(params))
	for i, p := range params {
		switch p.Type {
		case space.Fct:
			axes[i].levels = len(p.Levels)
		case space.Lgl:
			axes[i].levels = 2
		case space.Int:
			axes[i] = axis{integers: p.Upper - p.Lower + 1, log: p.Log}
			if p.Log {
				axes[i].from, axes[i].to = math.Log(p.Lower), math.Log(p.Upper+1)
			}
		}
	}
	return axes
}

// real reports whether the axis has no cells.
func (a axis) real() bool { return a.levels == 0 && a.integers == 0 }

// What a place may be instead of a category.
const (
	aNumber = -1
	nowhere = -2 // the parameter is inactive
)

// A place is where on an axis a point is: in a cell, or at a number, whose low
// and high are the same.
type place struct {
	at        float64 // the middle of the cell
	low, high float64
	category  int // or aNumber, or nowhere
}

// place returns the place of a coordinate.
func (a *axis) place(u float64) place {
	switch {
	case math.IsNaN(u):
		return place{category: nowhere}
	case a.levels > 0:
		i := math.Min(math.Floor(u*float64(a.levels)), float64(a.levels-1))
		return cell(i/float64(a.levels), (i+1)/float64(a.levels), int(i))
	case a.integers == 0:
		return place{at: u, low: u, high: u, category: aNumber}
	case a.log:
		width := a.to - a.from
		n := math.Floor(math.Exp(a.from + width*u))
		return cell((math.Log(n)-a.from)/width, (math.Log(n+1)-a.from)/width, aNumber)
	}
	i := math.Min(math.Floor(u*a.integers), a.integers-1)
	return cell(i/a.integers, (i+1)/a.integers, aNumber)
}

func cell(low, high float64, category int) place {
	low, high = max(low, 0), min(high, 1)
	return place{at: (low + high) / 2, low: low, high: high, category: category}
}

func (p *place) width() float64 { return p.high - p.low }
