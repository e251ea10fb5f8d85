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
	evaluations := effort.Evaluations
	if evaluations == 0 {
		evaluations = 60
	}
	best := Fitted{Value: math.Inf(1)}
	if from != nil {
		var err error
		if best, err = r.Descend(x, y, from, evaluations); err != nil {
			return Params{}, err
		}
	}
	if from == nil || effort.Afresh || math.IsInf(best.Value, 1) {
		other, err := r.Descend(x, y, nil, evaluations)
		if err != nil {
			return Params{}, err
		}
		if from == nil || other.Value < best.Value {
			best = other
		}
	}
	if math.IsInf(best.Value, 1) {
		return Params{}, fmt.Errorf("fit a Gaussian process to %d points: %w", len(x), errSingular)
	}
	return best.Params, nil
}

// A Fitted is what a descent came to.
type Fitted struct {
	Params Params
	// Value is minus the logarithm of the posterior density, but for what does not
	// depend on the parameters; +Inf where the covariances are singular.
	Value float64
	// Evaluations of the likelihood were needed.
	Evaluations int
}

// Descend goes down to parameters by which the data are more likely, from those
// given, or from the prior's mode if there are none: a part of what Fit does, for
// who has not the time for all of it at once. Fewer evaluations than there may be
// mean that there is nothing to gain from here any more.
func (r *Regression) Descend(x [][]float64, y []float64, from *Params, evaluations int) (Fitted, error) {
	if err := r.check(x, y); err != nil {
		return Fitted{}, err
	}
	inputs := len(r.Inputs)
	l := newLikelihood(r, x, y)
	lower, upper := bounds(inputs, r.Warp)
	begin := r.Prior.start(inputs, r.Warp)
	if from != nil {
		if begin = from.theta(r.Warp); r.Warp {
			begin[inputs+1] = from.strength(&l.warp)
		}
	}
	found := descent.Minimize(l.negative, begin, descent.Options{
		Lower: lower, Upper: upper, Evaluations: evaluations, Gradient: 1e-3, Decrease: 1e-5,
	})
	params := theta(found.X).params(inputs)
	params.Scale = l.warp.Scale
	return Fitted{Params: params, Value: found.Value, Evaluations: found.Evaluations}, nil
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
