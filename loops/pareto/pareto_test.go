package pareto_test

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rushnet/rush/loops/pareto"
)

// points draws points of few different values, so that ties are common.
func points(t *rapid.T, objectives, most int) [][]float64 {
	value := rapid.Custom(func(t *rapid.T) float64 { return float64(rapid.IntRange(0, 8).Draw(t, "value")) / 4 })
	return rapid.SliceOfN(rapid.SliceOfN(value, objectives, objectives), 0, most).Draw(t, "points")
}

// The fronts are those of the definition in Deb et al. (2002): peeled off one by
// one.
func TestSortPeelsFronts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := points(t, rapid.IntRange(1, 4).Draw(t, "objectives"), 30)
		left := make([]int, len(all))
		for i := range left {
			left[i] = i
		}
		var want [][]int
		for len(left) > 0 {
			var front, rest []int
			for _, i := range left {
				if slices.ContainsFunc(left, func(k int) bool { return pareto.Dominates(all[k], all[i]) }) {
					rest = append(rest, i)
				} else {
					front = append(front, i)
				}
			}
			want, left = append(want, front), rest
		}
		if diff := cmp.Diff(want, pareto.Sort(all)); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestCrowding(t *testing.T) {
	t.Parallel()
	// By hand, from Deb et al. (2002), section III.B: ranges of 4 and 8.
	got := pareto.Crowding([][]float64{{0, 8}, {1, 4}, {2, 3}, {4, 0}})
	want := []float64{math.Inf(1), 2.0/4 + 5.0/8, 3.0/4 + 4.0/8, math.Inf(1)}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := pareto.Crowding([][]float64{{1, 1}, {1, 1}}); !cmp.Equal(got, []float64{0, 0}) {
		t.Errorf("equal points have %v", got)
	}
}

// The example of pygmo's manual (hypervolume tutorial): a volume of 3.25.
func TestHypervolumeOfPygmosExample(t *testing.T) {
	t.Parallel()
	all, reference := [][]float64{{1, 0}, {0.5, 0.5}, {0, 1}, {1.5, 0.75}}, []float64{2, 2}
	if v := pareto.Hypervolume(all, reference); v != 3.25 {
		t.Errorf("%v, expected 3.25", v)
	}
	if diff := cmp.Diff([]float64{0.5, 0.25, 0.5, 0}, pareto.Contributions(all, reference)); diff != "" {
		t.Error(diff)
	}
}

// All n(n+1)/2 places of a lattice on the simplex x+y+z = n-1 dominate, below
// (n, n, n), all unit cubes but those on the other side of it: n³ - C(n+1, 3).
func TestHypervolumeOfALattice(t *testing.T) {
	t.Parallel()
	const n = 9
	var all [][]float64
	for x := range n {
		for y := range n - x {
			all = append(all, []float64{float64(x), float64(y), float64(n - 1 - x - y)})
		}
	}
	if v, want := pareto.Hypervolume(all, []float64{n, n, n}), float64(n*n*n-(n+1)*n*(n-1)/6); v != want {
		t.Errorf("%v, expected %v", v, want)
	}
}

// For up to six objectives the hypervolume is that of inclusion and exclusion
// over all subsets of the points.
func TestHypervolumeByInclusionAndExclusion(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.IntRange(1, 6).Draw(t, "objectives")
		all := points(t, m, 8)
		reference := slices.Repeat([]float64{1.5}, m)
		want := union(all, reference)
		if got := pareto.Hypervolume(all, reference); math.Abs(got-want) > 1e-9 {
			t.Fatalf("%v, expected %v", got, want)
		}
		for i, c := range pareto.Contributions(all, reference) {
			others := slices.Concat(all[:i], all[i+1:])
			lost := want - union(others, reference)
			if math.Abs(c-lost) > 1e-9 {
				t.Fatalf("point %d contributes %v, expected %v", i, c, lost)
			}
			if g := pareto.Improvement(all[i], others, reference); math.Abs(g-lost) > 1e-9 {
				t.Fatalf("point %d improves by %v, expected %v", i, g, lost)
			}
		}
	})
}

func union(all [][]float64, reference []float64) float64 {
	sum := 0.0
	for set := 1; set < 1<<len(all); set++ {
		volume, sign := 1.0, -1.0
		corner := slices.Repeat([]float64{math.Inf(-1)}, len(reference))
		for i, p := range all {
			if set>>i&1 == 1 {
				sign = -sign
				for m, v := range p {
					corner[m] = max(corner[m], v)
				}
			}
		}
		for m, v := range corner {
			volume *= max(0, reference[m]-v)
		}
		sum += sign * volume
	}
	return sum
}

// The exact expectation is that of numerical integration of the improvement with
// the density, and the derivatives are those of finite differences.
func TestExpectedImprovementByIntegration(t *testing.T) {
	t.Parallel()
	front, reference := [][]float64{{1, 4}, {2, 2.5}, {3.5, 1}, {3, 3}, {9, 0}}, []float64{5, 6}
	for _, belief := range [][2]pareto.Normal{
		{{Mean: 2, SD: 0.7}, {Mean: 2, SD: 1.3}},
		{{Mean: 0, SD: 0.5}, {Mean: 0, SD: 2}},
		{{Mean: 4, SD: 1}, {Mean: 5, SD: 0.4}},
		{{Mean: 6, SD: 1.5}, {Mean: 1, SD: 0.1}},
	} {
		got, byMean, bySD := pareto.NewCells(front, reference).ExpectedImprovement(belief[0], belief[1])
		want := integral(belief, front, reference)
		if math.Abs(got-want) > 5e-4*math.Max(want, 1e-3) {
			t.Errorf("%v: %v, expected %v", belief, got, want)
		}
		for k := range 2 {
			const h = 1e-5
			value := func(mean, sd float64) float64 {
				b := belief
				b[k] = pareto.Normal{Mean: b[k].Mean + mean, SD: b[k].SD + sd}
				return pareto.ExpectedImprovement(b[0], b[1], front, reference)
			}
			if d := (value(h, 0) - value(-h, 0)) / (2 * h); math.Abs(d-byMean[k]) > 1e-7 {
				t.Errorf("%v by mean %d: %v, expected %v", belief, k, byMean[k], d)
			}
			if d := (value(0, h) - value(0, -h)) / (2 * h); math.Abs(d-bySD[k]) > 1e-7 {
				t.Errorf("%v by sd %d: %v, expected %v", belief, k, bySD[k], d)
			}
		}
	}
}

// integral sums over the middles of a fine grid of 8 standard deviations each way.
func integral(belief [2]pareto.Normal, front [][]float64, reference []float64) float64 {
	const n, width = 500, 16.0 / 500
	sum := 0.0
	for i := range n {
		a := -8 + (float64(i)+0.5)*width
		for k := range n {
			b := -8 + (float64(k)+0.5)*width
			p := []float64{belief[0].Mean + a*belief[0].SD, belief[1].Mean + b*belief[1].SD}
			sum += math.Exp(-(a*a+b*b)/2) / (2 * math.Pi) * width * width * pareto.Improvement(p, front, reference)
		}
	}
	return sum
}

func BenchmarkSort2000(b *testing.B) { benchmark(b, 2000, 3, func(p [][]float64) { pareto.Sort(p) }) }

func BenchmarkHypervolume3Of200(b *testing.B) {
	benchmark(b, 200, 3, func(p [][]float64) { pareto.Hypervolume(p, []float64{1, 1, 1}) })
}

func BenchmarkHypervolume5Of100(b *testing.B) {
	benchmark(b, 100, 5, func(p [][]float64) { pareto.Hypervolume(p, []float64{1, 1, 1, 1, 1}) })
}

// benchmark runs f with points on a sphere, none of which dominates another.
func benchmark(b *testing.B, n, objectives int, f func([][]float64)) {
	all := make([][]float64, n)
	for i := range all {
		all[i] = make([]float64, objectives)
		norm := 0.0
		for m := range all[i] {
			x := 0.7548776662466927*float64(i*objectives+m+1) + 0.3*float64(m)
			all[i][m] = x*x - math.Floor(x*x)
			norm += all[i][m] * all[i][m]
		}
		for m := range all[i] {
			all[i][m] /= math.Sqrt(norm)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		f(all)
	}
}
