package mbo

import (
	"slices"

	"github.com/rushnet/rush/loops/acquisition"
	"github.com/rushnet/rush/loops/descent"
)

// A criterion is the acquisition function of places.
type criterion struct {
	model    Model
	smooth   Smooth               // the model, if it is
	function acquisition.Function // nil asks for a feasible place only
	best     float64              // what is to be improved on
	feasible *feasibility         // whether the constraints are kept to; nil if that is no question
	likely   *feasibility         // what is told of that
	// seconds is what an evaluation takes, in logarithms, of which a share is
	// subtracted; nil counts none. With log-EI and all of it that makes the logarithm
	// of EI per second (Snoek, Larochelle and Adams 2012, section 3.2), the seconds
	// being their median.
	seconds Smooth
	share   float64

	dMean, dVariance []float64
}

func newCriterion(m Model, f acquisition.Function, inputs int) *criterion {
	c := &criterion{model: m, function: f, dMean: make([]float64, inputs), dVariance: make([]float64, inputs)}
	c.smooth, _ = m.(Smooth)
	return c
}

func (c *criterion) value(x []float64) float64 {
	v := c.feasible.log(x)
	if c.function != nil {
		gain, _, _ := c.function.Value(c.model.Predict(x))
		v += gain
	}
	if c.seconds != nil {
		seconds, _ := c.seconds.Predict(x)
		v -= c.share * seconds
	}
	return v
}

func (c *criterion) climbable() bool { return c.smooth != nil }

// along returns minus the value with its gradient, which is what a minimization
// wants, as a function of some of the coordinates of x.
func (c *criterion) along(x []float64, moving []int) descent.Function {
	at := slices.Clone(x)
	return func(moved, gradient []float64) float64 {
		for k, i := range moving {
			at[i] = moved[k]
		}
		clear(gradient)
		v := c.feasible.climb(at, moving, gradient)
		if c.function != nil {
			gain, byMean, byVariance := c.function.Value(c.smooth.PredictGradient(at, c.dMean, c.dVariance))
			v += gain
			for k, i := range moving {
				gradient[k] -= byMean*c.dMean[i] + byVariance*c.dVariance[i]
			}
		}
		if c.seconds == nil {
			return -v
		}
		seconds, _ := c.seconds.PredictGradient(at, c.dMean, c.dVariance)
		for k, i := range moving {
			gradient[k] += c.share * c.dMean[i]
		}
		return c.share*seconds - v
	}
}
