package nsga2

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// Far from the bounds, the spread factor b of simulated binary crossover has the density
// (eta+1)/2·b^eta up to 1 and (eta+1)/2/b^(eta+2) above (Deb and Agrawal 1995, equations
// 8 and 9): integrated numerically up to the factor of a draw, it is the draw.
func TestSpreadHasThePublishedDensity(t *testing.T) {
	t.Parallel()
	for _, eta := range []float64{2, 10} {
		density := func(b float64) float64 {
			if b <= 1 {
				return (eta + 1) / 2 * math.Pow(b, eta)
			}
			return (eta + 1) / 2 / math.Pow(b, eta+2)
		}
		for _, r := range []float64{0.05, 0.3, 0.5, 0.7, 0.95} {
			if got := integrate(density, 0, spread(1e12, eta, r)); math.Abs(got-r) > 1e-6 {
				t.Errorf("eta %v, draw %v: the integral is %v", eta, r, got)
			}
		}
	}
}

// In the middle, where the bounds are half of the range away, the polynomial mutation d has the
// density (eta+1)/2·(1-|d|)^eta (Deb and Goyal 1996, equation 3), but for its tail beyond the
// bounds, which is below 1e-6 for eta = 20.
func TestPolynomialHasThePublishedDensity(t *testing.T) {
	t.Parallel()
	const eta = 20
	density := func(d float64) float64 { return (eta + 1) / 2.0 * math.Pow(1-math.Abs(d), eta) }
	for _, r := range []float64{0.01, 0.3, 0.5, 0.9, 0.99} {
		if got := integrate(density, -1, polynomial(0.5, eta, r)-0.5); math.Abs(got-r) > 1e-5 {
			t.Errorf("draw %v: the integral is %v", r, got)
		}
	}
}

func integrate(f func(float64) float64, from, to float64) float64 {
	const n = 100_000
	sum, h := 0.0, (to-from)/n
	for i := range n {
		sum += f(from + (float64(i)+0.5)*h)
	}
	return sum * h
}

// Children are within the bounds, and those of a crossover lie around their parents.
func TestChildrenAreWithinTheBounds(t *testing.T) {
	t.Parallel()
	unit := rapid.Float64Range(0, 1)
	rapid.Check(t, func(t *rapid.T) {
		a, b, r := unit.Draw(t, "a"), unit.Draw(t, "b"), unit.Draw(t, "r")
		eta := rapid.Float64Range(0, 50).Draw(t, "eta")
		a, b = min(a, b), max(a, b)
		low, high := simulatedBinary(a, b, eta, r)
		if !(0 <= low && low <= high+1e-12 && high <= 1) {
			t.Fatalf("children of %v and %v: %v, %v", a, b, low, high)
		}
		if m := polynomial(a, eta, r); !(-1e-9 <= m && m <= 1+1e-9) {
			t.Fatalf("%v mutates to %v", a, m)
		}
	})
}
