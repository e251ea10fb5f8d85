package space

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/nearest"
)

// Check reports why a point is not in the space; nil says that it is. A point
// has a value for each parameter and no others: a number within the bounds for
// a dbl (an integer will do), an integer within the bounds for an int (3.0 is
// none), a level for a fct, a bool for a lgl, or a special value. A parameter
// that is inactive has none, and the point keeps to the constraints. An error
// about a parameter's value is a *[ParamError], one about a constraint a
// *[ConstraintError]. What files hold is read by [Space.Coerce] first.
func (s Space) Check(point rush.Values) error {
	_, err := s.accepted(point, false)
	return err
}

// accepted returns the point in the form that points have, or says why it is not
// in the space. With read the values may have the form that they have in files.
func (s Space) accepted(point rush.Values, read bool) (rush.Values, error) {
	if err := s.checkNames(point); err != nil {
		return nil, err
	}
	out := make(rush.Values, len(s.params))
	for i := range s.params {
		p := &s.params[i]
		v, there := point[p.Name]
		if !there || read && s.conditional(i) && p.isBlank(v) {
			continue // whether it may be is seen below
		}
		if read {
			v = p.read(v)
		}
		v, err := p.accept(v)
		if err != nil {
			return nil, &ParamError{Param: p.Name, Err: err}
		}
		out[p.Name] = v
	}
	if err := s.checkActive(out); err != nil {
		return nil, err
	}
	if err := s.checkFeasible(out); err != nil {
		return nil, err
	}
	return out, nil
}

// checkActive looks whether the point has the active parameters and no others.
func (s Space) checkActive(point rush.Values) error {
	for _, i := range s.rules.order {
		p := &s.params[i]
		_, there := point[p.Name]
		switch active := s.active(i, point); {
		case active && !there:
			return &ParamError{Param: p.Name, Err: fmt.Errorf("it has no value in this point; expected %s", p.domain())}
		case there && !active:
			return &ParamError{Param: p.Name, Err: fmt.Errorf("expected no value, since it is active only if %s; found %s", p.Depends, found(point[p.Name]))}
		}
	}
	return nil
}

// isBlank reports whether a value in a file may stand for none.
func (p *param) isBlank(v any) bool {
	text, isText := v.(string)
	if v != nil && (!isText || strings.TrimSpace(text) != "") {
		return false
	}
	_, err := p.accept(v)
	return err != nil
}

// checkNames looks for names that the space does not know, then for those that
// the point does not have.
func (s Space) checkNames(point rush.Values) error {
	if len(point) > 0 {
		for _, name := range slices.Sorted(maps.Keys(point)) {
			if err := s.checkKnown(name); err != nil {
				return err
			}
		}
	}
	for i := range s.params {
		p := &s.params[i]
		if _, ok := point[p.Name]; !ok && !s.conditional(i) {
			return &ParamError{Param: p.Name, Err: fmt.Errorf("it has no value in this point; expected %s", p.domain())}
		}
	}
	return nil
}

func (s Space) checkKnown(name string) error {
	if _, ok := s.index[name]; ok {
		return nil
	}
	return &ParamError{Param: name, Err: errors.New("the space has no such parameter" + nearest.Hint(name, s.Names()))}
}

// accept returns the value in the form that points have, or says why it is none
// of the parameter's values.
func (p *param) accept(v any) (any, error) {
	if p.share > 0 {
		if plain, err := plainJSON(v); err == nil {
			if i := p.special.find(plain); i >= 0 {
				return p.Special[i], nil
			}
		}
	}
	switch p.Type {
	case Dbl:
		if x, ok := toFloat(v); ok && p.Lower <= x && x <= p.Upper {
			return x, nil
		}
	case Int:
		scalar, _ := plainScalar(v)
		if n, ok := scalar.(int64); ok && p.contains(n) {
			return n, nil
		}
	case Fct:
		plain, err := plainJSON(v)
		if err != nil {
			break
		}
		if i := p.levels.find(plain); i >= 0 {
			return p.Levels[i], nil
		}
	case Lgl:
		scalar, _ := plainScalar(v)
		if b, ok := scalar.(bool); ok {
			return b, nil
		}
	}
	return nil, p.unexpected(v)
}

// contains reports whether n is within the bounds of an int, which are integers
// that int64 holds exactly.
func (p *param) contains(n int64) bool { return int64(p.Lower) <= n && n <= int64(p.Upper) }

// unexpected is the error about a value that is not the parameter's.
func (p *param) unexpected(v any) error {
	text := found(v)
	if s, ok := v.(string); ok && p.Type == Fct {
		text += hint(s, p.words())
	}
	if x, ok := v.(float64); ok && math.IsNaN(x) {
		text += ", which is not a number"
	}
	return fmt.Errorf("expected %s, found %s", p.domain(), text)
}

// words returns the levels that are text.
func (p *param) words() []string {
	var words []string
	for _, level := range p.Levels {
		if word, ok := level.(string); ok {
			words = append(words, word)
		}
	}
	return words
}
