package mbo

import (
	"math"
	"testing"

	"github.com/rushnet/rush/loops/acquisition"
	"github.com/rushnet/rush/loops/optimizer"
	"github.com/rushnet/rush/seeds"
)

// The targets of pi are below the best by up to the distance to the median of what is
// expected at the data, in all orders of magnitude alike; without a margin the target
// is the best.
func TestTargetsOfPI(t *testing.T) {
	t.Parallel()
	data, model, _ := believed(t)
	g := &goal{best: model.Best(), model: model, data: len(data.Y)}
	expected := make([]float64, 0, len(data.X))
	for _, x := range data.X {
		mean, _ := model.Predict(x)
		expected = append(expected, mean)
	}
	above := 0
	for _, v := range expected {
		if v > g.best+g.width()+1e-9 {
			above++
		}
	}
	if n := len(expected); above != n-n/2-1 {
		t.Errorf("%d of %d expectations are above the median", above, n)
	}
	r := &optimizer.Request{Rand: seeds.New(1).Generator()}
	if f := (probable{}).function(g, r); f != (acquisition.LogPI{Best: g.best}) {
		t.Errorf("without a margin it is %v, expected the best, %v, as the target", f, g.best)
	}
	decades := make([]int, 3)
	const n = 3000
	for range n {
		f := probable{margin: 2}.function(g, r).(acquisition.LogPI)
		distance := math.Log10(2 * g.width() / (g.best - f.Best))
		if !(distance > -1e-9 && distance < 3) {
			t.Fatalf("a target is %v below the best", g.best-f.Best)
		}
		decades[min(max(int(distance), 0), 2)]++
	}
	for _, count := range decades {
		if math.Abs(float64(count)-n/3) > 130 { // five standard deviations
			t.Errorf("there are %v targets in the three orders of magnitude, expected as many in each", decades)
		}
	}
}
