package functions

import (
	"context"
	"fmt"
	"slices"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops/space"
)

// A Multi is a function with several outputs, y1, y2 and so on, all to be
// minimized, and perhaps constraints on outputs, c1, c2 and so on, which are kept
// to where they are at most 0. It is got from [MultiByName] and may be shared by
// any number of goroutines; its fields are not to be changed.
type Multi struct {
	Name  string
	About string // a line for people

	Space       space.Space // where it is usually searched, of x1, x2, ...
	Outputs     []string    // y1, y2, ...
	Constraints []string    // c1, c2, ...; nil if there are none
	// Reference is worse than all of the Pareto front, for its hypervolume.
	Reference []float64
	// Hypervolume is what the whole front dominates up to Reference; 0 where no
	// formula is known.
	Hypervolume float64

	// MinDim and MaxDim are the numbers of parameters that it takes. MaxDim is
	// 0 if there is no bound.
	MinDim, MaxDim int

	formula func(x []float64) []float64 // the outputs, then the constraints
}

// MultiNames lists the functions with several outputs in alphabetical order.
func MultiNames() []string {
	var names []string
	for _, f := range multi() {
		names = append(names, f.Name)
	}
	return names
}

// MultiByName returns the function of that name, of those that [MultiNames] lists.
func MultiByName(name string) (Multi, bool) {
	for _, f := range multi() {
		if f.Name == name {
			return f, true
		}
	}
	return Multi{}, false
}

// multi makes the functions.
func multi() []Multi {
	return []Multi{binhKorn(), dtlz2(), kursawe(), zdt1(), zdt2(), zdt3(), zdt4(), zdt6()}
}

// withOutputs names as many outputs as the reference point has.
func (f Multi) withOutputs() Multi {
	for i := range f.Reference {
		f.Outputs = append(f.Outputs, fmt.Sprintf("y%d", i+1))
	}
	return f
}

// Evaluate returns the function's values at a point: [Multi.Outputs] and
// [Multi.Constraints]. As for a [Function], the values of the point are x1, x2, ...
// of the formula in the natural order of their names, whether it is in Space is not
// asked, and it is an error if they are too few or too many, or not numbers.
func (f Multi) Evaluate(_ context.Context, xs rush.Values) (rush.Values, error) {
	x, err := dims{f.MinDim, f.MaxDim}.arguments(xs)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name, err)
	}
	names := slices.Concat(f.Outputs, f.Constraints)
	ys := make(rush.Values, len(names))
	for i, v := range f.formula(x) {
		ys[names[i]] = v
	}
	return ys, nil
}
