package gp

import (
	"errors"
	"fmt"
	"math"

	"github.com/rushnet/rush/loops/descent"
)

// A Regression says what is regressed on what.
type Regression struct {
	Inputs []Input
	// Warp has the outputs warped as is likely; see [Warp]. Without, they are
	// shifted and scaled only.
	Warp  bool
	Prior Prior
}

// New returns the regression on some inputs, with warped outputs and the default
// prior.
func New(inputs []Input) *Regression {
	return &Regression{Inputs: inputs, Warp: true, Prior: DefaultPrior()}
}

// An Effort says how much a fit may cost.
type Effort struct {
	// Evaluations of the likelihood, for each beginning; 0 is 60. Each takes
	// time in proportion to the cube of the number of data.
	Evaluations int
	// Afresh has the fit begin at the prior's mode too, where it had another
	// beginning.
	Afresh bool
}

// Fit finds the parameters by which the data are most likely, beginning with
// those given, or with the prior's mode if there are none. Every y is finite, and
// there are at least two.
func (r *Regression) Fit(x [][]float64, y []float64, from *Params, effort Effort) (Params, error) {
	if err := r.check(x, y); err != nil {
		return Params{}, err
	}
	inputs := len(r.Inputs)
	l := newLikelihood(r, x, y)
	lower, upper := bounds(inputs, r.Warp)
	o := descent.Options{Lower: lower, Upper: upper, Evaluations: effort.Evaluations, Gradient: 1e-3, Decrease: 1e-5}
	if o.Evaluations == 0 {
		o.Evaluations = 60
	}
	var best descent.Result
	if from != nil {
		begin := from.theta(r.Warp)
		if r.Warp {
			begin[inputs+1] = from.strength(&l.warp)
		}
		best = descent.Minimize(l.negative, begin, o)
	}
	if from == nil || effort.Afresh || math.IsInf(best.Value, 1) {
		other := descent.Minimize(l.negative, r.Prior.start(inputs, r.Warp), o)
		if best.X == nil || other.Value < best.Value {
			best = other
		}
	}
	if math.IsInf(best.Value, 1) {
		return Params{}, fmt.Errorf("fit a Gaussian process to %d points: %w", len(x), errSingular)
	}
	params := theta(best.X).params(inputs)
	params.Scale = l.warp.Scale
	return params, nil
}

func (r *Regression) check(x [][]float64, y []float64) error {
	if len(x) != len(y) || len(y) < 2 {
		return fmt.Errorf("a Gaussian process needs two points or more, and an output for each; found %d points and %d outputs", len(x), len(y))
	}
	for i, row := range x {
		if len(row) != len(r.Inputs) {
			return fmt.Errorf("point %d has %d coordinates; expected %d", i, len(row), len(r.Inputs))
		}
		if math.IsNaN(y[i]) || math.IsInf(y[i], 0) {
			return errors.New("a Gaussian process needs outputs that are finite numbers; leave out the others, or put others in their place")
		}
	}
	return nil
}

// places lays out the rows of x for the kernel.
func (r *Regression) places(x [][]float64) [][]float64 {
	l := newLayout(r.Inputs)
	width := l.width()
	all, rows := make([]float64, width*len(x)), make([][]float64, len(x))
	for i := range x {
		rows[i], all = all[:width:width], all[width:]
		l.place(rows[i], x[i])
	}
	return rows
}
