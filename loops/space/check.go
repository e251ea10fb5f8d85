package space

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/nearest"
)

// Check reports why a point is not in the space; nil says that it is. A point
// has a value for each parameter and no others: a number within the bounds for
// a dbl (an integer will do), an integer within the bounds for an int (3.0 is
// none), a level for a fct, a bool for a lgl. An error about a parameter's
// value is a *[ParamError]. What files hold is read by [Space.Coerce] first.
func (s Space) Check(point rush.Values) error {
	if err := s.checkNames(point); err != nil {
		return err
	}
	for i := range s.params {
		p := &s.params[i]
		if _, err := p.accept(point[p.Name]); err != nil {
			return &ParamError{Param: p.Name, Err: err}
		}
	}
	return nil
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
		if _, ok := point[p.Name]; !ok {
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
