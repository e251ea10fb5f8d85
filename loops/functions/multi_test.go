package functions_test

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops/functions"
	"github.com/rushnet/rush/loops/pareto"
)

// The fronts of the papers: ZDT's where g = 1, DTLZ2's the unit sphere, and
// Kursawe's end at 0, which is (-20, 0) with three parameters.
func TestFrontsOfTheLiterature(t *testing.T) {
	t.Parallel()
	same := func(name string, got []float64, want ...float64) {
		t.Helper()
		if !slices.EqualFunc(got, want, func(a, b float64) bool { return math.Abs(a-b) < 1e-12 }) {
			t.Errorf("%s: %v, expected %v", name, got, want)
		}
	}
	same("zdt1", functions.ZDT1([]float64{0.25, 0, 0}), 0.25, 0.5)
	same("zdt1", functions.ZDT1([]float64{0.25, 1, 1}), 0.25, 10*(1-math.Sqrt(0.025)))
	same("zdt2", functions.ZDT2([]float64{0.5, 0, 0}), 0.5, 0.75)
	same("zdt3", functions.ZDT3([]float64{0.25, 0, 0}), 0.25, 0.25)
	same("zdt4", functions.ZDT4([]float64{0.25, 0, 0}), 0.25, 0.5)
	same("zdt4", functions.ZDT4([]float64{0.25, 0.5, -0.5}), 0.25, 1.5*(1-math.Sqrt(0.25/1.5)))
	same("zdt6", functions.ZDT6([]float64{0, 0, 0}), 1, 0)
	same("zdt6", functions.ZDT6([]float64{0.25, 1, 1}), 1-math.Exp(-1), 10*(1-math.Pow((1-math.Exp(-1))/10, 2)))
	same("kursawe", functions.Kursawe([]float64{0, 0, 0}), -20, 0)
	on := functions.DTLZ2([]float64{0.3, 0.8, 0.5, 0.5})
	same("dtlz2", []float64{on[0]*on[0] + on[1]*on[1] + on[2]*on[2]}, 1)
}

// The front of Binh and Korn: a point of it, and the constraints where the others
// of the paper's figure begin.
func TestBinhKorn(t *testing.T) {
	t.Parallel()
	f, c := functions.BinhKorn(4, 3)
	if f != [2]float64{100, 5} || c != [2]float64{1 + 9 - 25, 7.7 - 16 - 36} {
		t.Errorf("%v, %v", f, c)
	}
	if _, c := functions.BinhKorn(0, 3); c[0] != 9 {
		t.Errorf("%v, expected to violate the first constraint by 9", c)
	}
}

// The hypervolumes of the fronts are those that many points on them dominate, which
// are made from what the papers say of the optimal parameters.
func TestHypervolumesOfTheFronts(t *testing.T) {
	t.Parallel()
	for _, name := range functions.MultiNames() {
		f, _ := functions.MultiByName(name)
		if f.Hypervolume == 0 || len(f.Reference) != 2 {
			continue
		}
		const n = 20000
		var front [][]float64
		for i := range n + 1 {
			front = append(front, optimal(t, f, float64(i)/n))
		}
		if v := pareto.Hypervolume(front, f.Reference); math.Abs(v-f.Hypervolume) > 2e-4*f.Hypervolume {
			t.Errorf("%s: %v, expected %v", name, f.Hypervolume, v)
		}
	}
}

// optimal returns the outputs at a place of the optimal parameters.
func optimal(t *testing.T, f functions.Multi, at float64) []float64 {
	t.Helper()
	xs := make(rush.Values)
	for _, name := range f.Space.Names() {
		xs[name] = 0.0
	}
	xs["x1"] = at
	if f.Name == "binh_korn" {
		xs["x1"], xs["x2"] = 5*at, min(5*at, 3)
	}
	ys, err := f.Evaluate(t.Context(), xs)
	if err != nil {
		t.Fatal(err)
	}
	return []float64{ys["y1"].(float64), ys["y2"].(float64)}
}

func TestMultiByName(t *testing.T) {
	t.Parallel()
	for _, name := range functions.MultiNames() {
		f, ok := functions.MultiByName(name)
		if !ok {
			t.Fatalf("there is no %s", name)
		}
		ys, err := f.Evaluate(context.Background(), f.Space.FromUnit(make([]float64, f.Space.Len())))
		if err != nil || len(ys) != len(f.Outputs)+len(f.Constraints) || len(f.Outputs) != len(f.Reference) {
			t.Errorf("%s: %v, %v", name, ys, err)
		}
		if _, err := f.Evaluate(context.Background(), rush.Values{"x1": 1.0}); err == nil || !strings.Contains(err.Error(), "parameters") {
			t.Errorf("%s: a point without its parameters is no error", name)
		}
	}
	if _, ok := functions.MultiByName("zdt"); ok {
		t.Error("there is a zdt")
	}
}
