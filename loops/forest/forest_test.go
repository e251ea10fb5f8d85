package forest_test

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/rushnet/rush/loops/forest"
	"github.com/rushnet/rush/loops/sobol"
	"github.com/rushnet/rush/seeds"
)

func generator(seed int) *seeds.Generator { s := seeds.New(int32(seed)); return s.Generator() }

// uniform draws places, a coordinate for each input.
func uniform(n int, inputs []forest.Input, g *seeds.Generator) [][]float64 {
	x := make([][]float64, n)
	for i := range x {
		for _, in := range inputs {
			u := g.Float64()
			if in.Levels > 0 {
				u = (math.Floor(u*float64(in.Levels)) + 0.5) / float64(in.Levels)
			}
			if in.Inactive > 0 && g.Float64() < in.Inactive {
				u = math.NaN()
			}
			x[i] = append(x[i], u)
		}
	}
	return x
}

func outputs(x [][]float64, f func(u []float64) float64) []float64 {
	y := make([]float64, len(x))
	for i, u := range x {
		y[i] = f(u)
	}
	return y
}

func fit(t *testing.T, inputs []forest.Input, x [][]float64, y []float64, o forest.Options) *forest.Forest {
	t.Helper()
	f, err := forest.Fit(inputs, x, y, o, generator(7))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func Example() {
	inputs := []forest.Input{{}, {Levels: 3}}
	g := generator(1)
	var x [][]float64
	var y []float64
	for range 300 {
		u := []float64{g.Float64(), g.Float64()}
		x, y = append(x, u), append(y, u[0])
	}
	f, err := forest.Fit(inputs, x, y, forest.Options{}, g)
	if err != nil {
		fmt.Println(err)
		return
	}
	mean, _ := f.Predict([]float64{0.25, 0.5})
	fmt.Printf("expected %.2f\n", mean)
	fmt.Printf("the first input explains %.0f %%\n", 100*f.Importance(false).Main[0])
	// Output:
	// expected 0.25
	// the first input explains 100 %
}

// A single tree on all the data, grown to the end, is an interpolation: it gives
// back every output, with categories and inactive inputs too.
func TestATreeOfAllDataGivesThemBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		inputs := []forest.Input{{}, {Levels: rapid.IntRange(1, 100).Draw(t, "levels"), Inactive: 0.2}, {Inactive: 0.3}, {}}
		g := generator(rapid.IntRange(1, 1000).Draw(t, "seed"))
		x := uniform(rapid.IntRange(2, 60).Draw(t, "n"), inputs, g)
		y := outputs(x, func([]float64) float64 { return 1e6 + g.Norm() })
		f, err := forest.Fit(inputs, x, y, forest.Options{Trees: 1, All: true, MinSplit: 2}, g)
		if err != nil {
			t.Fatal(err)
		}
		for i := range x {
			if mean, variance := f.Predict(x[i]); math.Abs(mean-y[i]) > 1e-8 || variance > 1e-12 {
				t.Fatalf("datum %d: %v (variance %v), expected %v", i, mean, variance, y[i])
			}
		}
	})
}

// The variance is the mean of the leaves' and that of their means: with trees
// that cannot split it is that of the data, and added outputs count as data.
func TestVarianceOfStumps(t *testing.T) {
	t.Parallel()
	x := [][]float64{{0.1}, {0.2}, {0.3}, {0.4}}
	f := fit(t, []forest.Input{{}}, x, []float64{1, 2, 3, 6}, forest.Options{MinSplit: 100, All: true})
	check := func(f *forest.Forest, mean, variance float64) {
		t.Helper()
		if m, v := f.Predict([]float64{0.9}); math.Abs(m-mean) > 1e-12 || math.Abs(v-variance) > 1e-12 {
			t.Errorf("mean %v, variance %v; expected %v, %v", m, v, mean, variance)
		}
	}
	check(f, 3, 3.5)
	c := f.Clone()
	c.Add([]float64{0.5}, 8)
	check(c, 4, 6.8)
	check(f, 3, 3.5)
}

// Levels are told apart by their mean response, in one split whatever their order.
func TestACategorySplitsIntoSubsets(t *testing.T) {
	t.Parallel()
	inputs := []forest.Input{{Levels: 10}}
	x := uniform(400, inputs, generator(3))
	odd := func(u []float64) float64 { return float64(int(u[0]*10) % 2) }
	f := fit(t, inputs, x, outputs(x, odd), forest.Options{MinLeaf: 80})
	for l := range 10 {
		u := []float64{(float64(l) + 0.5) / 10}
		if mean, variance := f.Predict(u); mean != odd(u) || variance != 0 {
			t.Errorf("level %d: %v, variance %v", l, mean, variance)
		}
	}
}

// An inactive input is told from every active one.
func TestInactiveInputs(t *testing.T) {
	t.Parallel()
	for name, inputs := range map[string][]forest.Input{
		"a number": {{Inactive: 0.4}, {}}, "a category": {{Levels: 4, Inactive: 0.4}, {}},
	} {
		x := uniform(300, inputs, generator(5))
		y := outputs(x, func(u []float64) float64 {
			if math.IsNaN(u[0]) {
				return 10
			}
			return u[1]
		})
		f := fit(t, inputs, x, y, forest.Options{})
		if mean, variance := f.Predict([]float64{math.NaN(), 0.5}); mean != 10 || variance > 0 {
			t.Errorf("%s: inactive %v, variance %v; expected 10, 0", name, mean, variance)
		}
		if mean, _ := f.Predict([]float64{0.4, 0.5}); math.Abs(mean-0.5) > 0.05 {
			t.Errorf("%s: active %v, expected 0.5", name, mean)
		}
	}
}

// Friedman's first function (Friedman 1991, equation 61) without noise; that a forest
// explains most of it out of bag, and nothing of pure noise.
func TestFitness(t *testing.T) {
	t.Parallel()
	inputs := make([]forest.Input, 8)
	x := uniform(500, inputs, generator(2))
	g := generator(9)
	y := outputs(x, func(u []float64) float64 {
		return 10*math.Sin(math.Pi*u[0]*u[1]) + 20*(u[2]-0.5)*(u[2]-0.5) + 10*u[3] + 5*u[4]
	})
	if r2 := fit(t, inputs, x, y, forest.Options{}).Fitness(); r2 < 0.75 || r2 > 1 {
		t.Errorf("R² out of bag %v, expected 0.75 or more", r2)
	}
	noise := outputs(x, func([]float64) float64 { return g.Norm() })
	if r2 := fit(t, inputs, x, noise, forest.Options{}).Fitness(); r2 > 0.05 {
		t.Errorf("R² out of bag %v of noise, expected none", r2)
	}
	if r2 := fit(t, inputs, x, make([]float64, 500), forest.Options{}).Fitness(); !math.IsNaN(r2) {
		t.Errorf("R² out of bag %v of a constant, expected NaN", r2)
	}
}

func TestBadDataAreRefused(t *testing.T) {
	t.Parallel()
	one := []forest.Input{{}}
	for name, c := range map[string]struct {
		x [][]float64
		y []float64
	}{
		"too few":   {[][]float64{{0}}, []float64{1}},
		"unequal":   {[][]float64{{0}, {1}}, []float64{1}},
		"width":     {[][]float64{{0}, {1, 2}}, []float64{1, 2}},
		"outputs":   {[][]float64{{0}, {1}}, []float64{1, math.NaN()}},
		"too large": {[][]float64{{0}, {1}}, []float64{1, 1e200}},
		"outside":   {[][]float64{{0}, {2}}, []float64{1, 2}},
	} {
		if _, err := forest.Fit(one, c.x, c.y, forest.Options{}, generator(1)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func sobolPlaces(n, d int) [][]float64 {
	s := sobol.Scrambled(d, 4)
	x := make([][]float64, n)
	for i := range x {
		x[i] = s.At(int64(i), nil)
	}
	return x
}

func BenchmarkFit(b *testing.B) {
	inputs := make([]forest.Input, 20)
	x := uniform(2000, inputs, generator(2))
	g := generator(9)
	y := outputs(x, func(u []float64) float64 { return u[0] + u[1]*u[2] + 0.1*g.Norm() })
	for b.Loop() {
		if _, err := forest.Fit(inputs, x, y, forest.Options{}, generator(1)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPredict(b *testing.B) {
	inputs := make([]forest.Input, 20)
	x := uniform(2000, inputs, generator(2))
	y := outputs(x, func(u []float64) float64 { return u[0] + u[1]*u[2] })
	f, err := forest.Fit(inputs, x, y, forest.Options{}, generator(1))
	if err != nil {
		b.Fatal(err)
	}
	i := 0
	for b.Loop() {
		f.Predict(x[i%2000])
		i++
	}
}
