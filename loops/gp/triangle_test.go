package gp

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/diff/fd"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"github.com/rushnet/rush/seeds"
)

// The factor, its determinant, its solutions and its inverse are those of gonum's
// Cholesky decomposition.
func TestTriangleAgainstGonum(t *testing.T) {
	t.Parallel()
	const n = 9
	g := seeds.New(5).Generator()
	root := mat.NewDense(n, n, nil)
	for i := range n {
		for j := range n {
			root.Set(i, j, g.Norm())
		}
	}
	var product mat.Dense
	product.Mul(root, root.T())
	a, rows := mat.NewSymDense(n, nil), newTriangle(n)
	b := make([]float64, n)
	for i := range n {
		b[i] = g.Norm()
		for j := range i + 1 {
			a.SetSym(i, j, product.At(i, j))
			rows[i][j] = product.At(i, j)
		}
	}
	var want mat.Cholesky
	if !want.Factorize(a) {
		t.Fatal("gonum has no factor")
	}
	l, err := factor(rows)
	if err != nil {
		t.Fatal(err)
	}
	near := func(what string, got, want float64) {
		t.Helper()
		if math.Abs(got-want) > 1e-8*(1+math.Abs(want)) {
			t.Errorf("%s is %v, expected %v", what, got, want)
		}
	}
	near("the logarithm of the determinant", l.logDet(), want.LogDet())
	var inverse mat.SymDense
	if err := want.InverseTo(&inverse); err != nil {
		t.Fatal(err)
	}
	var x mat.VecDense
	if err := want.SolveVecTo(&x, mat.NewVecDense(n, append([]float64(nil), b...))); err != nil {
		t.Fatal(err)
	}
	got, work := newTriangle(n), newTriangle(n)
	l.inverse(got, work)
	l.solve(b)
	l.solveT(b)
	for i := range n {
		near("a solution", b[i], x.AtVec(i))
		for j := range i + 1 {
			near("an element of the inverse", got[i][j], inverse.At(i, j))
		}
	}
}

func TestNotPositiveDefinite(t *testing.T) {
	t.Parallel()
	if _, err := factor(triangle{{1}, {2, 1}}); err == nil {
		t.Error("a matrix with a negative eigenvalue has a factor")
	}
}

// Warps are monotone and have an inverse, and their derivatives are those of
// finite differences.
func TestWarp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := newWarp([]float64{-2, 0, 1, 5, 100}, true)
		w.Strength = rapid.Float64Range(-4, 6).Draw(t, "strength")
		y := rapid.Float64Range(-1.9, 1000).Draw(t, "y")
		if back := w.Inverse(w.Of(y)); math.Abs(back-y) > 1e-6*(1+math.Abs(y)) {
			t.Errorf("there and back %v becomes %v", y, back)
		}
		slope := fd.Derivative(w.Of, y, &fd.Settings{Formula: fd.Central, Step: 1e-5})
		jacobian, byStrength := w.jacobian(y)
		if got := math.Exp(jacobian) / w.Scale; math.Abs(got-slope) > 1e-4*slope {
			t.Errorf("the derivative at %v is %v, expected %v", y, got, slope)
		}
		along := func(f func(*Warp) float64) float64 {
			return fd.Derivative(func(s float64) float64 { o := w; o.Strength = s; return f(&o) }, w.Strength, &fd.Settings{Formula: fd.Central, Step: 1e-4})
		}
		if want := along(func(w *Warp) float64 { return w.Of(y) }); math.Abs(w.slope(y)-want) > 1e-4*(1+math.Abs(want)) {
			t.Errorf("by the strength the warp's derivative is %v, expected %v", w.slope(y), want)
		}
		if want := along(func(w *Warp) float64 { v, _ := w.jacobian(y); return v }); math.Abs(byStrength-want) > 1e-4 {
			t.Errorf("by the strength the jacobian's derivative is %v, expected %v", byStrength, want)
		}
	})
}

// A process that is extended predicts what one does that saw all at once, and
// nothing of what the first imagined is left.
func TestExtend(t *testing.T) {
	t.Parallel()
	x, y := data(24)
	r := New(mixed)
	first, err := r.Condition(x[:15], y[:15], fixed)
	if err != nil {
		t.Fatal(err)
	}
	first.Imagine(somewhere[0])
	extended, err := r.Extend(first, x, y, fixed)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := r.Condition(x, y, fixed)
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range somewhere {
		mean, variance := extended.Predict(at)
		wantMean, wantVariance := whole.Predict(at)
		if math.Abs(mean-wantMean) > 1e-9 || math.Abs(variance-wantVariance) > 1e-9 {
			t.Errorf("at %v: %v, %v, expected %v, %v", at, mean, variance, wantMean, wantVariance)
		}
	}
	if math.Abs(extended.Best()-whole.Best()) > 1e-9 {
		t.Errorf("the best is %v, expected %v", extended.Best(), whole.Best())
	}
}
