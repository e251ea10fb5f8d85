package space

import (
	"fmt"
	"math"
)

// maxInt is the largest integer up to which a float64 holds every integer, and
// the largest bound of an int.
const maxInt = 1 << 53

// wrong returns an error about a field of the parameter.
func (p Param) wrong(field, format string, args ...any) error {
	return &ParamError{Param: p.Name, Field: field, Err: fmt.Errorf(format, args...)}
}

// normalize returns the parameter with its type spelled as the constant and its
// levels and values in their one form, or says what is wrong with it.
func (p Param) normalize() (Param, error) {
	t, err := ParseType(string(p.Type))
	if err != nil {
		return p, p.wrong("type", "%w", err)
	}
	p.Type = t
	if err := p.checkUnused(); err != nil {
		return p, err
	}
	if p.By != 0 && len(p.Values) > 0 {
		return p, p.wrong("by", "both by and values are given, and each says what the grid holds; remove one")
	}
	if p.Type.numeric() {
		return p.normalizeNumeric()
	}
	if p.Type == Fct {
		if p.Levels, err = p.normalizeLevels(); err != nil {
			return p, err
		}
	}
	return p.normalizeValues()
}

// checkUnused refuses fields that the type has no use for.
func (p Param) checkUnused() error {
	if !p.Type.numeric() {
		for _, f := range []struct {
			name  string
			given bool
		}{{"lower", p.Lower != 0}, {"upper", p.Upper != 0}, {"log", p.Log}, {"by", p.By != 0}} {
			if f.given {
				return p.wrong(f.name, "a parameter of type %s has no %s; remove it, or make the type dbl or int", p.Type, f.name)
			}
		}
	}
	if p.Fidelity && !p.Type.numeric() {
		return p.wrong("fidelity", "the fidelity parameter is a number, and %s is of type %s; make the type dbl or int", p.Name, p.Type)
	}
	if p.Fidelity && p.Depends != "" {
		return p.wrong("depends", "the fidelity parameter is part of every point; remove depends")
	}
	if p.Type != Fct && len(p.Levels) > 0 {
		return p.wrong("levels", "a parameter of type %s has no levels; remove them, or make the type fct", p.Type)
	}
	return nil
}

func (p Param) normalizeNumeric() (Param, error) {
	if p.Lower == 0 && p.Upper == 0 && len(p.Values) > 0 {
		if err := p.boundByValues(); err != nil {
			return p, err
		}
	}
	if err := p.checkBounds(); err != nil {
		return p, err
	}
	if err := p.checkBy(); err != nil {
		return p, err
	}
	return p.normalizeValues()
}

// boundByValues makes the smallest and the largest of the values the bounds.
func (p *Param) boundByValues() error {
	p.Lower, p.Upper = math.Inf(1), math.Inf(-1)
	for i, v := range p.Values {
		x, ok := toFloat(v)
		if !ok || math.IsNaN(x) || math.IsInf(x, 0) {
			return p.wrong("values", "value %d: expected a finite number, found %s", i+1, found(v))
		}
		if p.Type == Int && x != math.Trunc(x) {
			return p.wrong("values", "value %d: expected an integer, found %s; round it, or make the type dbl", i+1, found(v))
		}
		p.Lower, p.Upper = min(p.Lower, x), max(p.Upper, x)
	}
	return nil
}

func (p Param) checkBounds() error {
	for _, b := range []struct {
		name string
		x    float64
	}{{"lower", p.Lower}, {"upper", p.Upper}} {
		switch {
		case math.IsNaN(b.x) || math.IsInf(b.x, 0):
			return p.wrong(b.name, "expected %s to be a finite number, found %s; give a bound that the search need not leave", b.name, formatNumber(b.x))
		case p.Type == Int && b.x != math.Trunc(b.x):
			return p.wrong(b.name, "expected %s of an int to be an integer, found %s; round it, or make the type dbl", b.name, formatNumber(b.x))
		case p.Type == Int && math.Abs(b.x) > maxInt:
			return p.wrong(b.name, "expected %s of an int to be within -2^53 and 2^53, found %s; narrow the range", b.name, formatNumber(b.x))
		case p.Log && b.x <= 0:
			return p.wrong(b.name, "expected %s above 0 on a log scale, found %s; raise it, or remove log", b.name, formatNumber(b.x))
		}
	}
	switch {
	case p.Lower > p.Upper:
		return p.wrong("lower", "expected lower to be at most upper, found lower %s and upper %s; exchange them", formatNumber(p.Lower), formatNumber(p.Upper))
	case math.IsInf(p.Upper-p.Lower, 0):
		return p.wrong("upper", "the range from %s to %s is wider than a float64 can say; narrow it", formatNumber(p.Lower), formatNumber(p.Upper))
	}
	return nil
}

func (p Param) checkBy() error {
	switch {
	case math.IsNaN(p.By) || math.IsInf(p.By, 0) || p.By < 0:
		return p.wrong("by", "expected a step above 0, found %s", formatNumber(p.By))
	case p.Type == Int && p.By != math.Trunc(p.By):
		return p.wrong("by", "expected the step of an int to be an integer, found %s; round it, or make the type dbl", formatNumber(p.By))
	}
	return nil
}

func (p Param) normalizeLevels() ([]any, error) {
	if len(p.Levels) == 0 {
		return nil, p.wrong("levels", "a parameter of type fct needs at least one level, such as levels: [a, b]")
	}
	levels, err := p.normalizeList("levels", p.Levels)
	if err != nil {
		return nil, err
	}
	return levels, p.checkDistinct("levels", levels)
}

// normalizeValues brings the grid values into the form of the parameter.
func (p Param) normalizeValues() (Param, error) {
	p, err := p.normalizeSpecial()
	if err != nil {
		return p, err
	}
	if p, err = p.normalizeDefault(); err != nil || len(p.Values) == 0 {
		p.Values = nil
		return p, err
	}
	values, err := p.normalizeList("values", p.Values)
	if err != nil {
		return p, err
	}
	q := scaled(p)
	for i, v := range values {
		if values[i], err = q.accept(v); err != nil {
			return p, p.wrong("values", "value %d: %w", i+1, err)
		}
	}
	p.Values = values
	return p, p.checkDistinct("values", values)
}

func (p Param) normalizeList(field string, list []any) ([]any, error) {
	out := make([]any, len(list))
	for i, v := range list {
		plain, err := plainJSON(v)
		if err != nil {
			return nil, p.wrong(field, "%s %d: %w", field[:len(field)-1], i+1, err)
		}
		out[i] = plain
	}
	return out, nil
}

func (p Param) checkDistinct(field string, list []any) error {
	set := newSet(list)
	for i, v := range list {
		if first := set.find(v); first < i {
			return p.wrong(field, "%s is there twice, at %d and %d; remove one", show(v), first+1, i+1)
		}
	}
	return nil
}
