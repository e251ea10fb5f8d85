package compare

import (
	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops/functions"
)

// numeric returns the problems in numbers alone.
func numeric() []Problem {
	shift := []float64{10.5, -7.25, 3.1, -15.8, 12.4}
	return []Problem{
		named("branin"), named("hartmann6"),
		onNumbers("rosenbrock5", "five numbers, a narrow bent valley", -5, 10, repeated(1, 5),
			func(x []float64) float64 { return functions.Rosenbrock(x...) }),
		onNumbers("ackley5s", "five numbers, dents on a plain around a deep one, shifted from the middle", -32.768, 32.768, shift,
			shifted(functions.Ackley, shift)),
		onNumbers("levy4", "four numbers, waves in a bowl", -10, 10, repeated(1, 4), levy),
		onNumbers("rastrigin3s", "three numbers, a grid of local minima, shifted from the middle", -5.12, 5.12, []float64{1.3, -2.2, 3.1},
			shifted(functions.Rastrigin, []float64{1.3, -2.2, 3.1})),
		onNumbers("styblinski6", "six numbers, two minima along each", -5, 5, repeated(styblinskiAt, 6), styblinski),
		onNumbers("ellipsoid10", "ten numbers whose scales differ a hundredfold", -5, 5, scattered(10, 3),
			shifted(ellipsoid, scattered(10, 3))),
	}
}

// named returns one of package functions.
func named(name string) Problem {
	f, ok := functions.ByName(name)
	if !ok {
		panic("compare: there is no function " + name)
	}
	params := f.Space.Params()
	return Problem{
		Name: f.Name, About: f.About, Space: f.Space, Optimum: f.Optimum, At: f.Optima[0],
		formula: func(xs rush.Values) float64 {
			x := make([]float64, len(params))
			for i := range params {
				x[i] = xs[params[i].Name].(float64)
			}
			if f.Name == "branin" {
				return functions.Branin(x[0], x[1])
			}
			return functions.Hartmann6([6]float64(x))
		},
	}
}

// scattered returns d numbers from -r to r without order: the fractional parts of
// multiples of the golden ratio.
func scattered(d int, r float64) []float64 {
	x := make([]float64, d)
	for i := range x {
		m := 0.6180339887498949 * float64(i+1)
		x[i] = r * (2*(m-float64(int(m))) - 1)
	}
	return x
}
