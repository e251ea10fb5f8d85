package functions

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/rushnet/rush"
)

// dims are numbers of parameters that a function takes: from least to most, which
// is 0 if there is no bound.
type dims struct{ least, most int }

// String says how many parameters they are.
func (d dims) String() string {
	switch {
	case d.least == d.most && d.least == 1:
		return "one parameter"
	case d.least == d.most:
		return fmt.Sprintf("%d parameters", d.least)
	case d.most == 0 && d.least == 1:
		return "any number of parameters"
	}
	return fmt.Sprintf("%d parameters or more", d.least)
}

// has reports whether n is one of the numbers.
func (d dims) has(n int) bool { return n >= d.least && (d.most == 0 || n <= d.most) }

// arguments returns the numbers of a point in the natural order of their names.
func (d dims) arguments(xs rush.Values) ([]float64, error) {
	names := slices.SortedFunc(maps.Keys(xs), compareNatural)
	if n := len(names); !d.has(n) {
		return nil, fmt.Errorf("expected %s (%s), found %d%s; change the search space", d, d.exampleNames(), n, inBrackets(names))
	}
	x := make([]float64, len(names))
	for i, name := range names {
		var err error
		if x[i], err = number(name, xs[name]); err != nil {
			return nil, err
		}
	}
	return x, nil
}

// exampleNames writes x1, x2 or x1, ..., x6.
func (d dims) exampleNames() string {
	switch {
	case d.most == 0:
		return "x1, x2, ..."
	case d.most <= 2:
		return strings.Join([]string{"x1", "x2"}[:d.most], ", ")
	}
	return fmt.Sprintf("x1, ..., x%d", d.most)
}

func inBrackets(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return " (" + strings.Join(names, ", ") + ")"
}

// number reads the value of a name, which may be of any of Go's number types.
func number(name string, v any) (float64, error) {
	r := reflect.ValueOf(v)
	switch {
	case r.CanFloat():
		return r.Float(), nil
	case r.CanInt():
		return float64(r.Int()), nil
	case r.CanUint():
		return float64(r.Uint()), nil
	}
	if v == nil {
		return 0, fmt.Errorf("%s: expected a number, found none; give it a value", name)
	}
	return 0, fmt.Errorf("%s: expected a number, found %#v; make it a dbl or int in the search space", name, v)
}

// compareNatural compares names so that digits within them count as numbers: x2
// comes before x10.
func compareNatural(a, b string) int {
	x, y := a, b
	for x != "" && y != "" {
		p, q := part(x), part(y)
		if c := compareParts(p, q); c != 0 {
			return c
		}
		x, y = x[len(p):], y[len(q):]
	}
	return cmp.Or(cmp.Compare(len(x), len(y)), cmp.Compare(a, b))
}

// part returns the digits, or what is before the first digit, at the beginning.
func part(s string) string {
	digits := isDigit(s[0])
	for i := 1; i < len(s); i++ {
		if isDigit(s[i]) != digits {
			return s[:i]
		}
	}
	return s
}

func compareParts(p, q string) int {
	if isDigit(p[0]) && isDigit(q[0]) {
		p, q = strings.TrimLeft(p, "0"), strings.TrimLeft(q, "0")
		if c := cmp.Compare(len(p), len(q)); c != 0 {
			return c
		}
	}
	return cmp.Compare(p, q)
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
