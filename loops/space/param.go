package space

import (
	"fmt"
	"strings"

	"github.com/rushnet/rush/internal/nearest"
)

// A Type is a kind of parameter.
type Type string

// The types, in paradox's words.
const (
	Dbl Type = "dbl" // a real number, float64
	Int Type = "int" // an integer, int64
	Fct Type = "fct" // one of a list of levels
	Lgl Type = "lgl" // false or true
)

// typeNames lists what a type may be called. Nothing writes to it.
var typeNames = []struct {
	name string
	is   Type
}{
	{"dbl", Dbl}, {"double", Dbl}, {"float", Dbl},
	{"int", Int}, {"integer", Int},
	{"fct", Fct}, {"factor", Fct}, {"categorical", Fct},
	{"lgl", Lgl}, {"logical", Lgl}, {"bool", Lgl},
}

// ParseType reads a type. dbl may also be called double or float, int integer,
// fct factor or categorical, and lgl logical or bool; case does not matter.
func ParseType(s string) (Type, error) {
	known := make([]string, len(typeNames))
	for i, t := range typeNames {
		if strings.EqualFold(s, t.name) {
			return t.is, nil
		}
		known[i] = t.name
	}
	return "", fmt.Errorf("expected a type (dbl, int, fct or lgl), found %q%s", s, nearest.Hint(s, known))
}

// UnmarshalText reads a type as [ParseType] does.
func (t *Type) UnmarshalText(text []byte) error {
	parsed, err := ParseType(string(text))
	if err == nil {
		*t = parsed
	}
	return err
}

// numeric reports whether a parameter of this type has bounds.
func (t Type) numeric() bool { return t == Dbl || t == Int }

// A Param is a parameter as it is described to [New], which says what is wrong
// with it. Fields that the type does not use must be zero.
type Param struct {
	// Name is unique in its space. It may have any characters, dots too, but no
	// blanks around it and no control characters.
	Name string
	Type Type

	// Lower and Upper are the bounds of a dbl or int; both belong to the range.
	// They are finite, and integers of at most 2^53 for an int. Where Values are
	// given, two zeros stand for the smallest and the largest of them.
	Lower, Upper float64

	// Log chooses a dbl or int on a logarithmic scale, in sampling, in grids and
	// in the unit cube. Points stay in natural units. Lower must be above 0.
	Log bool

	// Levels are the values of a fct: null, bools, finite numbers, strings, and
	// lists and maps of these. 1 and 1.0 are the same level.
	Levels []any

	// By is the step of a dbl or int in a grid, in natural units and from Lower
	// on; 0 means that there is none.
	By float64

	// Values are the parameter's values in a grid, in this order, in place of what
	// Lower, Upper and Levels would give. They do not limit what is sampled.
	Values []any

	// Depends is an expression over other parameters, such as kernel == "rbf":
	// where it is not true the parameter is inactive and no point has it. So it is
	// where it compares a parameter that is inactive itself. Empty is always active.
	// See package internal/expression in the sources for the language, which is
	// that of expr-lang/expr without loops.
	Depends string

	// Trafo is an expression over the value, called x or by the parameter's name,
	// such as 10^x. What it gives is what the objective gets; points have the value
	// itself. Empty gives the value.
	Trafo string

	// Special are values that a dbl or int has beside its range, such as null or
	// "auto"; see [Param.SpecialShare].
	Special []any

	// Default is the value to begin with where nothing is known; nil if there is
	// none. A level, a special value, or one within the bounds.
	Default *any

	// Fidelity says that a dbl or int is how thoroughly a point is evaluated, such
	// as the number of epochs, and no part of what is looked for. Samples, grids
	// and the unit cube have it at its upper bound; who knows better sets it.
	Fidelity bool
}

// String describes the parameter in a line, such as "lr: a number from 1e-05 to
// 1, on a log scale".
func (p Param) String() string {
	s := p.Name + ": " + p.domain()
	if p.Log {
		s += ", on a log scale"
	}
	if p.By != 0 {
		s += ", by " + formatNumber(p.By)
	}
	if len(p.Values) > 0 {
		s += ", in a grid " + showList(p.Values)
	}
	if p.Default != nil {
		s += ", by default " + show(*p.Default)
	}
	if p.Fidelity {
		s += ", the fidelity"
	}
	if p.Trafo != "" {
		s += ", evaluated as " + p.Trafo
	}
	if p.Depends != "" {
		s += ", if " + p.Depends
	}
	return s
}

// domain says what a value of the parameter is.
func (p Param) domain() string {
	if len(p.Special) > 0 {
		return p.interval() + ", or " + showList(p.Special)
	}
	return p.interval()
}

// interval says what a value is beside the special ones.
func (p Param) interval() string {
	switch p.Type {
	case Dbl:
		return fmt.Sprintf("a number from %s to %s", formatNumber(p.Lower), formatNumber(p.Upper))
	case Int:
		return fmt.Sprintf("an integer from %s to %s", formatNumber(p.Lower), formatNumber(p.Upper))
	case Fct:
		return "one of " + showList(p.Levels)
	case Lgl:
		return "true or false"
	}
	return fmt.Sprintf("a value of the unknown type %q", string(p.Type))
}

// A ParamError is an error about one parameter of a space or of a point.
type ParamError struct {
	Param  string // its name; "" when it has none
	Field  string // what is wrong in its description: "name", "type", "lower", ...; "" for a value
	Offset int    // where in an expression, in characters
	Err    error
}

// Error names the parameter and what is wrong with it.
func (e *ParamError) Error() string {
	if e.Param == "" {
		return e.Err.Error()
	}
	return e.Param + ": " + e.Err.Error()
}

// Unwrap returns what is wrong.
func (e *ParamError) Unwrap() error { return e.Err }
