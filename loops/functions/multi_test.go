package functions_test

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops/functions"
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
	same("kursawe", functions.Kursawe([]float64{0, 0, 0}), -20, 0)
	on := functions.DTLZ2([]float64{0.3, 0.8, 0.5, 0.5})
	same("dtlz2", []float64{on[0]*on[0] + on[1]*on[1] + on[2]*on[2]}, 1)
}

func TestMultiByName(t *testing.T) {
	t.Parallel()
	for _, name := range functions.MultiNames() {
		f, ok := functions.MultiByName(name)
		if !ok {
			t.Fatalf("there is no %s", name)
		}
		ys, err := f.Evaluate(context.Background(), f.Space.FromUnit(make([]float64, f.Space.Len())))
		if err != nil || len(ys) != len(f.Reference) {
			t.Errorf("%s: %v, %v", name, ys, err)
		}
		if _, err := f.Evaluate(context.Background(), rush.Values{"x1": 1.0}); err == nil {
			t.Errorf("%s: a point without its parameters is no error", name)
		}
	}
	if _, ok := functions.MultiByName("zdt"); ok {
		t.Error("there is a zdt")
	}
}
