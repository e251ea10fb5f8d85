package space

import "math"

// Where special values are in the unit cube: each has a cell of this width at
// the low end, but all together have no more than half.
const (
	specialWidth = 0.1
	specialMost  = 0.5
)

// SpecialShare returns the share of the unit interval, from 0 on, that belongs
// to the parameter's special values, in equal cells and in their order: 0.1 for
// each, but not more than 0.5 for all. It is 0 without any.
func (p Param) SpecialShare() float64 {
	return min(specialWidth*float64(len(p.Special)), specialMost)
}

// specialAt returns the special value at u, or where between the bounds u is.
func (p *param) specialAt(u float64) (v any, rest float64, ok bool) {
	if p.share == 0 {
		return nil, u, false
	}
	if u < p.share {
		n := float64(len(p.Special))
		return p.Special[int(min(math.Floor(u/p.share*n), n-1))], 0, true
	}
	return nil, min((u-p.share)/(1-p.share), 1), false
}

// normalizeSpecial brings the special values into one form.
func (p Param) normalizeSpecial() (Param, error) {
	if len(p.Special) == 0 {
		p.Special = nil
		return p, nil
	}
	switch {
	case !p.Type.numeric():
		return p, p.wrong("special", "a parameter of type %s has no special values; remove them, or make them levels of a fct", p.Type)
	case p.Fidelity:
		return p, p.wrong("special", "the fidelity parameter has no special values; remove them")
	}
	list, err := p.normalizeList("special", p.Special)
	if err != nil {
		return p, err
	}
	q := scaled(Param{Name: p.Name, Type: p.Type, Lower: p.Lower, Upper: p.Upper, Log: p.Log})
	for i, v := range list {
		if _, isScalar := plainScalar(v); !isScalar {
			return p, p.wrong("special", "special %d: expected null, a bool, a number or a text, found %s", i+1, found(v))
		}
		if _, err := q.accept(v); err == nil {
			return p, p.wrong("special", "special %d: %s lies within the bounds, and has no need to be special; remove it", i+1, show(v))
		}
	}
	p.Special = list
	return p, p.checkDistinct("special", list)
}

// normalizeDefault brings the default into the form of the parameter's values.
func (p Param) normalizeDefault() (Param, error) {
	if p.Default == nil {
		return p, nil
	}
	q := scaled(p)
	v, err := q.accept(q.read(*p.Default))
	if err != nil {
		return p, p.wrong("default", "%w", err)
	}
	p.Default = &v
	return p, nil
}
