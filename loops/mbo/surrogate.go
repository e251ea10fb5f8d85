package mbo

import "github.com/rushnet/rush/loops/gp"

// Data are what a surrogate learns.
type Data struct {
	// X are places in the unit cube, NaN where a parameter is inactive, and Y what
	// came out there, finite numbers of which less is better.
	X [][]float64
	Y []float64
	// Seen is how many there were before they were thinned. Data that were not
	// thinned are those of the call before and some more.
	Seen int

	kept []int // their numbers before they were thinned; nil if they were not
}

// number is that of a datum before they were thinned.
func (d *Data) number(i int) int {
	if d.kept == nil {
		return i
	}
	return d.kept[i]
}

func (d *Data) thinned() bool { return d.Seen > len(d.Y) }

// A Surrogate learns the outputs of places.
type Surrogate interface {
	// Model returns what is learned from the data, at least two. They stay as they
	// are.
	Model(d *Data) (Model, error)
}

// A Model predicts outputs, or a monotone function of them.
type Model interface {
	// Predict returns the expectation and the variance, above 0, at a place.
	Predict(x []float64) (mean, variance float64)
	// Best is the least expectation at a place that it has seen.
	Best() float64
	// Expected is the expectation at the i-th of the data.
	Expected(i int) float64
	// Imagine has the model believe that the expectation at a place was observed
	// there, for points that are pending. It reports whether that changed it.
	Imagine(x []float64) bool
}

// A Smooth model can say in which direction to go.
type Smooth interface {
	Model
	// PredictGradient is Predict, and writes the derivatives by the coordinates.
	PredictGradient(x, dMean, dVariance []float64) (mean, variance float64)
	// Mean is the expectation of Predict alone, in less time.
	Mean(x []float64) float64
}

var _ Smooth = (*gp.Process)(nil)
