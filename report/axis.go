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
func newAxis(name string, values []float64) axis { return scaled(name, values, 1.0/20) }

// scaled is newAxis, with a logarithm if that share of the values is orders of
// magnitude below the largest.
func scaled(name string, values []float64, share float64) axis {
	a := axis{name: name, low: 0, high: 1}
	if len(values) == 0 {
		return a
	}
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	a.low, a.high = sorted[0], sorted[n-1]
	const orders = 200
	if common := sorted[int(share*float64(n))]; a.low > 0 && a.high/common > orders {
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
	width := a.high - a.low
	step := roundStep(width)
	if a.log {
		step = math.Max(1, math.Round(step))
	}
	for _, v := range multiples(a.low, a.high, step) {
		text := number(v)
		if a.log {
			text = number(math.Pow(10, v))
		}
		a.ticks = append(a.ticks, tick{(v - a.low) / width, text})
	}
}

// roundStep is a step of 1, 2 or 5 times a power of ten, of which a width has a few.
func roundStep(width float64) float64 {
	const about = 5
	step := math.Pow(10, math.Floor(math.Log10(width/about)))
	for _, k := range []float64{2, 2.5, 2} { // 2, 5, 10
		if width/step > about+1 {
			step *= k
		}
	}
	return step
}

// multiples are those of a step between two numbers.
func multiples(low, high, step float64) []float64 {
	var all []float64
	const little = 1e-9 // of a step, by which the ends may be missed
	for i := math.Ceil(low/step - little); i*step <= high+little*step; i++ {
		all = append(all, i*step)
	}
	return all
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
	if round := roundValues(p); len(round) > 2 {
		a.markValues(p, round)
		return a
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

// roundValues are some of a range of numbers: powers of ten, or multiples of a step. There
// are none of a small range of integers, nor of what is no range.
func roundValues(p space.Param) []any {
	if p.Type != space.Dbl && p.Type != space.Int || p.Type == space.Int && p.Upper-p.Lower < 12 || !(p.Upper > p.Lower) {
		return nil
	}
	var all []any
	for _, v := range roundNumbers(p) {
		switch v = math.Min(math.Max(v, p.Lower), p.Upper); p.Type {
		case space.Int:
			all = append(all, int64(math.Round(v)))
		default:
			all = append(all, v)
		}
	}
	return all
}

// roundNumbers are those of a range: multiples of a step, powers of ten, or these with
// their double and fivefold if they are few.
func roundNumbers(p space.Param) []float64 {
	if !p.Log {
		return multiples(p.Lower, p.Upper, roundStep(p.Upper-p.Lower))
	}
	low, high := math.Log10(p.Lower), math.Log10(p.Upper)
	step := math.Max(1, math.Round(roundStep(high-low)))
	digits := []float64{1}
	if len(multiples(low, high, step)) < 3 {
		digits = []float64{1, 2, 5}
	}
	var all []float64
	for i := math.Floor(low); i <= high; i++ {
		for _, d := range digits {
			if v := d * math.Pow(10, i); math.Mod(i, step) == 0 && v >= p.Lower*(1-1e-9) && v <= p.Upper*(1+1e-9) {
				all = append(all, v)
			}
		}
	}
	return all
}

// markValues puts ticks at values of the parameter, and at its special ones.
func (a *axis) markValues(p space.Param, values []any) {
	p.Depends = "" // it is alone
	sp := space.MustNew(p)
	for _, v := range append(slices.Clone(p.Special), values...) {
		if u, err := sp.ToUnit(map[string]any{p.Name: v}); err == nil {
			a.ticks = append(a.ticks, tick{u[0], value(v)})
		}
	}
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
