package mbo

import (
	"math"
	"slices"

	"github.com/rushnet/rush/loops/descent"
	"github.com/rushnet/rush/loops/pareto"
)

// A hypervolume criterion is the logarithm of the expected improvement of the
// hypervolume by two objectives, of which there is a model each, and of the
// probability that a place is feasible.
type hypervolume struct {
	models   [2]Smooth
	cells    *pareto.Cells
	feasible *feasibility // nil if that is no question

	dMean, dVariance [2][]float64
}

var _, _ landscape = (*hypervolume)(nil), (*criterion)(nil)

// newHypervolume returns the criterion over a front, of which the places are given:
// what the models expect there is what is to be improved on. The reference point is
// what they expect at the worst place of each objective, or a tenth of the front's
// width beyond its end if that is farther, so that a front can grow at its ends. One
// that is nearer keeps searches at the end of the front that they find first.
func newHypervolume(models [2]Smooth, front [][]float64, worst [2][]float64, inputs int) *hypervolume {
	h := &hypervolume{models: models}
	for k := range models {
		h.dMean[k], h.dVariance[k] = make([]float64, inputs), make([]float64, inputs)
	}
	h.over(front, worst)
	return h
}

// over sets the front.
func (h *hypervolume) over(front [][]float64, worst [2][]float64) {
	points := make([][]float64, len(front))
	for i := range front {
		points[i] = make([]float64, 2)
	}
	reference := make([]float64, 2)
	for k, m := range h.models {
		reference[k] = m.Mean(worst[k])
		least, most := math.Inf(1), math.Inf(-1)
		for i, x := range front {
			points[i][k] = m.Mean(x)
			least, most = min(least, points[i][k]), max(most, points[i][k])
		}
		if len(front) > 0 {
			reference[k] = max(reference[k], most+(most-least)/10)
		}
	}
	h.cells = pareto.NewCells(points, reference)
}

// underflow is about the logarithm of the least number: where less is expected,
// the value falls with the distance from what would be better.
const underflow = -700

func (h *hypervolume) value(x []float64) float64 {
	var at [2]pareto.Normal
	for k, m := range h.models {
		mean, variance := m.Predict(x)
		at[k] = pareto.Normal{Mean: mean, SD: math.Sqrt(variance)}
	}
	v, _, _ := h.cells.ExpectedImprovement(at[0], at[1])
	return logarithm(v, at) + h.feasible.log(x)
}

func logarithm(v float64, at [2]pareto.Normal) float64 {
	if l := math.Log(v); l > underflow {
		return l
	}
	return underflow - at[0].Mean/at[0].SD - at[1].Mean/at[1].SD
}

func (h *hypervolume) climbable() bool { return true }

// along returns minus the value with its gradient, as a function of some of the
// coordinates of x.
func (h *hypervolume) along(x []float64, moving []int) descent.Function {
	at := slices.Clone(x)
	return func(moved, gradient []float64) float64 {
		for j, i := range moving {
			at[i] = moved[j]
		}
		var beliefs [2]pareto.Normal
		for k, m := range h.models {
			mean, variance := m.PredictGradient(at, h.dMean[k], h.dVariance[k])
			beliefs[k] = pareto.Normal{Mean: mean, SD: math.Sqrt(variance)}
		}
		v, byMean, bySD := h.cells.ExpectedImprovement(beliefs[0], beliefs[1])
		value := logarithm(v, beliefs)
		for j, i := range moving {
			gradient[j] = 0
			for k := range h.models {
				if value > underflow {
					gradient[j] -= (byMean[k]*h.dMean[k][i] + bySD[k]*h.dVariance[k][i]/(2*beliefs[k].SD)) / v
				}
			}
		}
		return -value - h.feasible.climb(at, moving, gradient)
	}
}
