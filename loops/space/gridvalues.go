package space

import (
	"math"
	"math/big"
	"slices"
	"strconv"
)

// maxValues is how many values of one parameter a grid may have.
const maxValues = 1_000_000

// gridValues returns the parameter's values in a grid, at least one.
func (p *param) gridValues(r Resolution) ([]any, error) {
	switch {
	case len(p.Values) > 0:
		return p.Values, nil
	case p.By != 0:
		return p.steps()
	case p.Type == Fct:
		return p.Levels, nil
	case p.Type == Lgl:
		return []any{false, true}, nil
	}
	if p.Fidelity {
		return []any{p.number(p.Upper)}, nil
	}
	n := r.Each
	if own, ok := r.Of[p.Name]; ok {
		n = own
	}
	switch {
	case n < 1:
		return nil, p.wrong("resolution", "a grid needs to know its values; give a resolution, or the parameter by or values")
	case n > maxValues:
		return nil, p.wrong("resolution", "expected at most %d values, found %d; lower the resolution", maxValues, n)
	}
	if p.Type == Int {
		return slices.Concat(p.Special, p.evenInts(n)), nil
	}
	return slices.Concat(p.Special, p.evenFloats(n)), nil
}

// steps returns lower, lower+by, ... up to upper.
func (p *param) steps() ([]any, error) {
	const tolerance = 1e-10 // of a step, as in R's seq
	last := math.Floor((p.Upper-p.Lower)/p.By + tolerance)
	if last >= maxValues {
		return nil, p.wrong("by", "expected at most %d values in the grid, found %.0f; raise the step", maxValues, last+1)
	}
	x, by := decimal(p.Lower), decimal(p.By)
	values := make([]any, int(last)+1)
	for i := range values {
		f, _ := x.Float64()
		values[i] = p.number(f)
		x.Add(x, by)
	}
	if n := len(values) - 1; n > 0 && p.Upper-p.Lower-float64(last*p.By) <= tolerance*p.By {
		values[n] = p.number(p.Upper)
	}
	return slices.Compact(values), nil
}

// evenFloats returns n numbers from lower to upper.
func (p *param) evenFloats(n int) []any {
	values := []any{p.Lower}
	step := new(big.Rat)
	if n > 1 {
		step.Sub(decimal(p.Upper), decimal(p.Lower))
		step.Quo(step, new(big.Rat).SetInt64(int64(n-1)))
	}
	x := decimal(p.Lower)
	for i := 1; i < n-1; i++ {
		var f float64
		if p.Log {
			f = round12(p.between(i, n, p.to))
		} else {
			x.Add(x, step)
			f, _ = x.Float64()
		}
		values = append(values, min(max(f, p.Lower), p.Upper))
	}
	if n > 1 {
		values = append(values, p.Upper)
	}
	return slices.Compact(values)
}

// evenInts returns at most n integers from lower to upper.
func (p *param) evenInts(n int) []any {
	to := p.Upper
	if p.Log {
		to = logarithm(p.Upper) // where the scale of samples ends at upper+1
	}
	values := []any{int64(p.Lower)}
	for i := 1; i < n; i++ {
		x := p.Upper
		if i < n-1 {
			x = min(max(math.Round(p.between(i, n, to)), p.Lower), p.Upper)
		}
		values = append(values, int64(x))
	}
	return slices.Compact(values)
}

// between returns the i-th of n numbers, counted from 0, that are evenly spaced
// on the parameter's scale from its beginning to the given end.
func (p *param) between(i, n int, to float64) float64 {
	x := p.from + float64(float64(i)*(to-p.from))/float64(n-1)
	if p.Log {
		x = exponential(x)
	}
	return x
}

// number returns x in the type that the parameter's values have.
func (p *param) number(x float64) any {
	if p.Type == Int {
		return int64(x)
	}
	return x
}

// decimal returns the shortest decimal number that reads back as x, exactly.
func decimal(x float64) *big.Rat {
	r, _ := new(big.Rat).SetString(strconv.FormatFloat(x, 'g', -1, 64)) // it is a number
	return r
}

// round12 rounds to 12 significant digits, which makes 0.0001 of what the
// logarithm and the exponential made of it; they leave 13 digits at least.
func round12(x float64) float64 {
	r, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 12, 64), 64) // it is a number
	return r
}
