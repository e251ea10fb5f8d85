package cmaes

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"

	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/seeds"
)

var near = cmpopts.EquateApprox(0, 1e-12)

// The constants in three dimensions with seven points are those of the Python
// package cmaes 0.13.1 (CyberAgent), class CMA.
func TestParameters(t *testing.T) {
	t.Parallel()
	p := newParameters(3, 7)
	want := &parameters{
		lambda: 7, mu: 3, mueff: 2.2548150822016044,
		weights: []float64{0.585645106509765, 0.2928225532548825, 0.12153234023535245, 0, -0.4241269418431741, -0.7706638857059224, -1.0636566969842556},
		cs:      0.4149090010980616, ds: 1.4149090010980616,
		cc: 0.5588013228860189, c1: 0.09640963257927214, cmu: 0.05124308701358615, chi: 1.5968775302586076,
	}
	if diff := cmp.Diff(want, p, cmp.AllowUnexported(parameters{}), cmpopts.EquateApprox(1e-7, 1e-7)); diff != "" {
		t.Error(diff)
	}
}

// Three updates with the same points give what the Python package cmaes 0.13.1
// has then.
func TestUpdatesAreThoseOfTheReference(t *testing.T) {
	t.Parallel()
	s := newStrategy([]float64{0.5, 0.4, 0.3}, 0.2, 7)
	at := func(g, i int) []float64 {
		k := float64(7*g + i)
		return []float64{0.5 + 0.15*math.Sin(1+3.1*k), 0.4 + 0.15*math.Sin(2+1.7*k), 0.3 + 0.15*math.Sin(0.5+2.3*k)}
	}
	value := func(x []float64) float64 {
		a, b, c := x[0]-0.6, 2*x[1]-0.6, 4*x[2]-0.6
		return a*a + b*b + c*c
	}
	for _, want := range []struct {
		mean  []float64
		sigma float64
		cov   []float64 // the upper triangle
	}{
		{
			[]float64{0.551954077084271, 0.304138878422791, 0.19014792074880205}, 0.17735151140868416,
			[]float64{0.885428923579122, 0.012301940907079166, -0.04214289987596896, 0.9407995609447871, 0.016661120007992525, 0.8874617485409002},
		},
		{
			[]float64{0.47340963833975563, 0.3488680329362347, 0.16730458652609037}, 0.1503529579385882,
			[]float64{0.8400467200451442, 0.03523612443892774, 0.05696602859846024, 0.8452270964016815, -0.0489699900888179, 0.7028716294436334},
		},
		{
			[]float64{0.5330688632123711, 0.38323523083192307, 0.21975536112728006}, 0.1214334821085815,
			[]float64{0.823742985202131, 0.03441324728781256, 0.038531607520571075, 0.8339218183308365, -0.06348185428024172, 0.48643647494055386},
		},
	} {
		var points [][]float64
		for i := range 7 {
			points = append(points, at(s.updates, i))
		}
		slices.SortFunc(points, func(a, b []float64) int { return int(math.Copysign(1, value(a)-value(b))) })
		s.update(points)
		var cov []float64
		for i := range 3 {
			for k := i; k < 3; k++ {
				cov = append(cov, s.cov.At(i, k))
			}
		}
		approx := cmpopts.EquateApprox(1e-7, 1e-8) // the reference adds 1e-8 here and there
		if diff := cmp.Diff(want.mean, s.mean, approx); diff != "" {
			t.Errorf("mean after update %d: %s", s.updates, diff)
		}
		if diff := cmp.Diff(want.cov, cov, approx); diff != "" {
			t.Errorf("covariance after update %d: %s", s.updates, diff)
		}
		if math.Abs(s.sigma-want.sigma) > 1e-7 {
			t.Errorf("sigma after update %d: %v, expected %v", s.updates, s.sigma, want.sigma)
		}
	}
}

// The root of the covariance and its inverse undo each other, and the root's
// square is the covariance.
func TestWhitenUndoesColor(t *testing.T) {
	t.Parallel()
	s := newStrategy([]float64{0, 0, 0}, 1, 6)
	s.cov = mat.NewSymDense(3, []float64{4, 1, 0.5, 1, 3, -1, 0.5, -1, 2})
	s.decompose()
	g := seeds.New(1).Generator()
	for range 10 {
		z := []float64{g.Norm(), g.Norm(), g.Norm()}
		y := s.color(z)
		// whiten takes the symmetric root, color any: the lengths agree.
		if got, want := floats.Norm(s.whiten(y), 2), floats.Norm(z, 2); math.Abs(got-want) > 1e-12 {
			t.Errorf("the length is %v, expected %v", got, want)
		}
		var x mat.VecDense
		if err := x.SolveVec(s.cov, mat.NewVecDense(3, y)); err != nil {
			t.Fatal(err)
		}
		if got, want := floats.Dot(y, x.RawVector().Data), floats.Dot(z, z); math.Abs(got-want) > 1e-10 {
			t.Errorf("the Mahalanobis length is %v, expected %v", got, want)
		}
	}
}

// A point from far away moves the mean no further than its length allows.
func TestFarPointsAreShortened(t *testing.T) {
	t.Parallel()
	s := newStrategy([]float64{0.5, 0.5}, 1e-3, 6)
	_, lengths := s.steps([][]float64{{0.5005, 0.5}, {1, 0}})
	if want := []float64{0.5, math.Sqrt2 + 1}; !cmp.Equal(lengths, want, near) {
		t.Errorf("the lengths are %v, expected %v", lengths, want)
	}
}

// Whatever the mean and the deviation, an integer is left with the probability
// that the margin says, to both sides where there are two, and nothing changes
// where it was left often enough; with gonum's distribution function.
func TestMargins(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.IntRange(2, 30).Draw(t, "values")
		a := axisOfInteger(values, rapid.Bool().Draw(t, "log"))
		mean := rapid.Float64Range(0, 1).Draw(t, "mean")
		deviation := rapid.Float64Range(1e-7, 0.5).Draw(t, "deviation")
		const alpha = 0.02
		to, factor := margin(&a, mean, deviation, 1, alpha)
		low, high := a.cell(mean)
		out := func(mean, spread float64) (below, above float64) {
			d := distuv.Normal{Mu: mean, Sigma: spread}
			return d.CDF(low), d.Survival(high)
		}
		b0, a0 := out(mean, deviation)
		b1, a1 := out(to, deviation*factor)
		switch {
		case low <= 0:
			if a1 < alpha*(1-1e-6) {
				t.Fatalf("the least integer is left with probability %v", a1)
			}
		case high >= 1:
			if b1 < alpha*(1-1e-6) {
				t.Fatalf("the largest integer is left with probability %v", b1)
			}
		case min(b1, a1) < alpha/2*(1-1e-6):
			t.Fatalf("the integer is left with probabilities %v and %v", b1, a1)
		case min(b0, a0) > alpha/2 && (math.Abs(to-mean) > 1e-6 || math.Abs(factor-1) > 1e-6):
			t.Fatalf("there was margin enough, and the mean moved to %v from %v, the factor to %v", to, mean, factor)
		}
	})
}

func axisOfInteger(values int, log bool) axis {
	axes, err := axesOf(space.MustNew(space.Param{Name: "n", Type: space.Int, Lower: 1, Upper: float64(values), Log: log}))
	if err != nil {
		panic(err)
	}
	return axes[0]
}
