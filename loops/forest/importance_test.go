package forest_test

import (
	"math"
	"testing"

	"github.com/rushnet/rush/loops/forest"
)

// The Ishigami function with a = 7 and b = 0.1, on [-π, π]³. Its Sobol' indices,
// published by Ishigami and Homma (1990) and in Saltelli et al. (2008, Global
// Sensitivity Analysis, section 4.6), are S1 = 0.3139, S2 = 0.4424, S3 = 0,
// S13 = 0.2437, and the others are 0.
func TestImportanceOfIshigami(t *testing.T) {
	t.Parallel()
	x := sobolPlaces(4096, 3)
	y := outputs(x, func(u []float64) float64 {
		at := func(i int) float64 { return math.Pi * (2*u[i] - 1) }
		s := math.Sin(at(1))
		return math.Sin(at(0)) + 7*s*s + 0.1*math.Pow(at(2), 4)*math.Sin(at(0))
	})
	f := fit(t, make([]forest.Input, 3), x, y, forest.Options{Share: 0.5})
	r := f.Importance(true)
	near(t, "S1", r.Main[0], 0.3139, 0.02)
	near(t, "S2", r.Main[1], 0.4424, 0.02)
	near(t, "S3", r.Main[2], 0, 0.01)
	near(t, "S12", r.Pairs[0][0], 0, 0.015)
	near(t, "S13", r.Pairs[0][1], 0.2437, 0.02)
	near(t, "S23", r.Pairs[1][0], 0, 0.015)
}

// y = 4a + 2b + c, uniform, has the shares 16 : 4 : 1, and no interaction.
func TestImportanceOfAnAdditiveFunction(t *testing.T) {
	t.Parallel()
	x := sobolPlaces(2048, 3)
	y := outputs(x, func(u []float64) float64 { return 4*u[0] + 2*u[1] + u[2] })
	r := fit(t, make([]forest.Input, 3), x, y, forest.Options{Share: 0.5}).Importance(true)
	near(t, "a", r.Main[0], 16./21, 0.02)
	near(t, "b", r.Main[1], 4./21, 0.02)
	near(t, "c", r.Main[2], 1./21, 0.02)
	for i := range r.Pairs {
		for _, p := range r.Pairs[i] {
			near(t, "a pair", p, 0, 0.01)
		}
	}
}

// With categories and inactive inputs the shares of a tree are those that all the
// combinations of levels give by brute force (the decomposition of Hoeffding 1948).
func TestImportanceByBruteForce(t *testing.T) {
	t.Parallel()
	inputs := []forest.Input{{Levels: 3}, {Levels: 2, Inactive: 0.25}, {Levels: 4, Inactive: 0.5}}
	x := combinations(inputs)
	g := generator(8)
	y := outputs(x, func([]float64) float64 { return 100 + g.Norm() })
	f := fit(t, inputs, x, y, forest.Options{Trees: 1, All: true, MinSplit: 2})
	r := f.Importance(true)

	probability := func(in forest.Input, u float64) float64 {
		if math.IsNaN(u) {
			return in.Inactive
		}
		return (1 - in.Inactive) / float64(in.Levels)
	}
	expected := func(given []float64, keep ...int) float64 { // given some coordinates
		sum, all := 0.0, 0.0
		for i, u := range x {
			p := 1.0
			for k, in := range inputs {
				p *= probability(in, u[k])
			}
			for _, k := range keep {
				if u[k] != given[k] && !(math.IsNaN(u[k]) && math.IsNaN(given[k])) {
					p = 0
				}
			}
			sum, all = sum+p*y[i], all+p
		}
		return sum / all
	}
	variance := func(keep ...int) float64 {
		mean, sum := expected(nil), 0.0
		for _, u := range x {
			p := 1.0
			for k, in := range inputs {
				p *= probability(in, u[k])
			}
			sum += p * math.Pow(expected(u, keep...)-mean, 2)
		}
		return sum
	}
	near(t, "the variance", r.Variance, variance(0, 1, 2), 0.01)
	for i := range inputs {
		near(t, "an input", r.Main[i]*r.Variance, variance(i), 1e-9)
		for j := i + 1; j < len(inputs); j++ {
			near(t, "a pair", r.Pairs[i][j-i-1]*r.Variance, variance(i, j)-variance(i)-variance(j), 1e-9)
		}
		at := x[5][i]
		near(t, "a marginal", marginal(f, i, at), expected(x[5], i), 1e-9)
	}
}

func marginal(f *forest.Forest, input int, u float64) float64 {
	mean, _ := f.Marginal(input, []float64{u})
	return mean[0]
}

func combinations(inputs []forest.Input) [][]float64 {
	x := [][]float64{nil}
	for _, in := range inputs {
		var next [][]float64
		for _, u := range x {
			for l := range in.Levels {
				next = append(next, append(append([]float64{}, u...), (float64(l)+0.5)/float64(in.Levels)))
			}
			if in.Inactive > 0 {
				next = append(next, append(append([]float64{}, u...), math.NaN()))
			}
		}
		x = next
	}
	return x
}

// The expectation of a forest over all inputs but one is what a mean of
// predictions over many places gives.
func TestMarginalByMonteCarlo(t *testing.T) {
	t.Parallel()
	inputs := []forest.Input{{Inactive: 0.3}, {}, {Levels: 3}}
	x := uniform(300, inputs, generator(6))
	y := outputs(x, func(u []float64) float64 {
		if math.IsNaN(u[0]) {
			return 3 * u[1]
		}
		return u[0]*u[1] + u[2]
	})
	f := fit(t, inputs, x, y, forest.Options{Trees: 4})
	places := uniform(20000, inputs, generator(11))
	for k, u := range []float64{0.3, 0.8, 0.5} {
		sum := 0.0
		for _, p := range places {
			q := append([]float64{}, p...)
			q[k] = u
			m, _ := f.Predict(q)
			sum += m / float64(len(places))
		}
		near(t, "a marginal", marginal(f, k, u), sum, 0.02)
	}
}

// A constant function has no important inputs.
func TestImportanceOfAConstant(t *testing.T) {
	t.Parallel()
	r := fit(t, make([]forest.Input, 2), uniform(50, make([]forest.Input, 2), generator(1)), make([]float64, 50), forest.Options{}).Importance(true)
	if r.Main[0] != 0 || r.Pairs[0][0] != 0 {
		t.Errorf("%+v", r)
	}
}

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s: %v, expected %v", what, got, want)
	}
}

func BenchmarkImportance(b *testing.B) {
	inputs := make([]forest.Input, 20)
	x := uniform(2000, inputs, generator(2))
	y := outputs(x, func(u []float64) float64 { return u[0] + u[1]*u[2] })
	f, err := forest.Fit(inputs, x, y, forest.Options{}, generator(1))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		f.Importance(true)
	}
}
