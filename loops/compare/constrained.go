package compare

import (
	"math"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/functions"
)

// constrained returns the problems with a constraint on outputs, of which the least
// feasible output is sought.
func constrained() []Problem {
	return []Problem{gardner(), ball()}
}

// gardner is the first problem of J. Gardner et al. (2014), Bayesian optimization with
// inequality constraints, ICML 31, section 5.1.
func gardner() Problem {
	p := onNumbers("gardner2", "two numbers, waves, of which bands are feasible", 0, 6, []float64{4.6226409358258605, 5.849334576140215},
		func(x []float64) float64 { return math.Cos(2*x[0])*math.Cos(x[1]) + math.Sin(x[0]) })
	return p.within(func(x []float64) float64 { return math.Cos(x[0]+x[1]) + 0.5 })
}

// ball has its optimum on the boundary of a ball, nearest to the origin.
func ball() Problem {
	p := onNumbers("ball4", "a sum of four numbers in a ball that is a twenty-fifth of the space", 0, 1, repeated(0.55, 4),
		func(x []float64) float64 { return x[0] + x[1] + x[2] + x[3] })
	return p.within(func(x []float64) float64 {
		sum := -0.09
		for _, v := range x {
			sum += square(v - 0.7)
		}
		return sum
	})
}

// within is a problem in numbers with a constraint.
func (p Problem) within(constraint func(x []float64) float64) Problem {
	const name = "c"
	formula, params := p.formula, p.Space.Params()
	p.codomain = loops.Codomain{{Name: functions.Output, Goal: loops.Minimize}, {Name: name, Goal: loops.Constraint}}
	p.outputs = func(xs rush.Values) (rush.Values, error) {
		x := make([]float64, len(params))
		for i := range params {
			x[i] = xs[params[i].Name].(float64)
		}
		return rush.Values{functions.Output: formula(xs), name: constraint(x)}, nil
	}
	return p
}
