package space_test

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/seeds"
)

// svm has dependencies of two levels, the deeper one declared first.
var svm = space.MustNew(
	space.Param{Name: "coef0", Type: space.Dbl, Lower: -1, Upper: 1, Depends: "svm.degree > 1"},
	space.Param{Name: "svm.kernel", Type: space.Fct, Levels: []any{"rbf", "poly", "linear"}},
	space.Param{Name: "svm.degree", Type: space.Int, Lower: 1, Upper: 4, Depends: `svm.kernel == "poly"`},
	space.Param{Name: "cost", Type: space.Dbl, Lower: 0.01, Upper: 100, Log: true},
)

func TestInactiveParametersAreLeftOut(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	for _, tc := range []struct {
		u    []float64
		want rush.Values
		back []float64
	}{
		{[]float64{0.5, 0.1, 0.9, 0.5}, rush.Values{"svm.kernel": "rbf", "cost": 1.0}, []float64{nan, 1.0 / 6, nan, 0.5}},
		{[]float64{nan, 0.9, nan, 0.5}, rush.Values{"svm.kernel": "linear", "cost": 1.0}, []float64{nan, 5.0 / 6, nan, 0.5}},
		{[]float64{0.5, 0.5, 0, 0.5}, rush.Values{"svm.kernel": "poly", "svm.degree": int64(1), "cost": 1.0}, []float64{nan, 0.5, 0.125, 0.5}},
		{[]float64{0.75, 0.5, 1, 0.5}, rush.Values{"svm.kernel": "poly", "svm.degree": int64(4), "coef0": 0.5, "cost": 1.0}, []float64{0.75, 0.5, 0.875, 0.5}},
		{[]float64{nan, 0.5, nan, 0.5}, rush.Values{"svm.kernel": "poly", "svm.degree": int64(3), "coef0": 0.0, "cost": 1.0}, []float64{0.5, 0.5, 0.625, 0.5}},
	} {
		got := svm.FromUnit(tc.u)
		if diff := cmp.Diff(tc.want, got, near); diff != "" {
			t.Errorf("%v: %s", tc.u, diff)
		}
		back, err := svm.ToUnit(got)
		if diff := cmp.Diff(tc.back, back, near); err != nil || diff != "" {
			t.Errorf("%v: %v %s", tc.want, err, diff)
		}
		masked := append([]float64(nil), tc.u...)
		svm.Mask(masked)
		for i := range masked {
			if math.IsNaN(masked[i]) != math.IsNaN(tc.back[i]) && !math.IsNaN(tc.u[i]) {
				t.Errorf("the mask of %v is %v", tc.u, masked)
			}
		}
	}
}

// near compares numbers but for rounding, and NaN with NaN.
var near = cmp.Comparer(func(a, b float64) bool {
	return math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) <= 1e-12
})

func TestCheckKnowsWhatIsActive(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		point rush.Values
		want  string
	}{
		{rush.Values{"svm.kernel": "rbf", "cost": 1}, ""},
		{rush.Values{"svm.kernel": "poly", "svm.degree": 1, "cost": 1}, ""},
		{rush.Values{"svm.kernel": "poly", "cost": 1}, "svm.degree: it has no value in this point; expected an integer from 1 to 4"},
		{rush.Values{"svm.kernel": "rbf", "svm.degree": 2, "cost": 1}, `svm.degree: expected no value, since it is active only if svm.kernel == "poly"; found 2`},
		{rush.Values{"svm.kernel": "rbf", "coef0": 0.5, "cost": 1}, "coef0: expected no value, since it is active only if svm.degree > 1; found 0.5"},
		{rush.Values{"svm.kernel": "rbf"}, "cost: it has no value in this point; expected a number from 0.01 to 100"},
		{rush.Values{"svm.kernel": "rbf", "svm.degree": nil, "cost": 1}, "svm.degree: expected an integer from 1 to 4, found null"},
	} {
		err := svm.Check(tc.point)
		if err == nil && tc.want != "" || err != nil && err.Error() != tc.want {
			t.Errorf("%v: got %v, want %s", tc.point, err, tc.want)
		}
	}
	got, err := svm.Coerce(rush.Values{"svm.kernel": "rbf", "svm.degree": nil, "coef0": " ", "cost": "1"})
	if diff := cmp.Diff(rush.Values{"svm.kernel": "rbf", "cost": 1.0}, got); err != nil || diff != "" {
		t.Errorf("a row with blanks: %v %s", err, diff)
	}
}

func TestConstraints(t *testing.T) {
	t.Parallel()
	s, err := space.MustNew(
		space.Param{Name: "layers", Type: space.Int, Lower: 1, Upper: 2},
		space.Param{Name: "units1", Type: space.Int, Lower: 16, Upper: 512},
		space.Param{Name: "units2", Type: space.Int, Lower: 16, Upper: 512, Depends: "layers > 1"},
	).Constrain("units1 + units2 <= 512", "units1 % 2 == 0")
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		point rush.Values
		want  string
	}{
		{rush.Values{"layers": 1, "units1": 512}, ""}, // units2 is inactive: nothing is ruled out
		{rush.Values{"layers": 2, "units1": 256, "units2": 256}, ""},
		{rush.Values{"layers": 2, "units1": 256, "units2": 257}, "expected units1 + units2 <= 512, found {units1: 256, units2: 257}: the point violates a constraint"},
		{rush.Values{"layers": 1, "units1": 17}, "expected units1 % 2 == 0, found {units1: 17}: the point violates a constraint"},
	} {
		err := s.Check(tc.point)
		if err == nil && tc.want != "" || err != nil && (err.Error() != tc.want || !errors.Is(err, space.ErrInfeasible)) {
			t.Errorf("%v: got %v, want %s", tc.point, err, tc.want)
		}
	}
	g := seeds.New(3).Generator()
	for range 200 {
		u := []float64{g.Float64(), g.Float64(), g.Float64()}
		if err := s.Check(s.FromUnit(s.Mend(u, g))); err != nil {
			t.Fatalf("%v was mended to what is not in the space: %v", u, err)
		}
		if err := s.Check(s.Sample(g)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSampleToUnitFromUnitAndCheckAgree(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := dependent().Draw(t, "space")
		point := s.Sample(seeds.New(rapid.Int32().Draw(t, "seed")).Generator())
		if err := s.Check(point); err != nil {
			t.Fatal(err)
		}
		u, err := s.ToUnit(point)
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range s.Params() {
			if _, active := point[p.Name]; active == math.IsNaN(u[i]) {
				t.Fatalf("%s is at %v in %v", p.Name, u[i], point)
			}
		}
		again := s.FromUnit(u)
		v, err := s.ToUnit(again)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(u, v, near); diff != "" {
			t.Fatal(diff)
		}
		if f, ok := s.Fidelity(); ok && point[f.Name] != int64(81) {
			t.Fatalf("the fidelity is %v in a sample", point[f.Name])
		}
	})
}

func TestSpacesWithRulesSurviveJSON(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := dependent().Draw(t, "space")
		b, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got space.Space
		if err := json.Unmarshal(b, &got); err != nil {
			t.Fatalf("%s: %v", b, err)
		}
		if diffs := space.Diff(want, got); len(diffs) > 0 {
			t.Fatal(diffs)
		}
		g := seeds.New(1)
		if diff := cmp.Diff(want.Sample(g.Generator()), got.Sample(g.Generator())); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestWhatIsWrongWithRules(t *testing.T) {
	t.Parallel()
	kernel := space.Param{Name: "kernel", Type: space.Fct, Levels: []any{"rbf", "poly"}}
	with := func(change func(*space.Param)) space.Param {
		p := space.Param{Name: "c", Type: space.Dbl, Lower: 1, Upper: 2}
		change(&p)
		return p
	}
	depends := func(text string) space.Param { return with(func(p *space.Param) { p.Depends = text }) }
	for _, tc := range []struct {
		params []space.Param
		want   string
	}{
		{[]space.Param{depends("kernel ==")}, "c: unexpected token EOF"},
		{[]space.Param{kernel, depends(`kernel == "rbff"`)}, `c: kernel is never that: expected one of "rbf", "poly", found the text "rbff"; did you mean rbf?`},
		{[]space.Param{kernel, depends(`kernl == "rbf"`)}, "c: there is no parameter or function kernl; did you mean kernel?"},
		{[]space.Param{depends("c > 1")}, "c: expected no parameter to depend on itself, found the circle c -> c; remove one of the dependencies"},
		{[]space.Param{depends("true")}, "c: expected an expression over other parameters"},
		{
			[]space.Param{{Name: "a", Type: space.Lgl, Depends: "b"}, {Name: "b", Type: space.Lgl, Depends: "c > 1"}, depends("a")},
			"a: expected no parameter to depend on itself, found the circle a -> b -> c -> a; remove one of the dependencies",
		},
		{[]space.Param{{Name: "a", Type: space.Dbl, Upper: 1}, depends("a > 2")}, "c: it is active in none of 80020 points (tried at random, and then towards it), as if"},
		{[]space.Param{{Name: "a", Type: space.Dbl, Upper: 1, Special: []any{"auto"}}, depends("a > 0.5")}, `c: it cannot be evaluated with {a: "auto"}: `},
		{[]space.Param{with(func(p *space.Param) { p.Special = []any{1.5} })}, "c: special 1: 1.5 lies within the bounds"},
		{[]space.Param{with(func(p *space.Param) { p.Special = []any{"a", "a"} })}, `c: "a" is there twice, at 1 and 2; remove one`},
		{[]space.Param{with(func(p *space.Param) { p.Default = new(any(3)) })}, "c: expected a number from 1 to 2, found 3"},
		{[]space.Param{with(func(p *space.Param) { p.Fidelity, p.Depends = true, "kernel" })}, "c: the fidelity parameter is part of every point; remove depends"},
		{[]space.Param{{Name: "b", Type: space.Dbl, Upper: 1, Fidelity: true}, with(func(p *space.Param) { p.Fidelity = true })}, "c: b is the fidelity parameter already"},
		{[]space.Param{{Name: "b", Type: space.Lgl, Fidelity: true}}, "b: the fidelity parameter is a number"},
		{[]space.Param{with(func(p *space.Param) { p.Trafo = "10^y" })}, "c: there is no parameter or function y"},
		{[]space.Param{with(func(p *space.Param) { p.Trafo = "1/(x - 1)" })}, "c: it cannot be evaluated with c: 1.0: expected a finite number, found +Inf"},
		{[]space.Param{{Name: "x", Type: space.Lgl}, with(func(p *space.Param) { p.Trafo = "10^x" })}, "c: x would be the value of c here, and there is a parameter x too; write c in place of x"},
	} {
		if _, err := space.New(tc.params...); err == nil || !strings.HasPrefix(err.Error(), tc.want) {
			t.Errorf("got  %v\nwant %s", err, tc.want)
		}
	}
}

func TestASpaceWithoutPointsIsTold(t *testing.T) {
	t.Parallel()
	s := space.MustNew(
		space.Param{Name: "a", Type: space.Dbl, Upper: 1},
		space.Param{Name: "b", Type: space.Dbl, Upper: 1},
	)
	for _, tc := range []struct {
		constraints []string
		want        string
	}{
		{[]string{"a + b <= 1", "a > 3"}, "none of 80020 points (tried at random, and then towards it) keeps to it, as if no point could; relax it, or narrow the parameters (a) to where it holds"},
		{[]string{"a + b == 1"}, "none of 80020 points (tried at random, and then towards it) keeps to it, since an equality between real numbers"},
		{[]string{"a < 0.1", "a > 0.2"}, "none of 80020 points (tried at random, and then towards it) keeps to all constraints; the hardest, a < 0.1, held for 2060 of 20000 random ones: relax it"},
		{[]string{"a + c < 1"}, "there is no parameter or function c"},
	} {
		_, err := s.Constrain(tc.constraints...)
		var about *space.ConstraintError
		if !errors.As(err, &about) || !strings.HasPrefix(err.Error(), tc.want) {
			t.Errorf("%v: got %v", tc.constraints, err)
		}
	}
}

func TestSpecialValuesHaveTheirShare(t *testing.T) {
	t.Parallel()
	p := space.Param{Name: "depth", Type: space.Int, Lower: 1, Upper: 8, Special: []any{nil, "auto"}, Default: new(any(nil))}
	s := space.MustNew(p)
	if got := p.SpecialShare(); got != 0.2 {
		t.Errorf("their share is %v, want 0.2", got)
	}
	for u, want := range map[float64]any{0: nil, 0.099: nil, 0.1: "auto", 0.199: "auto", 0.2: int64(1), 0.299: int64(1), 0.301: int64(2), 1: int64(8)} {
		if got := s.FromUnit([]float64{u})["depth"]; got != want {
			t.Errorf("at %v is %v, want %v", u, got, want)
		}
	}
	for _, text := range []any{nil, "null", "auto", 3.0, "3"} {
		if _, err := s.Coerce(rush.Values{"depth": text}); err != nil {
			t.Errorf("%v: %v", text, err)
		}
	}
	many := space.Param{Special: []any{1, 2, 3, 4, 5, 6, 7}}
	if got := many.SpecialShare(); got != 0.5 {
		t.Errorf("the share of seven is %v, want 0.5", got)
	}
}

func TestTheObjectiveGetsWhatTheTrafoGives(t *testing.T) {
	t.Parallel()
	s := space.MustNew(
		space.Param{Name: "svm.cost", Type: space.Dbl, Lower: -2, Upper: 2, Trafo: "10^x"},
		space.Param{Name: "units", Type: space.Int, Lower: 1, Upper: 5, Trafo: "int(2 ** units)"},
		space.Param{Name: "kernel", Type: space.Fct, Levels: []any{"a", "b"}, Trafo: `{"a": [1, 2], "b": [3]}[x]`},
		space.Param{Name: "plain", Type: space.Lgl},
	)
	point := rush.Values{"svm.cost": 2.0, "units": int64(3), "kernel": "b", "plain": true}
	got, err := s.Domain(point)
	want := rush.Values{"svm.cost": 100.0, "units": int64(8), "kernel": []any{int64(3)}, "plain": true}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	if point["units"] != int64(3) {
		t.Error("the point was changed")
	}
}

func TestATrafoSaysWhatSpecialValuesGive(t *testing.T) {
	t.Parallel()
	p := space.Param{Name: "depth", Type: space.Int, Lower: 1, Upper: 5, Special: []any{nil, "auto"}, Trafo: "2 * x"}
	_, err := space.New(p)
	if want := "say what it gives for that special value, as in x == nil ? x : 2 * x"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, expected %s", err, want)
	}
	p.Trafo = `x in [nil, "auto"] ? x : 2 * x`
	s, err := space.New(p)
	if err != nil {
		t.Fatal(err)
	}
	for given, want := range map[any]any{nil: nil, "auto": "auto", int64(4): int64(8)} {
		got, err := s.Domain(rush.Values{"depth": given})
		if err != nil || got["depth"] != want {
			t.Errorf("%v gives %v, %v; expected %v", given, got, err, want)
		}
	}
}
