package mbo

import (
	"math"

	"gonum.org/v1/gonum/stat"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/acquisition"
)

// sampled is how many of the data say how far outputs are spread.
const sampled = 32

// promise is what is kept with a proposal: the value of the acquisition function,
// and the improvement that is expected, whatever function chose the place, in
// standard deviations of what the model makes of the outputs; see [loops.GainName].
func promise(m Model, d *Data, c *candidate) rush.Values {
	extra := rush.Values{"acquisition": c.value}
	n := min(len(d.X), sampled)
	outputs := make([]float64, n)
	for i := range outputs {
		outputs[i], _ = m.Predict(d.X[i*len(d.X)/n])
	}
	if spread := stat.StdDev(outputs, nil); spread > 0 {
		gain, _, _ := acquisition.EI{Best: m.Best()}.Value(m.Predict(c.x))
		if gain /= spread; !math.IsNaN(gain) && !math.IsInf(gain, 0) {
			extra[loops.GainName] = gain
		}
	}
	return extra
}
