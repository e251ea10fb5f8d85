package descent_test

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/rushnet/rush/loops/descent"
)

func rosenbrock(x, gradient []float64) float64 {
	u, v := x[1]-x[0]*x[0], 1-x[0]
	gradient[0], gradient[1] = -400*x[0]*u-2*v, 200*u
	return 100*u*u + v*v
}

func Example() {
	r := descent.Minimize(rosenbrock, []float64{-1.2, 1}, descent.Options{})
	fmt.Printf("%.4f at %.3f\n", r.Value, r.X)
	// Output: 0.0000 at [1.000 1.000]
}

// With an upper bound of 0.5 for both, the minimum of Rosenbrock's function is on
// the bound of the first: (1-0.5)² = 0.25 at (0.5, 0.25).
func TestBoundHoldsBack(t *testing.T) {
	t.Parallel()
	r := descent.Minimize(rosenbrock, []float64{-1, 0.5}, descent.Options{Upper: []float64{0.5, 0.5}})
	if math.Abs(r.Value-0.25) > 1e-8 || math.Abs(r.X[0]-0.5) > 1e-9 || math.Abs(r.X[1]-0.25) > 1e-4 {
		t.Errorf("the minimum is %v at %v, expected 0.25 at [0.5 0.25]", r.Value, r.X)
	}
}

// Separable quadratics in a box have their minimum where the centers are moved
// into the box.
func TestQuadraticsInABox(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "n")
		unit := rapid.Float64Range(-2, 2)
		center, begin := make([]float64, n), make([]float64, n)
		weight, lower, upper := make([]float64, n), make([]float64, n), make([]float64, n)
		for i := range n {
			center[i], begin[i] = unit.Draw(t, "center"), unit.Draw(t, "begin")
			weight[i] = math.Exp(unit.Draw(t, "log weight"))
			lower[i], upper[i] = -1, 1
		}
		r := descent.Minimize(func(x, g []float64) float64 {
			sum := 0.0
			for i := range x {
				d := x[i] - center[i]
				sum, g[i] = sum+weight[i]*d*d, 2*weight[i]*d
			}
			return sum
		}, begin, descent.Options{Lower: lower, Upper: upper, Decrease: 1e-14})
		for i := range n {
			if want := math.Min(math.Max(center[i], -1), 1); math.Abs(r.X[i]-want) > 1e-4 {
				t.Errorf("coordinate %d is %v, expected %v", i, r.X[i], want)
			}
		}
	})
}

// What is not finite is left; where it begins so, nothing is done.
func TestNotFinite(t *testing.T) {
	t.Parallel()
	log := func(x, g []float64) float64 { // NaN below 0
		g[0] = 1 - 1/x[0]
		return x[0] - math.Log(x[0])
	}
	if r := descent.Minimize(log, []float64{30}, descent.Options{Step: 100}); math.Abs(r.X[0]-1) > 1e-3 {
		t.Errorf("the minimum is at %v, expected 1", r.X)
	}
	if r := descent.Minimize(log, []float64{-1}, descent.Options{}); r.Evaluations != 1 || !math.IsInf(r.Value, 1) {
		t.Errorf("from a place without a value: %+v", r)
	}
}

func TestTheBudgetIsKept(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 2, 7} {
		calls := 0
		r := descent.Minimize(func(x, g []float64) float64 { calls++; return rosenbrock(x, g) }, []float64{-1.2, 1}, descent.Options{Evaluations: n})
		if calls != n || r.Evaluations != n {
			t.Errorf("%d calls, %d said, expected %d", calls, r.Evaluations, n)
		}
	}
}
