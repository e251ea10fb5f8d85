package functions

import (
	"context"
	"fmt"
	"slices"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops/space"
)

// Output is the name of what every [Function] returns.
const Output = "y"

// Goal is what is wanted of every output that is not a constraint.
const Goal = "minimize"

// A Function is an objective with a known answer. It is got from [ByName] and
// may be shared by any number of goroutines; its fields are not to be changed.
type Function struct {
	Name  string
	About string // a line for people

	// Space is where the function is usually searched.
	Space space.Space

	// Optimum is the least output in Space, and Optima are the points in Space
	// that have it, all of them.
	Optimum float64
	Optima  []rush.Values

	// MinDim and MaxDim are the numbers of parameters that it takes. MaxDim is
	// 0 if there is no bound.
	MinDim, MaxDim int

	evaluate  func(ctx context.Context, xs, constants rush.Values) (float64, error)
	inDim     func(f Function, d int) Function // sets Space and Optima
	constants rush.Values
}

// Names lists the functions in alphabetical order.
func Names() []string {
	var names []string
	for _, f := range all() {
		names = append(names, f.Name)
	}
	slices.Sort(names)
	return names
}

// ByName returns the function of that name, of those that [Names] lists. A
// function of any dimension has two parameters; see [Function.InDim].
func ByName(name string) (Function, bool) {
	for _, f := range all() {
		if f.Name == name {
			return f, true
		}
	}
	return Function{}, false
}

// all makes the functions.
func all() []Function {
	return []Function{
		branin(), hartmann6(), himmelblau(),
		rosenbrock(), ackley(), rastrigin(), sphere(),
		sleep(),
	}
}

// Evaluate returns the function's value at a point, as [Output]. All values of
// the point must be numbers. They are x1, x2, ... of the formula in the natural
// order of their names, in which x2 comes before x10; a point of x1, ..., xd is
// thus what it says, and any other names will do. That the point is in Space is
// not asked. Evaluate returns an error if there are too few or too many values,
// if one is not a number, and, for sleep, when ctx ends.
func (f Function) Evaluate(ctx context.Context, xs rush.Values) (rush.Values, error) {
	y, err := f.evaluate(ctx, xs, f.constants)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name, err)
	}
	return rush.Values{Output: y}, nil
}

// With returns the function with constants that are given to it beside every
// point. Only sleep has a use for them.
func (f Function) With(constants rush.Values) Function {
	f.constants = constants
	return f
}

// InDim returns the function of d parameters: the same formula, with the Space
// and the Optima of that dimension. It is an error if the function has none.
func (f Function) InDim(d int) (Function, error) {
	if !f.dims().has(d) {
		return Function{}, fmt.Errorf("%s takes %s, found %d", f.Name, f.dims(), d)
	}
	if f.inDim == nil {
		return f, nil
	}
	return f.inDim(f, d), nil
}

// dims are the numbers of parameters that the function takes.
func (f Function) dims() dims { return dims{f.MinDim, f.MaxDim} }

// scoredBy returns the function with a formula in the numbers of a point.
func (f Function) scoredBy(formula func(x []float64) float64) Function {
	takes := f.dims()
	f.evaluate = func(_ context.Context, xs, _ rush.Values) (float64, error) {
		x, err := takes.arguments(xs)
		if err != nil {
			return 0, err
		}
		return formula(x), nil
	}
	return f
}

// searchedOn returns the function, of any dimension, with the same bounds for
// every parameter and its one optimum, which is 0, where all of them are at.
func (f Function) searchedOn(lower, upper, at float64) Function {
	f.inDim = func(f Function, d int) Function {
		f.Space = cube(d, lower, upper)
		x := make([]float64, d)
		for i := range x {
			x[i] = at
		}
		f.Optima = points(x)
		return f
	}
	return f.inDim(f, max(2, f.MinDim))
}

// cube returns the space of x1, ..., xd with the same bounds for all.
func cube(d int, lower, upper float64) space.Space {
	params := make([]space.Param, d)
	for i := range params {
		params[i] = param(i, lower, upper)
	}
	return space.MustNew(params...)
}

// param returns the i-th parameter, counted from 0.
func param(i int, lower, upper float64) space.Param {
	return space.Param{Name: fmt.Sprintf("x%d", i+1), Type: space.Dbl, Lower: lower, Upper: upper}
}

// points names the coordinates of points.
func points(xs ...[]float64) []rush.Values {
	list := make([]rush.Values, len(xs))
	for i, x := range xs {
		list[i] = make(rush.Values, len(x))
		for k := range x {
			list[i][fmt.Sprintf("x%d", k+1)] = x[k]
		}
	}
	return list
}
