package compare

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/functions"
	"github.com/rushnet/rush/loops/space"
)

// A Problem is a function to minimize whose answer is known, with one output or
// several. It never changes and may be shared by any number of goroutines.
type Problem struct {
	Name  string
	About string // a line for people
	Space space.Space
	// Optimum is the least feasible output in Space. Of several outputs it is the hypervolume
	// that they can dominate, 0 where no formula is known.
	Optimum float64
	At      rush.Values // a point that has the least output; nil with several
	// Reference is the reference point of the hypervolume, an element for each of
	// several outputs; nil with one.
	Reference []float64

	formula func(xs rush.Values) float64
	// Of several outputs, or with constraints on them:
	codomain loops.Codomain
	outputs  func(xs rush.Values) (rush.Values, error)
}

// Several reports whether there are several outputs, of which the hypervolume
// counts: more is better.
func (p *Problem) Several() bool { return p.Reference != nil }

// Codomain says what is wanted of the outputs.
func (p *Problem) Codomain() loops.Codomain {
	if p.codomain != nil {
		return p.codomain
	}
	return loops.Codomain{{Name: functions.Output, Goal: loops.Minimize}}
}

// Evaluate scores a point of the problem's space.
func (p *Problem) Evaluate(_ context.Context, xs rush.Values) (rush.Values, error) {
	if err := p.Space.Check(xs); err != nil {
		return nil, fmt.Errorf("%s: %w", p.Name, err)
	}
	if p.outputs != nil {
		return p.outputs(xs)
	}
	return rush.Values{functions.Output: p.formula(xs)}, nil
}

// Problems returns all problems: those with one output, then those with several.
func Problems() []Problem {
	return slices.Concat(numeric(), mixed(), constrained(), several())
}

// Lookup returns the problem of that name.
func Lookup(name string) (Problem, bool) {
	all := Problems()
	i := slices.IndexFunc(all, func(p Problem) bool { return p.Name == name })
	if i < 0 {
		return Problem{}, false
	}
	return all[i], true
}

// onNumbers returns a problem with a formula in the coordinates of x1, x2, ...,
// all within the same bounds, with its least value at a point.
func onNumbers(name, about string, lower, upper float64, at []float64, formula func(x []float64) float64) Problem {
	params := make([]space.Param, len(at))
	for i := range params {
		params[i] = space.Param{Name: fmt.Sprintf("x%d", i+1), Type: space.Dbl, Lower: lower, Upper: upper}
	}
	point := make(rush.Values, len(at))
	for i, x := range at {
		point[params[i].Name] = x
	}
	return Problem{
		Name: name, About: about, Space: space.MustNew(params...), Optimum: formula(at), At: point,
		formula: func(xs rush.Values) float64 {
			x := make([]float64, len(params))
			for i := range params {
				x[i] = xs[params[i].Name].(float64)
			}
			return formula(x)
		},
	}
}

// shifted moves the optimum of a formula from where it is 0 everywhere.
func shifted(formula func(x ...float64) float64, to []float64) func(x []float64) float64 {
	return func(x []float64) float64 {
		z := make([]float64, len(x))
		for i := range x {
			z[i] = x[i] - to[i]
		}
		return formula(z...)
	}
}

// repeated returns d times x.
func repeated(x float64, d int) []float64 { return slices.Repeat([]float64{x}, d) }

func square(x float64) float64 { return x * x }

// levy is the function of Levy and Montalvo (1985) as Laguna and Martí (2005)
// have it: 0 where all coordinates are 1.
func levy(x []float64) float64 {
	w := func(i int) float64 { return 1 + (x[i]-1)/4 }
	last := len(x) - 1
	sum := square(math.Sin(math.Pi*w(0))) + square(w(last)-1)*(1+square(math.Sin(2*math.Pi*w(last))))
	for i := range last {
		sum += square(w(i)-1) * (1 + 10*square(math.Sin(math.Pi*w(i)+1)))
	}
	return sum
}

// styblinskiAt is where the function of Styblinski and Tang (1990) is least, in
// every coordinate: a root of 4x³ - 32x + 5.
const styblinskiAt = -2.903534027771177

func styblinski(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += (v*v*v*v - 16*v*v + 5*v) / 2
	}
	return sum
}

// ellipsoid has axes whose scales differ a hundredfold, and is 0 at the origin.
func ellipsoid(x ...float64) float64 {
	sum := 0.0
	for i, v := range x {
		sum += math.Pow(1e4, float64(i)/float64(len(x)-1)) * v * v
	}
	return sum
}
