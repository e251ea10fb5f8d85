package tpe

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/seeds"
)

// kinds are one parameter of each kind that kernels differ for.
func kinds() map[string]space.Param {
	return map[string]space.Param{
		"real":          {Name: "p", Type: space.Dbl, Lower: -3, Upper: 7},
		"integer":       {Name: "p", Type: space.Int, Lower: -2, Upper: 4},
		"many integers": {Name: "p", Type: space.Int, Lower: 0, Upper: 400},
		"log integer":   {Name: "p", Type: space.Int, Lower: 1, Upper: 50, Log: true},
		"category":      {Name: "p", Type: space.Fct, Levels: []any{"a", "b", "c", "d", "e"}},
		"switch":        {Name: "p", Type: space.Lgl},
		"special real":  {Name: "p", Type: space.Dbl, Lower: 1, Upper: 2, Special: []any{nil, "auto"}},
		"special int":   {Name: "p", Type: space.Int, Lower: 1, Upper: 5, Special: []any{nil}},
	}
}

// fitted returns a column around the values at some places, one of them inactive.
func fitted(p space.Param) *column {
	a := axisOf(&p)
	var center []place
	for _, u := range []float64{0.05, 0.15, 0.55, math.NaN(), 0.6, 0.97} {
		center = append(center, a.place(u))
	}
	return newColumn(&a, center, 0.03)
}

// steps is how finely the interval is divided for a sum over it.
const steps = 20_000

// density returns the k-th kernel's density in the middle of each step.
func density(c *column, k int) []float64 {
	f := make([]float64, steps)
	sums := make([]float64, len(c.center))
	for i := range f {
		clear(sums)
		at := c.axis.place((float64(i) + 0.5) / steps)
		c.addLog(sums, &at)
		f[i] = math.Exp(sums[k])
	}
	return f
}

// Kernels are densities: a sum over fine steps gives 1, whatever the axis.
func TestKernelsIntegrateToOne(t *testing.T) {
	t.Parallel()
	for name, p := range kinds() {
		c := fitted(p)
		for k := range c.center {
			total := 0.0
			for _, f := range density(c, k) {
				total += f / steps
			}
			if math.Abs(total-1) > 2e-3 {
				t.Errorf("%s: kernel %d has the mass %v", name, k, total)
			}
		}
	}
}

// What is drawn from a kernel has its density: the distribution functions of
// 20,000 draws and of the density differ by less than what has a probability of
// about 10^-6 (Massart 1990).
func TestDrawsHaveTheDensity(t *testing.T) {
	t.Parallel()
	const draws = 20_000
	bound := math.Sqrt(math.Log(2/1e-6) / (2 * draws))
	for name, p := range kinds() {
		c := fitted(p)
		for k := range c.center {
			g := seeds.New(1).Generator()
			counts := make([]float64, steps)
			for range draws {
				u := c.draw(k, g)
				if u.low < u.high { // anywhere in the cell
					u.at = u.low + (u.high-u.low)*g.Float64()
				}
				counts[min(int(u.at*steps), steps-1)]++
			}
			drawn, expected, most := 0.0, 0.0, 0.0
			for i, f := range density(c, k) {
				drawn += counts[i] / draws
				expected += f / steps
				most = max(most, math.Abs(drawn-expected))
			}
			if most > bound+2e-3 {
				t.Errorf("%s: kernel %d: the distributions differ by %v, expected at most %v", name, k, most, bound)
			}
		}
	}
}

// The mass between two numbers is the difference of gonum's distribution
// function, and far out that of the asymptotic series of the tail (Abramowitz and
// Stegun 26.2.12).
func TestNormalMass(t *testing.T) {
	t.Parallel()
	for _, c := range [][2]float64{{-1, 1}, {-0.3, 2}, {0.5, 0.6}, {-4, -3}, {2, 7}} {
		want := distuv.UnitNormal.CDF(c[1]) - distuv.UnitNormal.CDF(c[0])
		if got := normalMass(c[0], c[1]); math.Abs(got-want) > 1e-14 {
			t.Errorf("between %v and %v: %v, expected %v", c[0], c[1], got, want)
		}
	}
	const x = 20.0
	tail := math.Exp(-x*x/2) / math.Sqrt(2*math.Pi) / x * (1 - 1/(x*x) + 3/(x*x*x*x))
	if got := normalMass(x, 40); math.Abs(got/tail-1) > 1e-6 {
		t.Errorf("above 20: %v, expected %v", got, tail)
	}
}

// The quick mean over a cell agrees with the exact one where it takes over.
func TestMeanOverACell(t *testing.T) {
	t.Parallel()
	for _, z := range []float64{-5, -1, 0, 0.3, 2.5, 4.9, 7} {
		const h = 0.199
		at := &place{at: z, low: z - h/2, high: z + h/2}
		exact := math.Log(normalMass(z-h/2, z+h/2)/h) + math.Log(math.Sqrt(2*math.Pi))
		if got := logNormal(at, 0, 1); math.Abs(got-exact) > 1e-3 {
			t.Errorf("at %v: %v, expected %v", z, got, exact)
		}
	}
}

// Worked out by hand: the larger gap on either side.
func TestGaps(t *testing.T) {
	t.Parallel()
	at := func(us ...float64) []place {
		a := axis{}
		var all []place
		for _, u := range us {
			all = append(all, a.place(u))
		}
		return all
	}
	near := cmpopts.EquateApprox(0, 1e-12)
	for _, tc := range []struct {
		places []place
		want   []float64
	}{
		{at(0.3), []float64{0.5}},
		{at(0.9, 0.1, 0.4), []float64{0.5, 0.3, 0.5}},
		{at(0.2, math.NaN(), 0.2, 0.3), []float64{0, 0, 0.1, 0.1}},
		{nil, []float64{}},
	} {
		if diff := cmp.Diff(tc.want, gaps(tc.places), near); diff != "" {
			t.Error(diff)
		}
	}
}

// The density of a mixture is the weighted sum of those of its kernels, each a
// product over the axes, worked out here one by one.
func TestAMixtureIsTheSumOfProducts(t *testing.T) {
	t.Parallel()
	sp := space.MustNew(
		space.Param{Name: "x", Type: space.Dbl, Lower: 0, Upper: 1},
		space.Param{Name: "k", Type: space.Fct, Levels: []any{"a", "b", "c"}},
	)
	s := &Search{axes: axesOf(sp), options: options{prior: 2}}
	of := []weighted{}
	us := [][]float64{{0.2, 0.1}, {0.5, 0.5}, {0.6, 0.9}}
	for i, u := range us {
		of = append(of, weighted{&observation{places: []place{s.axes[0].place(u[0]), s.axes[1].place(u[1])}}, float64(i + 1)})
	}
	m := s.newMixture(of, []int{0, 1}, 0.01)
	x, sigma := 0.4, []float64{0.3, 0.3, 0.1}
	want := 2.0 / 8
	for k, u := range us {
		normal := distuv.Normal{Mu: u[0], Sigma: sigma[k]}
		kernel := normal.Prob(x) / (normal.CDF(1) - normal.CDF(0))
		if k == 1 {
			kernel *= 3 * 4. / 6 // of three levels, after three points
		} else {
			kernel *= 3 * 1. / 6
		}
		want += float64(k+1) / 8 * kernel
	}
	if got := m.log([]place{s.axes[0].place(x), s.axes[1].place(0.5)}); math.Abs(got-math.Log(want)) > 1e-12 {
		t.Errorf("the logarithm is %v, expected %v", got, math.Log(want))
	}
}

// The weights of an evolution strategy's three parents of six, as in table 1 and
// equation 49 of Hansen (2016): 0.637, 0.284, 0.078.
func TestRankWeights(t *testing.T) {
	t.Parallel()
	of := weigh(make([]*observation, 3))
	rankWeights(of)
	for i, want := range []float64{0.6370, 0.2846, 0.0784} {
		if got := of[i].weight / 3; math.Abs(got-want) > 5e-5 {
			t.Errorf("weight %d is %v, expected %v", i, got, want)
		}
	}
}

// Old points fade, the last 25 do not.
func TestRecentWeights(t *testing.T) {
	t.Parallel()
	var of []*observation
	for i := range 30 {
		of = append(of, &observation{key: rush.TaskKey(29 - i)})
	}
	w := weigh(of)
	recentWeights(w)
	for i, o := range w {
		want := 1.0
		if old := 29 - i; old < 5 {
			want = 1./30 + (1-1./30)*float64(old)/4
		}
		if math.Abs(o.weight-want) > 1e-12 {
			t.Errorf("the weight of task %d is %v, expected %v", o.key, o.weight, want)
		}
	}
}
