package dependence

import (
	"math"
	"slices"

	"github.com/rushnet/rush/loops/sobol"
	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/seeds"
)

// A Model predicts outputs of places in the unit cube, NaN where a parameter is
// inactive.
type Model interface {
	Predict(x []float64) (mean, variance float64)
}

// An Average is what dependence is averaged over. It never changes, and may be
// used by as many goroutines as its models.
type Average struct {
	space  space.Space
	bound  bool // by constraints
	places [][]float64
}

// New draws n places, from a Sobol' sequence.
func New(sp space.Space, n int, g *seeds.Generator) *Average {
	a := &Average{space: sp, bound: len(sp.Constraints()) > 0, places: make([][]float64, n)}
	even := min(sp.Len(), sobol.Dimensions)
	s := sobol.Scrambled(max(even, 1), g.Uint64())
	for i := range a.places {
		x := s.At(int64(i), nil)[:even]
		for len(x) < sp.Len() {
			x = append(x, g.Float64())
		}
		a.places[i] = x
	}
	return a
}

// A Curve is the dependence on a parameter, at each of some coordinates. Where no
// place counts the values are NaN.
type Curve struct {
	At   []float64
	Mean []float64 // of what the model expects
	// Lower and Upper are the 10 % and the 90 % quantile of that, over the places:
	// far from the mean, the parameter acts together with others.
	Lower, Upper []float64
	// SD is the mean of the model's standard deviation: what it does not know.
	SD []float64
}

// Curve returns the dependence on the i-th parameter of the space at coordinates
// from 0 to 1.
func (a *Average) Curve(m Model, i int, at []float64) Curve {
	c := Curve{At: at}
	var seen []float64
	for _, u := range at {
		seen = seen[:0]
		sd := 0.0
		a.each(func(x []float64) { x[i] = u }, func(x []float64) {
			if math.IsNaN(x[i]) {
				return
			}
			mean, variance := m.Predict(x)
			seen = append(seen, mean)
			sd += math.Sqrt(math.Max(variance, 0))
		})
		slices.Sort(seen)
		c.Mean = append(c.Mean, mean(seen))
		c.Lower = append(c.Lower, quantile(seen, 0.1))
		c.Upper = append(c.Upper, quantile(seen, 0.9))
		c.SD = append(c.SD, sd/float64(len(seen)))
	}
	return c
}

// Surface returns what the model expects on average at the coordinates us of the
// i-th parameter and vs of the j-th, a row for each of us.
func (a *Average) Surface(m Model, i, j int, us, vs []float64) [][]float64 {
	out := make([][]float64, len(us))
	for r, u := range us {
		for _, v := range vs {
			sum, n := 0.0, 0.0
			a.each(func(x []float64) { x[i], x[j] = u, v }, func(x []float64) {
				if !math.IsNaN(x[i]) && !math.IsNaN(x[j]) {
					mean, _ := m.Predict(x)
					sum += mean
					n++
				}
			})
			out[r] = append(out[r], sum/n)
		}
	}
	return out
}

// each changes every place and visits those that are in the space.
func (a *Average) each(change, visit func(x []float64)) {
	var x []float64
	for _, p := range a.places {
		x = append(x[:0], p...)
		change(x)
		if a.bound && !a.space.Feasible(a.space.FromUnit(x)) {
			continue
		}
		a.space.Mask(x)
		visit(x)
	}
}

func mean(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}

// quantile is that of sorted numbers, between two of them in proportion.
func quantile(sorted []float64, p float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	at := p * float64(len(sorted)-1)
	low := int(at)
	high := min(low+1, len(sorted)-1)
	return sorted[low] + (at-float64(low))*(sorted[high]-sorted[low])
}

// Coordinates returns n coordinates of a number, evenly spaced from end to end, or
// the middles of the cells of a parameter with fewer values, in their order.
func Coordinates(p space.Param, n int) []float64 {
	cells := 0
	switch {
	case p.Type == space.Fct:
		cells = len(p.Levels)
	case p.Type == space.Lgl:
		cells = 2
	case p.Type == space.Int && !p.Log && len(p.Special) == 0 && p.Upper-p.Lower < float64(n):
		cells = int(p.Upper-p.Lower) + 1
	}
	var at []float64
	for i := range cells {
		at = append(at, (float64(i)+0.5)/float64(cells))
	}
	if cells > 0 {
		return at
	}
	from := p.SpecialShare()
	for i := range n {
		at = append(at, from+(1-from)*float64(i)/float64(max(n-1, 1)))
	}
	return at
}

// Values returns the parameter's values at coordinates, without its trafo.
func Values(p space.Param, at []float64) []any {
	p.Depends = "" // it is alone
	sp := space.MustNew(p)
	values := make([]any, len(at))
	for i, u := range at {
		values[i] = sp.FromUnit([]float64{u})[p.Name]
	}
	return values
}
