package mbo

import (
	"math"

	"gonum.org/v1/gonum/stat"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/acquisition"
)

// acquisitionName is the extra with the value of the acquisition function.
const acquisitionName = "acquisition"

// sampled is how many of the data say how far outputs are spread.
const sampled = 32

// promise is what is kept with a proposal: the value of the acquisition function,
// and the improvement that is expected, whatever function chose the place, in
// standard deviations of what the model makes of the outputs; see [loops.GainName].
//
// With constraints on outputs the improvement counts as far as the place is likely to
// be feasible, whose probability is kept, too; as long as nothing feasible is known
// there is nothing to improve on, and no improvement is told.
func promise(m Model, d *Data, criterion *criterion, c *candidate) rush.Values {
	extra := rush.Values{acquisitionName: c.value}
	likely := 1.0
	if criterion.likely != nil {
		likely = math.Exp(criterion.likely.log(c.x))
		extra["feasible"] = likely
	}
	if criterion.function == nil {
		return extra
	}
	n := min(len(d.X), sampled)
	outputs := make([]float64, n)
	for i := range outputs {
		outputs[i], _ = m.Predict(d.X[i*len(d.X)/n])
	}
	if spread := stat.StdDev(outputs, nil); spread > 0 {
		gain, _, _ := acquisition.EI{Best: criterion.best}.Value(m.Predict(c.x))
		if gain *= likely / spread; !math.IsNaN(gain) && !math.IsInf(gain, 0) {
			extra[loops.GainName] = gain
		}
	}
	return extra
}
