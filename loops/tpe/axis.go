package tpe

import (
	"math"

	"github.com/rushnet/rush/loops/space"
)

// An axis is a parameter as the mixtures see it: an interval from 0 to 1 that is
// divided into cells, for all but real numbers. Special values have the first
// cells of a number's.
type axis struct {
	ignored  bool    // nothing is chosen here: the fidelity parameter
	levels   int     // of a category; 0 for a number
	integers float64 // how many an integer has; 0 for a real number
	log      bool    // the integers are on the scale of logarithms from, to
	from, to float64
	specials int
	share    float64 // of the special values
}

func axesOf(s space.Space) []axis {
	params := s.Params()
	axes := make([]axis, len(params))
	for i := range params {
		axes[i] = axisOf(&params[i])
	}
	return axes
}

func axisOf(p *space.Param) axis {
	a := axis{ignored: p.Fidelity, specials: len(p.Special), share: p.SpecialShare()}
	switch p.Type {
	case space.Fct:
		a.levels = len(p.Levels)
	case space.Lgl:
		a.levels = 2
	case space.Int:
		a.integers = p.Upper - p.Lower + 1
		if p.Log {
			a.log, a.from, a.to = true, math.Log(p.Lower), math.Log(p.Upper+1)
		}
	}
	return a
}

// real reports whether the axis has more than cells.
func (a axis) real() bool { return !a.ignored && a.levels == 0 && a.integers == 0 }

// A place is where on an axis a point is: in a cell, or at a number, whose low
// and high are the same.
type place struct {
	at        float64 // the middle of the cell
	low, high float64
	category  int // or special value; else aNumber, or nowhere
}

// What a place may be instead of in a category.
const (
	aNumber = -1
	nowhere = -2 // the parameter is inactive
)

func (p *place) width() float64 { return p.high - p.low }

// place returns the place of a coordinate.
func (a *axis) place(u float64) place {
	switch {
	case a.ignored || math.IsNaN(u):
		return place{at: math.NaN(), category: nowhere}
	case a.levels > 0:
		return nth(u, a.levels)
	case a.share == 0:
		return a.number(u)
	case u < a.share:
		return nth(u/a.share, a.specials).within(0, a.share)
	}
	return a.number(min((u-a.share)/(1-a.share), 1)).within(a.share, 1)
}

// nth returns the one of n equal cells that u is in, as a category.
func nth(u float64, n int) place {
	i := math.Min(math.Floor(u*float64(n)), float64(n-1))
	return cell(i/float64(n), (i+1)/float64(n), int(i))
}

// number returns the place of a coordinate of a number without special values.
func (a *axis) number(u float64) place {
	switch {
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

// within moves a place from 0 to 1 to a part of that.
func (p place) within(low, high float64) place {
	move := func(u float64) float64 { return low + (high-low)*u }
	p.at, p.low, p.high = move(p.at), move(p.low), move(p.high)
	return p
}
