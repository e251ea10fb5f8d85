package importance

import (
	"github.com/rushnet/rush/loops/dependence"
	"github.com/rushnet/rush/loops/gp"
	"github.com/rushnet/rush/loops/space"
)

// mostOfProcess is how many tasks a process learns, since its time grows with
// their cube.
const mostOfProcess = 300

// Process fits a Gaussian process to the data, or to 300 of them, as a model that
// is smoother than the forest. It fails as [Data.Measure] does, or if there is no
// process that fits.
func (d *Data) Process() (dependence.Model, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	x, y := d.thin(mostOfProcess)
	inputs := make([]gp.Input, d.Space.Len())
	for i, p := range d.Space.Params() {
		inputs[i] = gp.Input{Category: p.Type == space.Fct || p.Type == space.Lgl, Conditional: p.Depends != ""}
	}
	r := gp.New(inputs)
	r.Warp = false
	params, err := r.Fit(x, y, nil, gp.Effort{})
	if err != nil {
		return nil, err
	}
	p, err := r.Condition(x, y, params)
	if err != nil {
		return nil, err
	}
	return scaled{p}, nil
}

// scaled is a process without a warp, of outputs as they came.
type scaled struct{ process *gp.Process }

// Predict implements [dependence.Model].
func (s scaled) Predict(x []float64) (mean, variance float64) {
	mean, variance = s.process.Predict(x)
	w := &s.process.Warp
	scale := w.Inverse(1) - w.Inverse(0)
	return w.Inverse(mean), variance * scale * scale
}
