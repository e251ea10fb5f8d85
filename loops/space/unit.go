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
}

// scaled computes the rest of a param from one in its normal form.
func scaled(p Param) param {
	q := param{Param: p, from: p.Lower, to: p.Upper}
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
func (s Space) Sample(g *seeds.Generator) rush.Values {
	point := make(rush.Values, len(s.params))
	for i := range s.params {
		p := &s.params[i]
		point[p.Name] = p.fromUnit(g.Float64())
	}
	return point
}

// FromUnit returns the point at a place in the unit cube, which has one
// coordinate for each parameter, in their order. [Space.Sample] has the
// formulas. A coordinate outside of 0 to 1 is moved to the nearer of them.
// FromUnit panics if the number of coordinates is not that of the parameters or
// one of them is NaN.
func (s Space) FromUnit(u []float64) rush.Values {
	if len(u) != len(s.params) {
		panic(fmt.Sprintf("space: FromUnit: expected %d coordinates, one for each parameter, found %d", len(s.params), len(u)))
	}
	point := make(rush.Values, len(s.params))
	for i := range s.params {
		p := &s.params[i]
		if math.IsNaN(u[i]) {
			panic(fmt.Sprintf("space: FromUnit: the coordinate of %s is NaN", p.Name))
		}
		point[p.Name] = p.fromUnit(min(max(u[i], 0), 1))
	}
	return point
}

// ToUnit returns the place of a point in the unit cube, or the error of
// [Space.Check]. A dbl's coordinate is (x-lower)/(upper-lower), of the
// logarithms with Log. The others divide 0 to 1 into cells, one for each of
// their values (ints and levels in their order, false before true), of equal
// size but for an int with Log, and the coordinate is the middle of the cell. A
// dbl whose bounds are equal, on its scale, is at 0.5.
//
// FromUnit leads back to the point: exactly, but for the rounding of a dbl and
// for an int of more than 2^50 values, or above 10^12 with Log, whose cells are
// nearly as narrow as the rounding.
func (s Space) ToUnit(point rush.Values) ([]float64, error) {
	if err := s.checkNames(point); err != nil {
		return nil, err
	}
	u := make([]float64, len(s.params))
	for i := range s.params {
		p := &s.params[i]
		v, err := p.accept(point[p.Name])
		if err != nil {
			return nil, &ParamError{Param: p.Name, Err: err}
		}
		u[i] = p.toUnit(v)
	}
	return u, nil
}

// fromUnit returns the value at u, which is within 0 and 1. Products are
// converted where an addition follows, so that no machine fuses the two.
func (p *param) fromUnit(u float64) any {
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
