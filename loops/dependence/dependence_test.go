package dependence_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/rushnet/rush/loops/dependence"
	"github.com/rushnet/rush/loops/forest"
	"github.com/rushnet/rush/loops/gp"
	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/seeds"
)

// a model that is a formula.
type formula func(x []float64) float64

func (f formula) Predict(x []float64) (mean, variance float64) { return f(x), 4 }

func generator() *seeds.Generator { s := seeds.New(1); return s.Generator() }

func plain() space.Space {
	return space.MustNew(
		space.Param{Name: "a", Type: space.Dbl, Lower: 0, Upper: 1},
		space.Param{Name: "b", Type: space.Dbl, Lower: 0, Upper: 1},
	)
}

func Example() {
	a := dependence.New(plain(), 100, generator())
	c := a.Curve(formula(func(x []float64) float64 { return x[0] * x[0] }), 0, []float64{0, 0.5, 1})
	fmt.Println(c.Mean)
	// Output: [0 0.25 1]
}

// Of y = a + 2b the dependence is a + 1 with quantiles at 0.2 and 1.8 beyond a, as
// the integrals over b say.
func TestCurveOfAFormula(t *testing.T) {
	t.Parallel()
	a := dependence.New(plain(), 2000, generator())
	c := a.Curve(formula(func(x []float64) float64 { return x[0] + 2*x[1] }), 0, []float64{0.25})
	near(t, c.Mean[0], 1.25, 0.01)
	near(t, c.Lower[0], 0.45, 0.01)
	near(t, c.Upper[0], 2.05, 0.01)
	near(t, c.SD[0], 2, 1e-12)
	s := a.Surface(formula(func(x []float64) float64 { return x[0] + 2*x[1] }), 0, 1, []float64{0.5, 1}, []float64{0})
	near(t, s[0][0], 0.5, 1e-9)
	near(t, s[1][0], 1, 1e-9)
}

// Where a parameter is inactive a place does not count, and one that depends on
// the one that is moved comes and goes.
func TestConditions(t *testing.T) {
	t.Parallel()
	sp := space.MustNew(
		space.Param{Name: "kind", Type: space.Fct, Levels: []any{"on", "off"}},
		space.Param{Name: "b", Type: space.Dbl, Lower: 0, Upper: 1, Depends: `kind == "on"`},
	)
	f := formula(func(x []float64) float64 {
		if math.IsNaN(x[1]) {
			return 100
		}
		return x[1]
	})
	a := dependence.New(sp, 2000, generator())
	kinds := a.Curve(f, 0, dependence.Coordinates(sp.Params()[0], 10))
	near(t, kinds.Mean[0], 0.5, 0.01)
	near(t, kinds.Mean[1], 100, 0)
	near(t, a.Curve(f, 1, []float64{0.3}).Mean[0], 0.3, 1e-9)
	if s := a.Surface(f, 0, 1, []float64{0.75}, []float64{0.5}); !math.IsNaN(s[0][0]) {
		t.Errorf("%v where b is inactive, expected NaN", s)
	}
}

// Places that violate a constraint do not count: of b given a, where a + b <= 1,
// the mean is (1 - a) / 2.
func TestConstraints(t *testing.T) {
	t.Parallel()
	sp, err := plain().Constrain("a + b <= 1")
	if err != nil {
		t.Fatal(err)
	}
	c := dependence.New(sp, 4000, generator()).Curve(formula(func(x []float64) float64 { return x[1] }), 0, []float64{0.5})
	near(t, c.Mean[0], 0.25, 0.02)
}

// A forest and a Gaussian process both learn y = 3a from the same data.
func TestSurrogates(t *testing.T) {
	t.Parallel()
	g := generator()
	var x [][]float64
	var y []float64
	for range 60 {
		u := []float64{g.Float64(), g.Float64()}
		x, y = append(x, u), append(y, 3*u[0])
	}
	f, err := forest.Fit(make([]forest.Input, 2), x, y, forest.Options{}, g)
	if err != nil {
		t.Fatal(err)
	}
	r := gp.New(make([]gp.Input, 2))
	r.Warp = false
	params, err := r.Fit(x, y, nil, gp.Effort{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := r.Condition(x, y, params)
	if err != nil {
		t.Fatal(err)
	}
	a := dependence.New(plain(), 100, g)
	c := a.Curve(p, 0, []float64{0, 0.4, 1}).Mean // on the process's own scale
	near(t, (c[1]-c[0])/(c[2]-c[0]), 0.4, 0.01)
	near(t, a.Curve(f, 0, []float64{0.4}).Mean[0], 1.2, 0.15)
}

func near(t *testing.T, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%v, expected %v", got, want)
	}
}
