package loops

import (
	"context"
	"fmt"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/rushworker"
)

// GainName is the extra with which an optimizer says what it expects of a point
// that it proposes: by how much it improves on the best, in standard deviations of
// the outputs as the optimizer models them, so that 1 is much and 0.001 little for
// any objective. [ExpectedImprovement] judges by it. Points that were not chosen
// for what they promise, such as those of an initial design, have none.
const GainName = "expected_improvement"

// ExpectedImprovement ends a run when there is nothing left to gain: the last
// Iters points of which the optimizer said what it expects, by the extra
// [GainName], promised less than Threshold each. It never ends the run of an
// optimizer that says nothing.
type ExpectedImprovement struct {
	Threshold float64
	Iters     int // at least 1
}

var _ Terminator = ExpectedImprovement{}

// Start implements [Terminator].
func (t ExpectedImprovement) Start(ctx context.Context, w *rushworker.Worker) (Check, error) {
	return startArchiveCheck(ctx, w, rush.FieldXSExtra, t.judge)
}

func (t ExpectedImprovement) judge(ended []*rush.Task) string {
	promised, most := 0, 0.0
	for i := len(ended) - 1; i >= 0 && promised < t.Iters; i-- {
		gain, ok := ended[i].XSExtra[GainName].(float64)
		switch {
		case !ok:
			continue
		case !(gain < t.Threshold):
			return ""
		}
		promised++
		most = max(most, gain)
	}
	if promised < t.Iters {
		return ""
	}
	return fmt.Sprintf("expected_improvement: nothing is left to gain: the last %d points promised at most %.3g standard deviations", t.Iters, most)
}
