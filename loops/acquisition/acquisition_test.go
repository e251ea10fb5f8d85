package acquisition

import (
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/diff/fd"
	"gonum.org/v1/gonum/integrate/quad"
)

func Example() {
	ei := EI{Best: 1}
	value, _, _ := ei.Value(1, 4) // nothing is gained on average, but it is uncertain
	fmt.Printf("%.4f\n", value)
	// Output: 0.7979
}

// An improvement's expectation is an integral over the normal density.
func TestEIAgainstIntegration(t *testing.T) {
	t.Parallel()
	for _, z := range []float64{-9, -4, -1.5, -1, -0.999, -0.3, 0, 0.7, 3} {
		mean, sd := 0.4, 1.7
		best := mean + z*sd
		integral := quad.Fixed(func(u float64) float64 { // the output is best-u
			d := (best - u - mean) / sd
			return u * math.Exp(-d*d/2) / (sd * math.Sqrt(2*math.Pi))
		}, 0, math.Max(z+12, 4)*sd, 400, nil, 0)
		ei, _, _ := EI{best}.Value(mean, sd*sd)
		log, _, _ := LogEI{best}.Value(mean, sd*sd)
		if math.Abs(ei/integral-1) > 1e-9 || math.Abs(log-math.Log(integral)) > 1e-9 {
			t.Errorf("z = %v: EI %v, log-EI %v; expected %v, %v", z, ei, log, integral, math.Log(integral))
		}
		chance := quad.Fixed(func(u float64) float64 {
			d := (best - u - mean) / sd
			return math.Exp(-d*d/2) / (sd * math.Sqrt(2*math.Pi))
		}, 0, (math.Max(z, 0)+12)*sd, 400, nil, 0)
		pi, _, _ := PI{best}.Value(mean, sd*sd)
		logPI, _, _ := LogPI{best}.Value(mean, sd*sd)
		if math.Abs(pi/chance-1) > 1e-9 || math.Abs(logPI-math.Log(chance)) > 1e-9 {
			t.Errorf("z = %v: PI %v, log-PI %v; expected %v", z, pi, logPI, chance)
		}
	}
}

// log Φ(-10) is that of the complementary error function, log Φ(-40), which
// underflows, that of the asymptotic series (Abramowitz and Stegun 1964, 26.2.12)
// with terms up to z⁻⁶.
func TestTails(t *testing.T) {
	t.Parallel()
	for z, want := range map[float64]float64{-10: -53.23128515051247, -40: -804.60844201376} {
		if got := logCDF(z); math.Abs(got-want) > 1e-9 {
			t.Errorf("the logarithm of Φ(%v) is %.12f, expected %.12f", z, got, want)
		}
	}
	for _, z := range []float64{-1, -3 * math.Sqrt2, -50} { // where the formulas meet
		below, above := logH(math.Nextafter(z, -100)), logH(math.Nextafter(z, 0))
		if math.Abs(below-above) > 1e-9*math.Abs(above) {
			t.Errorf("log h jumps at %v from %v to %v", z, below, above)
		}
	}
	if v, byMean, byVariance := (LogEI{Best: 0}).Value(1, 1e-12); math.IsInf(v, 0) || !(byMean < 0) || !(byVariance > 0) {
		t.Errorf("a million standard deviations away it is %v, with the slopes %v and %v", v, byMean, byVariance)
	}
}

func TestDerivativesAgainstFiniteDifferences(t *testing.T) {
	t.Parallel()
	for _, f := range []Function{EI{0.3}, LogEI{0.3}, PI{0.3}, LogPI{0.3}, LCB{1.96}} {
		for _, mean := range []float64{-1, 0.3, 2, 4} {
			const variance = 0.4
			_, byMean, byVariance := f.Value(mean, variance)
			s := &fd.Settings{Formula: fd.Central, Step: 1e-6}
			wantMean := fd.Derivative(func(m float64) float64 { v, _, _ := f.Value(m, variance); return v }, mean, s)
			wantVariance := fd.Derivative(func(s2 float64) float64 { v, _, _ := f.Value(mean, s2); return v }, variance, s)
			if math.Abs(byMean-wantMean) > 1e-6*(1+math.Abs(wantMean)) || math.Abs(byVariance-wantVariance) > 1e-6*(1+math.Abs(wantVariance)) {
				t.Errorf("%T at %v: the derivatives are %v, %v; expected %v, %v", f, mean, byMean, byVariance, wantMean, wantVariance)
			}
		}
	}
}
