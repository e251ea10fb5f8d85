package parego

import (
	"math"
	"testing"

	"github.com/rushnet/rush/seeds"
)

// Knowles (2006), equation 2, by hand.
func TestTchebycheff(t *testing.T) {
	t.Parallel()
	if got, want := tchebycheff([]float64{0.2, 0.8}, []float64{0.75, 0.25}, 0.05), 0.2+0.05*0.35; math.Abs(got-want) > 1e-15 {
		t.Errorf("%v, expected %v", got, want)
	}
}

// The weights of three objectives are uniform on the simplex: their mean is 1/3 and
// their variance that of the Dirichlet distribution (1, 1, 1), 1/18.
func TestWeightsAreUniformOnTheSimplex(t *testing.T) {
	t.Parallel()
	const n = 20_000
	g := seeds.New(1).Generator()
	sum, squares := 0.0, 0.0
	for range n {
		w := weights(3, g)
		sum += w[0]
		squares += w[0] * w[0]
	}
	if mean, variance := sum/n, squares/n-sum/n*sum/n; math.Abs(mean-1.0/3) > 0.005 || math.Abs(variance-1.0/18) > 0.001 {
		t.Errorf("mean %v, variance %v", mean, variance)
	}
}
