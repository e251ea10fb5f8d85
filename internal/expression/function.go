package expression

import (
	"fmt"
	"math"
	"reflect"

	"github.com/expr-lang/expr"
)

// builtins are the language's own functions that expressions may call: none of
// them loops, and none makes much of little.
var builtins = []string{"abs", "ceil", "floor", "round", "int", "float", "string", "len", "min", "max", "lower", "upper"}

// mathematics returns the functions of a number that the language does not have.
func mathematics() map[string]func(float64) float64 {
	return map[string]func(float64) float64{
		"exp": math.Exp, "log": math.Log, "log2": math.Log2, "log10": math.Log10, "sqrt": math.Sqrt,
		"sin": math.Sin, "cos": math.Cos, "tan": math.Tan, "tanh": math.Tanh,
	}
}

// functions returns what expressions may call.
func functions() []expr.Option {
	options := []expr.Option{expr.DisableAllBuiltins()}
	for _, name := range builtins {
		options = append(options, expr.EnableBuiltin(name))
	}
	for name, f := range mathematics() {
		options = append(options, expr.Function(name, ofNumber(f), new(func(any) float64)))
	}
	return options
}

// functionNames returns the names of all functions.
func functionNames() []string {
	names := append([]string(nil), builtins...)
	for name := range mathematics() {
		names = append(names, name)
	}
	return names
}

// ofNumber makes a function of the language of one of a number.
func ofNumber(f func(float64) float64) func(...any) (any, error) {
	return func(args ...any) (any, error) {
		x, ok := toFloat(args[0])
		if !ok {
			return nil, fmt.Errorf("expected a number, found %v", args[0])
		}
		return f(x), nil
	}
}

func toFloat(v any) (float64, bool) {
	r := reflect.ValueOf(v)
	switch {
	case !r.IsValid():
		return 0, false
	case r.CanInt():
		return float64(r.Int()), true
	case r.CanFloat():
		return r.Float(), true
	}
	return 0, false
}
