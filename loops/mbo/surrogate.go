package mbo

import (
	"cmp"
	"slices"

	"github.com/rushnet/rush/loops/gp"
)

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
}

var _ Smooth = (*gp.Process)(nil)

// A process is the surrogate that is a Gaussian process. It fits the parameters
// anew when there are enough new data.
type process struct {
	regression *gp.Regression
	params     *gp.Params
	fitted     int         // how many data had been seen when the parameters were fitted
	afresh     int         // and when they were last fitted from the beginning
	last       *gp.Process // with these parameters; nil if its data were thinned
}

// newProcess returns the surrogate, with warped outputs or not.
func newProcess(d *domain, warp bool) *process {
	inputs := make([]gp.Input, len(d.axes))
	for i := range inputs {
		inputs[i] = gp.Input{Category: d.axes[i].category, Conditional: d.axes[i].conditional}
	}
	s := &process{regression: gp.New(inputs)}
	s.regression.Warp = warp
	return s
}

// Model implements [Surrogate].
func (s *process) Model(d *Data) (Model, error) {
	p, err := s.smooth(d)
	if err != nil {
		return nil, err
	}
	return p, nil
}

func (s *process) smooth(d *Data) (*gp.Process, error) {
	if s.params == nil || d.Seen >= s.fitted+1+s.fitted/30 {
		if err := s.fit(d); err != nil {
			return nil, err
		}
	}
	from := s.last
	if d.thinned() {
		from = nil
	}
	p, err := s.regression.Extend(from, d.X, d.Y, *s.params)
	if err != nil {
		return nil, err
	}
	if s.last = p; d.thinned() {
		s.last = nil
	}
	return p, nil
}

// fittedMost is how many data the parameters are fitted to at most.
const fittedMost = 200

func (s *process) fit(d *Data) error {
	n := min(len(d.Y), fittedMost)
	effort := gp.Effort{Evaluations: max(12, min(60, 3000/n)), Afresh: d.Seen < 40 || d.Seen > s.afresh+s.afresh/3}
	if effort.Afresh {
		s.afresh = d.Seen
	}
	x, y := d.X, d.Y
	if len(y) > fittedMost {
		x, y = sample(d, fittedMost)
	}
	params, err := s.regression.Fit(x, y, s.params, effort)
	if err != nil {
		return err
	}
	s.params, s.fitted, s.last = &params, d.Seen, nil
	return nil
}

// sample returns n of the data: one half the best, the other evenly of the rest
// by rank.
func sample(d *Data, n int) (x [][]float64, y []float64) {
	order := make([]int, len(d.Y))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(d.Y[i], d.Y[j]) })
	half := n / 2
	kept := slices.Clone(order[:half])
	rest := order[half:]
	for k := range n - half {
		kept = append(kept, rest[k*len(rest)/(n-half)])
	}
	for _, i := range kept {
		x, y = append(x, d.X[i]), append(y, d.Y[i])
	}
	return x, y
}
