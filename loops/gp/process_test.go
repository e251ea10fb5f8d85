package gp

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/diff/fd"
	"gonum.org/v1/gonum/mat"
)

var fixed = Params{Length: []float64{0.5, 1.5, 1.1, 0.3}, Noise: 0.01, Strength: 0.5}

func conditioned(t *testing.T, n int) (*Process, [][]float64, []float64) {
	t.Helper()
	x, y := data(n)
	p, err := New(mixed).Condition(x, y, fixed)
	if err != nil {
		t.Fatal(err)
	}
	return p, x, y
}

var somewhere = [][]float64{{0.3, 1.0 / 3, math.NaN(), 0.8}, {0.9, 0, 0.4, 0.1}, {0.05, 2.0 / 3, 0.7, 0.5}}

// Expectation and variance are those of universal kriging with a constant trend,
// with dense matrices (Rasmussen and Williams 2006, equations 2.41 and 2.42).
func TestPredictionAgainstDenseMatrices(t *testing.T) {
	t.Parallel()
	p, x, y := conditioned(t, 20)
	theta := fixed.theta(false)
	n := len(x)
	var inv mat.Dense
	if err := inv.Inverse(denseCorrelations(x, theta)); err != nil {
		t.Fatal(err)
	}
	ones, z := mat.NewVecDense(n, nil), mat.NewVecDense(n, nil)
	for i := range n {
		ones.SetVec(i, 1)
		z.SetVec(i, p.Warp.Of(y[i]))
	}
	q := mat.Inner(ones, &inv, ones)
	m := mat.Inner(ones, &inv, z) / q
	z.AddScaledVec(z, -m, ones)
	s2 := mat.Inner(z, &inv, z) / float64(n-1)
	for _, at := range somewhere {
		k := mat.NewVecDense(n, nil)
		for i := range n {
			k.SetVec(i, correlation(at, x[i], theta))
		}
		u := 1 - mat.Inner(ones, &inv, k)
		wantMean := m + mat.Inner(k, &inv, z)
		wantVariance := s2 * (1 - mat.Inner(k, &inv, k) + u*u/q)
		mean, variance := p.Predict(at)
		if math.Abs(mean-wantMean) > 1e-8 || math.Abs(variance-wantVariance) > 1e-8*s2 {
			t.Errorf("at %v: %v, %v, expected %v, %v", at, mean, variance, wantMean, wantVariance)
		}
		if alone := p.Mean(at); alone != mean {
			t.Errorf("at %v: the mean alone is %v, with the variance %v", at, alone, mean)
		}
	}
}

func TestPredictionGradientAgainstFiniteDifferences(t *testing.T) {
	t.Parallel()
	p, _, _ := conditioned(t, 20)
	for _, at := range somewhere {
		dMean, dVariance := make([]float64, 4), make([]float64, 4)
		p.PredictGradient(at, dMean, dVariance)
		for _, k := range []int{0, 2, 3} {
			if math.IsNaN(at[k]) {
				if dMean[k] != 0 || dVariance[k] != 0 {
					t.Errorf("the derivatives by an inactive parameter are %v, %v", dMean[k], dVariance[k])
				}
				continue
			}
			along := func(which int) float64 {
				return fd.Derivative(func(v float64) float64 {
					moved := append([]float64(nil), at...)
					moved[k] = v
					mean, variance := p.Predict(moved)
					return []float64{mean, variance}[which]
				}, at[k], &fd.Settings{Formula: fd.Central, Step: 1e-5})
			}
			if want := along(0); math.Abs(dMean[k]-want) > 1e-6*(1+math.Abs(want)) {
				t.Errorf("at %v, by %d: the mean's derivative is %v, expected %v", at, k, dMean[k], want)
			}
			if want := along(1); math.Abs(dVariance[k]-want) > 1e-6*(1+math.Abs(want)) {
				t.Errorf("at %v, by %d: the variance's derivative is %v, expected %v", at, k, dVariance[k], want)
			}
		}
	}
}

// What is imagined at the expectation changes no expectation, and the variance
// as a datum there does (Chevalier, Ginsbourger and Emery 2014).
func TestImagine(t *testing.T) {
	t.Parallel()
	p, x, y := conditioned(t, 15)
	variance := p.estimates.variance
	pending := []float64{0.4, 0, 0.5, 0.5}
	mean, before := p.Predict(pending)
	means := make([]float64, len(somewhere))
	for i, at := range somewhere {
		means[i], _ = p.Predict(at)
	}
	if !p.Imagine(pending) {
		t.Fatal("nothing was imagined")
	}
	for i, at := range somewhere {
		if m, _ := p.Predict(at); math.Abs(m-means[i]) > 1e-8 {
			t.Errorf("the expectation at %v moved from %v to %v", at, means[i], m)
		}
	}
	if _, after := p.Predict(pending); after > before/10 {
		t.Errorf("the variance went from %v to %v only", before, after)
	}
	full, err := New(mixed).Condition(append(x, pending), append(y, p.Warp.Inverse(mean)), fixed)
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range somewhere {
		_, got := p.Predict(at)
		_, want := full.Predict(at)
		if got, want = got/variance, want/full.estimates.variance; math.Abs(got-want) > 1e-8 {
			t.Errorf("the variance at %v is %v, expected %v, of the process's", at, got, want)
		}
	}
}

// A fit is no worse than where it began, and predicts what it has not seen.
func TestFitPredictsAHeavyTail(t *testing.T) {
	t.Parallel()
	x, y := data(80)
	r := New(mixed)
	params, err := r.Fit(x[:60], y[:60], nil, Effort{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := r.Condition(x[:60], y[:60], params)
	if err != nil {
		t.Fatal(err)
	}
	wrong := 0
	for i := 60; i < 80; i++ {
		mean, _ := p.Predict(x[i])
		if got := p.Warp.Inverse(mean); math.Abs(math.Log(max(got, 1e-3))-math.Log(max(y[i], 1e-3))) > 0.2 {
			wrong++
		}
	}
	if wrong > 2 {
		t.Errorf("%d of 20 predictions are off by more than 20%%; the parameters are %+v", wrong, params)
	}
}

func TestDuplicatesAndConstantsAreNoError(t *testing.T) {
	t.Parallel()
	x := [][]float64{{0.5}, {0.5}, {0.5}, {0.2}}
	for _, y := range [][]float64{{1, 1, 1, 1}, {1, 2, 1, 5}, {1e300, -1e300, 0, 1}} {
		r := New([]Input{{}})
		params, err := r.Fit(x, y, nil, Effort{})
		if err != nil {
			t.Fatal(err)
		}
		p, err := r.Condition(x, y, params)
		if err != nil {
			t.Fatal(err)
		}
		if mean, variance := p.Predict([]float64{0.3}); math.IsNaN(mean) || math.IsNaN(variance) || variance <= 0 {
			t.Errorf("%v, %v for %v", mean, variance, y)
		}
	}
}
