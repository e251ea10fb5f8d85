package space

import (
	"fmt"
	"math"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/seeds"
)

// A param is a parameter with what is computed from it once.
type param struct {
	Param
	from, to float64 // the ends of the scale on which a dbl, or an int with Log, is chosen
	cells    float64 // the number of values of an int, a fct or a lgl
	levels   set     // of a fct
	special  set
	share    float64 // of the special values in the unit interval
}

// scaled computes the rest of a param from one in its normal form.
func scaled(p Param) param {
	q := param{Param: p, from: p.Lower, to: p.Upper}
	if len(p.Special) > 0 {
		q.special, q.share = newSet(p.Special), p.SpecialShare()
	}
	switch p.Type {
	case Int:
		q.cells = p.Upper - p.Lower + 1
		if p.Log {
			q.from, q.to = logarithm(p.Lower), logarithm(p.Upper+1)
		}
	case Dbl:
		if p.Log {
			q.from, q.to = logarithm(p.Lower), logarithm(p.Upper)
		}
	case Fct:
		q.cells = float64(len(p.Levels))
		q.levels = newSet(p.Levels)
	case Lgl:
		q.cells = 2
	}
	return q
}

// Sample returns a point that is uniform over the space, on the logarithmic
// scale for parameters with Log. It draws g.Float64 once for each parameter, in
// the order of the parameters, also for one that has a single value, and is
// [Space.FromUnit] of these draws. So, with u the draw of a parameter and every
// operation rounded to float64, the value is
//
//   - dbl: lower + (upper-lower)*u, which is R's runif(1, lower, upper);
//   - dbl with Log: exp(log(lower) + (log(upper)-log(lower))*u);
//   - int: lower + floor((upper-lower+1)*u);
//   - int with Log: floor(exp(log(lower) + (log(upper+1)-log(lower))*u)), paradox's convention;
//   - fct: the level number floor(n*u) of n, counted from 0;
//   - lgl: false if u < 0.5, else true;
//
// and a number outside of the bounds becomes the bound; log and exp are this
// package's own. This does not change from version to version. A draw has 32
// random bits: of an int with more than 2^32 values not all can occur.
//
// Special values have the share of the draws that [Param.SpecialShare] says, and
// the rest of them is stretched over the range. A parameter that is inactive has
// its draw and is left out. The fidelity parameter has its draw and its upper
// bound. A point that violates a constraint is drawn anew, all of it. Where hardly one
// in a thousand keeps to the constraints, this ends after 1,000 draws: then the last
// one is moved to where they are kept, and from there at random among such points,
// so that points are about uniform in each part of the space that hangs together.
func (s Space) Sample(g *seeds.Generator) rush.Values {
	u := make([]float64, len(s.params))
	for range s.mostDraws() {
		for i := range u {
			u[i] = g.Float64()
		}
		if point := s.FromUnit(u); s.Feasible(point) {
			return point
		}
	}
	return s.FromUnit(s.found(u, g))
}

// How many points are drawn for one that keeps to the constraints, and how many in a
// space that has few of them.
const (
	mostDraws = 100_000
	rareDraws = 1_000
)

func (s *Space) mostDraws() int {
	if s.rules.rare {
		return rareDraws
	}
	return mostDraws
}

// FromUnit returns the point at a place in the unit cube, which has one
// coordinate for each parameter, in their order. [Space.Sample] has the
// formulas. A coordinate outside of 0 to 1 is moved to the nearer of them.
// FromUnit panics if the number of coordinates is not that of the parameters or
// one of them is NaN, but for these: the coordinate of a parameter that is
// inactive at the place is not looked at, nor is that of the fidelity parameter,
// which has its upper bound; and a parameter that depends on others, is active
// and has the coordinate NaN has its default, or is in the middle.
//
// The point need not keep to the constraints: [Space.Feasible] tells, and
// [Space.Mend] finds a place near by that does.
func (s Space) FromUnit(u []float64) rush.Values {
	if len(u) != len(s.params) {
		panic(fmt.Sprintf("space: FromUnit: expected %d coordinates, one for each parameter, found %d", len(s.params), len(u)))
	}
	point := make(rush.Values, len(s.params))
	for k := range s.params {
		i := k
		if s.rules.order != nil {
			i = s.rules.order[k]
		}
		if s.active(i, point) {
			point[s.params[i].Name] = s.valueAt(i, u[i])
		}
	}
	return point
}

// valueAt returns the value of the i-th parameter, which is active, at u.
func (s Space) valueAt(i int, u float64) any {
	p := &s.params[i]
	switch {
	case p.Fidelity:
		return p.number(p.Upper)
	case !math.IsNaN(u):
		return p.fromUnit(min(max(u, 0), 1))
	case !s.conditional(i):
		panic(fmt.Sprintf("space: FromUnit: the coordinate of %s is NaN", p.Name))
	case p.Default != nil:
		return *p.Default
	}
	return p.fromUnit(0.5)
}

// Mask sets the coordinates of the parameters that are inactive at a place to
// NaN, as [Space.ToUnit] does, and that of the fidelity parameter to that of its
// upper bound. It panics as [Space.FromUnit] does.
func (s Space) Mask(u []float64) {
	if i := s.rules.fidelity - 1; i >= 0 {
		u[i] = s.params[i].toUnit(s.params[i].number(s.params[i].Upper))
	}
	if s.rules.depends == nil {
		return
	}
	point := s.FromUnit(u)
	for i := range s.params {
		if _, ok := point[s.params[i].Name]; !ok {
			u[i] = math.NaN()
		}
	}
}

// ToUnit returns the place of a point in the unit cube, or the error of
// [Space.Check]. A dbl's coordinate is (x-lower)/(upper-lower), of the
// logarithms with Log. The others divide 0 to 1 into cells, one for each of
// their values (ints and levels in their order, false before true), of equal
// size but for an int with Log, and the coordinate is the middle of the cell. A
// dbl whose bounds are equal, on its scale, is at 0.5. Special values are in the
// middle of their cells at the low end, and the rest lies above them; see
// [Param.SpecialShare]. The coordinate of a parameter that is inactive is NaN.
// That of the fidelity parameter is where its value is, which FromUnit does not
// lead back to.
//
// FromUnit leads back to the point: exactly, but for the rounding of a dbl and
// for an int of more than 2^50 values, or above 10^12 with Log, whose cells are
// nearly as narrow as the rounding.
func (s Space) ToUnit(point rush.Values) ([]float64, error) {
	values, err := s.accepted(point, false)
	if err != nil {
		return nil, err
	}
	u := make([]float64, len(s.params))
	for i := range s.params {
		p := &s.params[i]
		u[i] = math.NaN()
		if v, ok := values[p.Name]; ok {
			u[i] = p.toUnit(v)
		}
	}
	return u, nil
}

// fromUnit returns the value at u, which is within 0 and 1. Products are
// converted where an addition follows, so that no machine fuses the two.
func (p *param) fromUnit(u float64) any {
	v, u, ok := p.specialAt(u)
	if ok {
		return v
	}
	switch p.Type {
	case Dbl:
		x := p.from + float64((p.to-p.from)*u)
		if p.Log {
			x = exponential(x)
		}
		return min(max(x, p.Lower), p.Upper)
	case Int:
		if p.Log {
			x := math.Floor(exponential(p.from + float64((p.to-p.from)*u)))
			return int64(min(max(x, p.Lower), p.Upper))
		}
		return min(int64(p.Lower)+int64(math.Floor(p.cells*u)), int64(p.Upper))
	case Fct:
		return p.Levels[int(min(math.Floor(p.cells*u), p.cells-1))]
	}
	return u >= 0.5
}

// toUnit is the inverse of fromUnit for a value in the form of points.
func (p *param) toUnit(v any) float64 {
	if p.share == 0 {
		return p.inRange(v)
	}
	if i := p.special.find(v); i >= 0 {
		return (float64(i) + 0.5) / float64(len(p.Special)) * p.share
	}
	return p.share + float64((1-p.share)*p.inRange(v))
}

// inRange is toUnit without special values.
func (p *param) inRange(v any) float64 {
	cell := 0.0 // its number, counted from 0
	switch p.Type {
	case Dbl:
		return p.place(v.(float64))
	case Int:
		n := v.(int64)
		if p.Log {
			return (p.place(float64(n)) + p.place(float64(n+1))) / 2
		}
		cell = float64(n - int64(p.Lower))
	case Fct:
		cell = float64(p.levels.find(v))
	case Lgl:
		if v.(bool) {
			cell = 1
		}
	}
	return (cell + 0.5) / p.cells
}

// place returns where between the ends of the scale x is, from 0 to 1. In the
// logarithm, bounds that differ may be the same.
func (p *param) place(x float64) float64 {
	if p.from >= p.to {
		return 0.5
	}
	if p.Log {
		x = logarithm(x)
	}
	return min(max((x-p.from)/(p.to-p.from), 0), 1)
}
