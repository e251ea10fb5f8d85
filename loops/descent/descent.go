// Package descent minimizes smooth functions in a box: L-BFGS with projection
// onto the bounds, small enough for problems of a few dozen variables that are
// solved thousands of times, such as the likelihood of a Gaussian process and
// the maximum of an acquisition function.
//
//	r := descent.Minimize(f, x, descent.Options{Lower: lower, Upper: upper})
//
// It has no state; any number of goroutines may call it.
package descent

import "math"

// A Function returns the value at x, and writes the gradient there into
// gradient, which has the length of x. A value that is no number counts as
// worse than any other.
type Function func(x, gradient []float64) float64

// Options say where to search and when to stop. The zero value is no bounds and
// the defaults.
type Options struct {
	// Lower and Upper bound the variables; nil is no bound.
	Lower, Upper []float64
	// Evaluations is how often the function is called at most; 0 is 100.
	Evaluations int
	// Gradient stops the search once no free variable's derivative is larger; 0 is
	// 1e-6.
	Gradient float64
	// Decrease stops it once a step makes the value less by no more than this, in
	// relation to 1 + the value's size; 0 is 1e-9.
	Decrease float64
	// Step is how far the first step goes at most, which has no curvature to go
	// by; 0 is 1.
	Step float64
}

// A Result is the best place that was found.
type Result struct {
	X           []float64
	Value       float64
	Evaluations int
}

// memory is how many steps the curvature is estimated from.
const memory = 8

// Minimize searches from x, which is moved into the bounds and not changed. What
// it returns is never worse than where it began. If the function has no finite
// value there, it returns the beginning at once.
//
// The method is L-BFGS (Nocedal 1980) on the variables that no bound holds
// back, with a backtracking search along the projected path (Bertsekas 1982).
func Minimize(f Function, x []float64, o Options) Result {
	s := &search{f: f, o: o.withDefaults()}
	s.begin(x)
	for s.evaluations < s.o.Evaluations && s.step() {
	}
	return Result{X: s.x, Value: s.value, Evaluations: s.evaluations}
}

func (o Options) withDefaults() Options {
	if o.Evaluations == 0 {
		o.Evaluations = 100
	}
	if o.Gradient == 0 {
		o.Gradient = 1e-6
	}
	if o.Decrease == 0 {
		o.Decrease = 1e-9
	}
	if o.Step == 0 {
		o.Step = 1
	}
	return o
}

// project moves x into the bounds.
func (o *Options) project(x []float64) {
	if o.Lower != nil {
		for i, l := range o.Lower {
			x[i] = math.Max(x[i], l)
		}
	}
	if o.Upper != nil {
		for i, u := range o.Upper {
			x[i] = math.Min(x[i], u)
		}
	}
}

// held reports whether a bound holds variable i back from a move against the
// gradient.
func (o *Options) held(i int, x, gradient float64) bool {
	return o.Lower != nil && x <= o.Lower[i] && gradient > 0 || o.Upper != nil && x >= o.Upper[i] && gradient < 0
}
