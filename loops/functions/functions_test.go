package functions_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops/functions"
)

func get(t interface{ Fatalf(string, ...any) }, name string) functions.Function {
	f, ok := functions.ByName(name)
	if !ok {
		t.Fatalf("there is no function %s", name)
	}
	return f
}

func evaluate(t interface{ Fatalf(string, ...any) }, f functions.Function, xs rush.Values) float64 {
	ys, err := f.Evaluate(context.Background(), xs)
	if err != nil {
		t.Fatalf("evaluate %s at %v: %v", f.Name, xs, err)
	}
	y, ok := ys[functions.Output].(float64)
	if !ok || len(ys) != 1 {
		t.Fatalf("%s returned %v, want one float64 named y", f.Name, ys)
	}
	return y
}

func TestNamesAreThoseOfTheFunctions(t *testing.T) {
	t.Parallel()
	want := []string{"ackley", "branin", "hartmann6", "himmelblau", "rastrigin", "rosenbrock", "sleep", "sphere"}
	if diff := cmp.Diff(want, functions.Names()); diff != "" {
		t.Error(diff)
	}
	for _, name := range want {
		if f := get(t, name); f.Name != name || f.About == "" {
			t.Errorf("ByName(%q) has the name %q and says %q", name, f.Name, f.About)
		}
	}
	if f, ok := functions.ByName("brannin"); ok {
		t.Errorf("ByName found %q for a name that there is not", f.Name)
	}
}

// The optima as the literature has them, beside those in the metadata:
// Dixon and Szegö (1978) for branin and hartmann6.
func TestOptimaOfTheLiterature(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		optimum float64
		digits  float64 // how far the source's value may be off
		optima  int
	}{
		{"branin", 0.397887, 5e-7, 3},
		{"hartmann6", -3.32237, 5e-6, 1},
		{"himmelblau", 0, 0, 4},
		{"rosenbrock", 0, 0, 1},
		{"ackley", 0, 0, 1},
		{"rastrigin", 0, 0, 1},
		{"sphere", 0, 0, 1},
		{"sleep", 0, 0, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			f := get(t, tc.name)
			if math.Abs(f.Optimum-tc.optimum) > tc.digits {
				t.Errorf("the optimum is %v, want %v", f.Optimum, tc.optimum)
			}
			if len(f.Optima) != tc.optima {
				t.Errorf("there are %d optima, want %d", len(f.Optima), tc.optima)
			}
			for _, at := range f.Optima {
				if err := f.Space.Check(at); err != nil {
					t.Errorf("the optimum at %v is not in the space: %v", at, err)
				}
				if y := evaluate(t, f, at); math.Abs(y-f.Optimum) > 1e-12 {
					t.Errorf("%s is %v at %v, want %v", f.Name, y, at, f.Optimum)
				}
			}
		})
	}
}

// Values that were computed independently, with 50 digits (see testdata/values.py).
func TestValuesAwayFromTheOptimum(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		x    []float64
		want float64
	}{
		{"branin", []float64{0, 0}, 55.602112642270262},
		{"branin", []float64{-5, 0}, 308.12909601160666},
		{"branin", []float64{2.5, 7.5}, 24.129964413622261},
		{"hartmann6", []float64{0.5, 0.5, 0.5, 0.5, 0.5, 0.5}, -0.50531499170223314},
		{"hartmann6", []float64{0.1, 0.2, 0.3, 0.4, 0.5, 0.6}, -1.4069105761385297},
		{"hartmann6", []float64{0.4, 0.88, 0.87, 0.57, 0.11, 0.04}, -3.2008584520523942},
		{"himmelblau", []float64{0, 0}, 170.0},
		{"himmelblau", []float64{-4.5, 1.25}, 209.00390625},
		{"rosenbrock", []float64{-1.2, 1}, 24.2},
		{"rosenbrock", []float64{0.5, -0.25, 2, 3}, 503.203125},
		{"ackley", []float64{1, 1}, 3.6253849384403628},
		{"ackley", []float64{-3.5, 0.25, 10}, 15.835625311390128},
		{"rastrigin", []float64{1, -2}, 5.0},
		{"rastrigin", []float64{0.5, 0.25, -3.3}, 54.292669943749474},
		{"sphere", []float64{1, -2, 3}, 14.0},
	} {
		f := get(t, tc.name)
		xs := rush.Values{}
		for i, x := range tc.x {
			xs["x"+string(rune('1'+i))] = x
		}
		if y := evaluate(t, f, xs); math.Abs(y-tc.want) > 1e-12*math.Max(1, math.Abs(tc.want)) {
			t.Errorf("%s%v is %v, want %v", tc.name, tc.x, y, tc.want)
		}
	}
}

func TestNoPointIsBetterThanTheOptimum(t *testing.T) {
	t.Parallel()
	for _, name := range functions.Names() {
		if name == "sleep" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := get(t, name)
			d := f.Space.Len()
			rapid.Check(t, func(t *rapid.T) {
				near := rapid.SampledFrom(f.Optima).Draw(t, "near")
				around, err := f.Space.ToUnit(near)
				if err != nil {
					t.Fatalf("%v", err)
				}
				width := rapid.SampledFrom([]float64{1e-3, 0.1, 2}).Draw(t, "width")
				for i, off := range rapid.SliceOfN(rapid.Float64Range(-0.5, 0.5), d, d).Draw(t, "off") {
					around[i] += off * width
				}
				xs := f.Space.FromUnit(around)
				if y := evaluate(t, f, xs); y < f.Optimum-1e-9 {
					t.Fatalf("%s is %v at %v, less than the optimum %v", name, y, xs, f.Optimum)
				}
			})
		})
	}
}

func TestAnyDimensionThatTheFormulaAllows(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"ackley", "rastrigin", "rosenbrock", "sphere"} {
		for _, d := range []int{2, 5, 12} {
			f, err := get(t, name).InDim(d)
			if err != nil {
				t.Fatalf("%s in %d dimensions: %v", name, d, err)
			}
			if f.Space.Len() != d || f.Space.Names()[d-1] != "x"+map[int]string{2: "2", 5: "5", 12: "12"}[d] {
				t.Errorf("%s in %d dimensions has the parameters %v", name, d, f.Space.Names())
			}
			if y := evaluate(t, f, f.Optima[0]); math.Abs(y) > 1e-12 {
				t.Errorf("%s in %d dimensions is %v at its optimum", name, d, y)
			}
		}
	}
	for _, tc := range []struct {
		name string
		d    int
		want string
	}{
		{"branin", 3, "branin takes 2 parameters, found 3"},
		{"rosenbrock", 1, "rosenbrock takes 2 parameters or more, found 1"},
		{"sphere", 0, "sphere takes any number of parameters, found 0"},
	} {
		if _, err := get(t, tc.name).InDim(tc.d); err == nil || err.Error() != tc.want {
			t.Errorf("got %v, want %s", err, tc.want)
		}
	}
}

func TestNamesAreInNaturalOrder(t *testing.T) {
	t.Parallel()
	xs, x := rush.Values{}, []float64{}
	for i, name := range []string{"x1", "x2", "x9", "x10", "x11", "x100"} {
		xs[name] = float64(i)
		x = append(x, float64(i))
	}
	if got, want := evaluate(t, get(t, "rosenbrock"), xs), functions.Rosenbrock(x...); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
	for _, xs := range []rush.Values{
		{"a": -math.Pi, "b": 12.275},
		{"layer2.x": -math.Pi, "layer10.x": 12.275},
		{"x01": -math.Pi, "x2": 12.275},
		{"x": -math.Pi, "x1": 12.275},
		{"1": -math.Pi, "x": 12.275},
	} {
		if y := evaluate(t, get(t, "branin"), xs); math.Abs(y-0.397887) > 1e-6 {
			t.Errorf("branin of %v is %v, want its optimum", xs, y)
		}
	}
}

func TestIntegersAreNumbers(t *testing.T) {
	t.Parallel()
	if y := evaluate(t, get(t, "sphere"), rush.Values{"x1": int64(2), "x2": 1, "x3": uint8(1), "x4": float32(2)}); y != 10 {
		t.Errorf("got %v, want 10", y)
	}
}

func TestErrorsSayWhatIsMissing(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		xs   rush.Values
		want string
	}{
		{"branin", rush.Values{"x1": 1.0}, "branin: expected 2 parameters (x1, x2), found 1 (x1); change the search space"},
		{"branin", nil, "branin: expected 2 parameters (x1, x2), found 0; change the search space"},
		{"hartmann6", rush.Values{"x1": 1.0}, "hartmann6: expected 6 parameters (x1, ..., x6), found 1 (x1); change the search space"},
		{"rosenbrock", rush.Values{"x1": 1.0}, "rosenbrock: expected 2 parameters or more (x1, x2, ...), found 1 (x1); change the search space"},
		{"sphere", rush.Values{}, "sphere: expected any number of parameters (x1, x2, ...), found 0; change the search space"},
		{"sphere", rush.Values{"x1": 1.0, "x2": "a"}, `sphere: x2: expected a number, found "a"; make it a dbl or int in the search space`},
		{"sphere", rush.Values{"x1": true}, "sphere: x1: expected a number, found true; make it a dbl or int in the search space"},
		{"sphere", rush.Values{"x1": nil}, "sphere: x1: expected a number, found none; give it a value"},
		{"sleep", rush.Values{"x1": 1.0}, "sleep: expected a parameter or a constant named seconds, found neither; add one"},
		{"sleep", rush.Values{"seconds": -1.0}, "sleep: seconds: expected 0 to 1000000000, found -1"},
		{"sleep", rush.Values{"seconds": math.NaN()}, "sleep: seconds: expected 0 to 1000000000, found NaN"},
		{"sleep", rush.Values{"seconds": "1"}, `sleep: seconds: expected a number, found "1"; make it a dbl or int in the search space`},
	} {
		ys, err := get(t, tc.name).Evaluate(t.Context(), tc.xs)
		if err == nil || err.Error() != tc.want {
			t.Errorf("got %v and the error\n\t%v, want\n\t%s", ys, err, tc.want)
		}
	}
}

func TestSleepTakesItsTime(t *testing.T) {
	t.Parallel()
	sleep := get(t, "sleep")
	for name, call := range map[string]func() (rush.Values, error){
		"from xs": func() (rush.Values, error) { return sleep.Evaluate(t.Context(), rush.Values{"seconds": 0.02}) },
		"from a constant": func() (rush.Values, error) {
			return sleep.With(rush.Values{"seconds": 0.02}).Evaluate(t.Context(), rush.Values{"x1": "a"})
		},
		"from xs before constants": func() (rush.Values, error) {
			return sleep.With(rush.Values{"seconds": "no"}).Evaluate(t.Context(), rush.Values{"seconds": 0.02})
		},
	} {
		began := time.Now()
		ys, err := call()
		if took := time.Since(began); err != nil || ys["y"] != 0.02 || took < 20*time.Millisecond {
			t.Errorf("%s: got %v and the error %v after %v, want y = 0.02 after 20 ms at least", name, ys, err, took)
		}
	}
}

func TestSleepEndsWithItsContext(t *testing.T) {
	t.Parallel()
	cause := errors.New("somebody wants to leave")
	ctx, cancel := context.WithCancelCause(t.Context())
	done := make(chan error, 1)
	go func() {
		_, err := get(t, "sleep").Evaluate(ctx, rush.Values{"seconds": 1e6})
		done <- err
	}()
	cancel(cause)
	if err := <-done; !errors.Is(err, cause) || !strings.HasPrefix(err.Error(), "sleep: ") {
		t.Errorf("got the error %v, want the cause", err)
	}
}

// A caller may keep what it was given: the lists are not shared.
func TestFunctionsAreMadeAnew(t *testing.T) {
	t.Parallel()
	f := get(t, "branin")
	f.Optima[0]["x1"] = 7.0
	f.Optima = slices.Delete(f.Optima, 1, 2)
	if g := get(t, "branin"); len(g.Optima) != 3 || g.Optima[0]["x1"] != -math.Pi {
		t.Errorf("the optima are %v after a caller changed its own", g.Optima)
	}
}
