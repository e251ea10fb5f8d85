package gp

import (
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/diff/fd"
	"gonum.org/v1/gonum/mat"

	"github.com/rushnet/rush/seeds"
)

// mixed are inputs of every kind.
var mixed = []Input{{}, {Category: true}, {Conditional: true}, {}}

// data draws n places and outputs; the third parameter is active for some levels
// of the second only.
func data(n int) (x [][]float64, y []float64) {
	g := seeds.New(7).Generator()
	for range n {
		level := float64(g.Index(3))
		row := []float64{g.Float64(), level / 3, g.Float64(), g.Float64()}
		v := 3*row[0]*row[0] + math.Sin(5*row[3]) + level
		if level == 1 {
			row[2] = math.NaN()
		} else {
			v += row[2]
		}
		x, y = append(x, row), append(y, math.Exp(v)+0.1*g.Norm())
	}
	return x, y
}

// The analytic gradient is that of central finite differences, for all the
// parameters and priors at once.
func TestLikelihoodGradientAgainstFiniteDifferences(t *testing.T) {
	t.Parallel()
	for _, warp := range []bool{false, true} {
		t.Run(fmt.Sprint("warp ", warp), func(t *testing.T) {
			t.Parallel()
			x, y := data(25)
			r := New(mixed)
			r.Warp = warp
			l := newLikelihood(r, x, y)
			at := []float64{-0.7, 0.4, 0.1, -1.2, -5, 0.8}[:len(r.Prior.start(len(mixed), warp))]
			got := make([]float64, len(at))
			l.negative(at, got)
			want := fd.Gradient(nil, func(t []float64) float64 { return l.negative(t, make([]float64, len(t))) }, at, &fd.Settings{Formula: fd.Central})
			for i := range got {
				if math.Abs(got[i]-want[i]) > 1e-5*(1+math.Abs(want[i])) {
					t.Errorf("by parameter %d: %v, expected %v", i, got[i], want[i])
				}
			}
		})
	}
}

// The likelihood is the restricted one of the textbook, computed with dense
// matrices: the density of the outputs under the variance that maximizes it, with
// the mean integrated out (Harville 1974, equation 7).
func TestLikelihoodAgainstDenseMatrices(t *testing.T) {
	t.Parallel()
	x, y := data(12)
	r := New(mixed)
	r.Warp = false
	l := newLikelihood(r, x, y)
	at := []float64{-0.7, 0.4, 0.1, -1.2, -3}
	none := make([]float64, len(at))
	got := -l.negative(at, none) - r.Prior.density(at, len(mixed), none)

	n := len(y)
	a, ones, z := denseCorrelations(x, at), mat.NewVecDense(n, nil), mat.NewVecDense(n, nil)
	for i := range n {
		ones.SetVec(i, 1)
		z.SetVec(i, l.warp.Of(y[i]))
	}
	var inv mat.Dense
	if err := inv.Inverse(a); err != nil {
		t.Fatal(err)
	}
	q := mat.Inner(ones, &inv, ones)
	mean := mat.Inner(ones, &inv, z) / q
	z.AddScaledVec(z, -mean, ones)
	nu := float64(n - 1)
	logDet, _ := mat.LogDet(a)
	want := -nu/2*math.Log(mat.Inner(z, &inv, z)/nu) - logDet/2 - math.Log(q)/2
	if math.Abs(got-want) > 1e-8*math.Abs(want) {
		t.Errorf("the log likelihood is %v, expected %v", got, want)
	}
}

// denseCorrelations are the correlations by the formula of Rasmussen and
// Williams 2006 (4.17), with distances written out for the mixed inputs.
func denseCorrelations(x [][]float64, theta []float64) *mat.Dense {
	n := len(x)
	a := mat.NewDense(n, n, nil)
	for i := range n {
		for j := range n {
			a.Set(i, j, correlation(x[i], x[j], theta))
		}
		a.Set(i, i, 1+math.Exp(theta[len(mixed)])+jitter)
	}
	return a
}

func correlation(a, b, theta []float64) float64 {
	sum := 0.0
	for k := range mixed {
		d := math.Abs(a[k] - b[k])
		switch na, nb := math.IsNaN(a[k]), math.IsNaN(b[k]); {
		case na && nb:
			d = 0
		case na:
			d = math.Hypot(b[k]-0.5, 0.5)
		case nb:
			d = math.Hypot(a[k]-0.5, 0.5)
		case mixed[k].Category && d > 0:
			d = 1
		}
		sum += math.Pow(d/math.Exp(theta[k]), 2)
	}
	r := math.Sqrt(sum)
	return (1 + math.Sqrt(5)*r + 5*r*r/3) * math.Exp(-math.Sqrt(5)*r)
}
