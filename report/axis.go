package report

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/rushnet/rush/loops/dependence"
	"github.com/rushnet/rush/loops/space"
)

// An axis brings values to shares of its length, from 0 to 1.
type axis struct {
	name      string
	low, high float64 // of the values, or of their logarithms
	log       bool
	ticks     []tick
}

type tick struct {
	at   float64
	text string
}

// newAxis has room for all the values, which are finite. Positive ones of which most
// differ by orders of magnitude have a logarithmic axis.
func newAxis(name string, values []float64) axis {
	a := axis{name: name, low: 0, high: 1}
	if len(values) == 0 {
		return a
	}
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	a.low, a.high = sorted[0], sorted[n-1]
	const orders = 200
	if common := sorted[n/20]; a.low > 0 && a.high/common > orders {
		a.log, a.name = true, name+" (log)"
		a.low, a.high = math.Log10(a.low), math.Log10(a.high)
	}
	if !(a.high > a.low) {
		pad := math.Max(math.Abs(a.low)/10, 0.5)
		a.low, a.high = a.low-pad, a.high+pad
	} else {
		pad := (a.high - a.low) * 0.03
		a.low, a.high = a.low-pad, a.high+pad
	}
	a.mark()
	return a
}

// mark puts ticks at round values.
func (a *axis) mark() {
	const about = 5
	width := a.high - a.low
	step := math.Pow(10, math.Floor(math.Log10(width/about)))
	for _, k := range []float64{2, 2.5, 2} { // 2, 5, 10
		if width/step > about+1 {
			step *= k
		}
	}
	if a.log {
		step = math.Max(1, math.Round(step))
	}
	for i := math.Ceil(a.low / step); i*step <= a.high; i++ {
		v := i * step
		text := number(v)
		if a.log {
			text = number(math.Pow(10, v))
		}
		a.ticks = append(a.ticks, tick{(v - a.low) / width, text})
	}
}

// at is the share of a value, NaN if it has none.
func (a axis) at(v float64) float64 {
	if a.log {
		v = math.Log10(v)
	}
	return (v - a.low) / (a.high - a.low)
}

// paramAxis is that of a parameter, of which the shares are coordinates.
func paramAxis(p space.Param) axis {
	a := axis{name: p.Name, low: 0, high: 1}
	if p.Log {
		a.name += " (log)"
	}
	at := dependence.Coordinates(p, 5)
	if p.Type == space.Int && !p.Log && p.Upper-p.Lower < 12 {
		at = dependence.Coordinates(p, 12)
	}
	if len(at) > 12 {
		at = []float64{at[0], at[len(at)/2], at[len(at)-1]}
	}
	for i, v := range dependence.Values(p, at) {
		a.ticks = append(a.ticks, tick{at[i], value(v)})
	}
	return a
}

// number writes a number for people.
func number(v float64) string {
	if v == 0 {
		return "0"
	}
	s := strconv.FormatFloat(v, 'g', 4, 64)
	if math.Abs(v) >= 1e-3 && math.Abs(v) < 1e6 {
		s = strconv.FormatFloat(v, 'f', -1, 64)
		if len(s) > 7 {
			s = strconv.FormatFloat(v, 'g', 5, 64)
		}
	}
	return s
}

// value writes any value for people, on one line.
func value(v any) string {
	const most = 60
	switch v := v.(type) {
	case nil:
		return "–"
	case float64:
		return number(v)
	}
	return short(fmt.Sprint(v), most)
}
