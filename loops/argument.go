package loops

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/nearest"
)

// An ArgumentType says which values an argument takes.
type ArgumentType string

// The types of arguments. They are named as those of parameters are.
const (
	Number  ArgumentType = "dbl"  // float64; an integer is made one
	Integer ArgumentType = "int"  // int64; a float without a fraction is made one
	Boolean ArgumentType = "lgl"  // bool
	Text    ArgumentType = "chr"  // string
	List    ArgumentType = "list" // []any
	Map     ArgumentType = "map"  // map[string]any
	Any     ArgumentType = "any"  // any value of package rush
)

// A Declaration describes a loop or an objective to people, and what it can be
// given.
type Declaration struct {
	Name string
	Help string // a sentence or two
	// Arguments are those of a loop, or the inputs of an objective. Nil says
	// nothing about them: anything may be given. None at all is an empty list.
	Arguments []Argument
	Outputs   []string // of an objective; nil says nothing about them
}

// Check checks what was given against the arguments; see [CheckArguments].
func (d *Declaration) Check(given rush.Values) (rush.Values, error) {
	if d.Arguments == nil {
		return given, nil
	}
	return CheckArguments(d.Arguments, given)
}

// A Declared objective can say what it is and what it takes.
type Declared interface {
	Objective
	Declaration() Declaration
}

// An Argument is one of the values that a loop can be given.
type Argument struct {
	Name     string
	Type     ArgumentType
	Required bool
	Default  any // what it is when it is not given; nil leaves it out
	// Range bounds a Number or an Integer. The zero Range is no bound.
	Range Range
	// Choices are the texts that a Text may be; none means any.
	Choices []string
	Help    string // a sentence
}

// A Range is from Lower to Upper, both included; they may be infinite. The
// zero Range holds every number.
type Range struct{ Lower, Upper float64 }

// AtLeast is the range of all numbers from lower on.
func AtLeast(lower float64) Range { return Range{lower, math.Inf(1)} }

// Holds reports whether x is in the range. NaN is in none but the zero Range.
func (r Range) Holds(x float64) bool { return r == Range{} || r.Lower <= x && x <= r.Upper }

// String says the range in words, and nothing of the zero Range.
func (r Range) String() string {
	switch {
	case r == Range{}:
		return ""
	case math.IsInf(r.Upper, 1):
		return "of at least " + bound(r.Lower)
	case math.IsInf(r.Lower, -1):
		return "of at most " + bound(r.Upper)
	}
	return fmt.Sprintf("between %s and %s", bound(r.Lower), bound(r.Upper))
}

// bound writes integers with all their digits.
func bound(x float64) string {
	if x == math.Trunc(x) && math.Abs(x) < 1<<53 {
		return strconv.FormatFloat(x, 'f', -1, 64)
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}

// An ArgumentError says what is wrong with one argument.
type ArgumentError struct {
	Name    string
	Problem string
}

// Error names the argument.
func (e *ArgumentError) Error() string { return fmt.Sprintf("argument %s: %s", e.Name, e.Problem) }

// CheckArguments checks what was given against what is declared, and returns it
// with the types and the defaults of the declaration; given is left as it is. All
// that is wrong is told at once, each an *ArgumentError that [errors.Join]
// joined.
func CheckArguments(declared []Argument, given rush.Values) (rush.Values, error) {
	var problems []error
	names := make([]string, len(declared))
	args := make(rush.Values, len(declared))
	for i := range declared {
		a := &declared[i]
		names[i] = a.Name
		value, err := a.value(given)
		if err != nil {
			problems = append(problems, err)
		} else if value != nil {
			args[a.Name] = value
		}
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if !slices.Contains(names, name) {
			problems = append(problems, &ArgumentError{name, "there is no such argument" + nearest.Hint(name, names)})
		}
	}
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	return args, nil
}

// value returns what the argument is, nil if it was left out and may be.
func (a *Argument) value(given rush.Values) (any, error) {
	v, ok := given[a.Name]
	switch {
	case ok && v != nil:
	case a.Required:
		return nil, &ArgumentError{a.Name, "it is missing; expected " + a.Expected()}
	default:
		return a.Default, nil
	}
	coerced, ok := a.coerce(v)
	if !ok {
		return nil, &ArgumentError{a.Name, fmt.Sprintf("expected %s, found %s", a.Expected(), found(v))}
	}
	return coerced, nil
}

func found(v any) string {
	if s, ok := v.(string); ok {
		return fmt.Sprintf("%q", s)
	}
	return fmt.Sprint(v)
}

// coerce makes a value one of the argument's type, if it is one.
func (a *Argument) coerce(v any) (any, bool) {
	if n, ok := v.(int); ok {
		v = int64(n)
	}
	switch a.Type {
	case Number:
		x, ok := v.(float64)
		if n, isInt := v.(int64); isInt {
			x, ok = float64(n), true
		}
		return x, ok && a.Range.Holds(x)
	case Integer:
		n, ok := v.(int64)
		if x, isFloat := v.(float64); isFloat {
			n, ok = int64(x), x == math.Trunc(x) && math.Abs(x) < 1<<53
		}
		return n, ok && a.Range.Holds(float64(n))
	case Boolean:
		_, ok := v.(bool)
		return v, ok
	case Text:
		s, ok := v.(string)
		return v, ok && (len(a.Choices) == 0 || slices.Contains(a.Choices, s))
	case List:
		_, ok := v.([]any)
		return v, ok
	case Map:
		_, ok := v.(map[string]any)
		return v, ok
	}
	return v, true
}

// Expected says in words what the argument can be.
func (a *Argument) Expected() string {
	if len(a.Choices) > 0 {
		return "one of " + strings.Join(a.Choices, ", ")
	}
	words := map[ArgumentType]string{
		Number: "a number", Integer: "an integer", Boolean: "true or false", Text: "a text", List: "a list", Map: "a map",
	}[a.Type]
	if words == "" {
		words = "a value"
	}
	if r := a.Range.String(); r != "" {
		words += " " + r
	}
	return words
}
