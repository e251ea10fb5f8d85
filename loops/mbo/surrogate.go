package mbo

import (
	"github.com/rushnet/rush/loops/gp"
	"github.com/rushnet/rush/loops/space"
)

// A Surrogate learns the outputs of places. Places are in the unit cube, NaN
// where a parameter is inactive.
type Surrogate interface {
	// Model returns what is learned from all the outputs there are, all finite: at
	// least two. The slices stay as they are, and grow from one call to the next
	// unless the surrogate is told to thin them.
	Model(x [][]float64, y []float64) (Model, error)
}

// A Model predicts outputs, or a monotone function of them.
type Model interface {
	// Predict returns the expectation and the variance, above 0, at a place.
	Predict(x []float64) (mean, variance float64)
	// Best is the least expectation at a place that it has seen.
	Best() float64
	// Imagine has the model believe that the expectation at a place was observed
	// there, for points that are pending. It reports whether that changed it.
	Imagine(x []float64) bool
}

// A Smooth model can say in which direction to go.
type Smooth interface {
	Model
	// PredictGradient is Predict, and writes the derivatives by the coordinates.
	PredictGradient(x, dMean, dVariance []float64) (mean, variance float64)
}

var _ Smooth = (*gp.Process)(nil)

// A process is the surrogate that is a Gaussian process. It fits the parameters
// anew when there are enough new data.
type process struct {
	regression *gp.Regression
	params     *gp.Params
	fitted     int // how many data there were when the parameters were fitted
	afresh     int // and when they were last fitted from the beginning
}

func newProcess(sp space.Space) *process {
	inputs := make([]gp.Input, sp.Len())
	for i, p := range sp.Params() {
		inputs[i] = gp.Input{Category: p.Type == space.Fct || p.Type == space.Lgl, Conditional: conditional(p)}
	}
	return &process{regression: gp.New(inputs)}
}

// conditional reports whether a parameter can be inactive.
func conditional(space.Param) bool { return false }

// Model implements [Surrogate].
func (s *process) Model(x [][]float64, y []float64) (Model, error) {
	if n := len(y); s.params == nil || n >= s.fitted+1+s.fitted/30 || n < s.fitted {
		if err := s.fit(x, y); err != nil {
			return nil, err
		}
	}
	return s.regression.Condition(x, y, *s.params)
}

func (s *process) fit(x [][]float64, y []float64) error {
	n := len(y)
	effort := gp.Effort{Evaluations: min(60, max(12, 3000/n)), Afresh: n < 40 || n > s.afresh+s.afresh/3}
	if effort.Afresh {
		s.afresh = n
		effort.Evaluations = 60
	}
	params, err := s.regression.Fit(x, y, s.params, effort)
	if err != nil {
		return err
	}
	s.params, s.fitted = &params, n
	return nil
}
