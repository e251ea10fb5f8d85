package space_test

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/seeds"
)

// golden is a space with every way in which a draw becomes a value.
var golden = space.MustNew(
	space.Param{Name: "a", Type: space.Dbl, Lower: -5, Upper: 10},
	space.Param{Name: "b", Type: space.Dbl, Lower: 1e-5, Upper: 1, Log: true},
	space.Param{Name: "c", Type: space.Int, Lower: -3, Upper: 100},
	space.Param{Name: "d", Type: space.Int, Lower: 1, Upper: 1000, Log: true},
	space.Param{Name: "e", Type: space.Fct, Levels: []any{"rbf", int64(2), 0.5, nil}},
	space.Param{Name: "f", Type: space.Lgl},
	space.Param{Name: "g", Type: space.Dbl, Lower: 7, Upper: 7},
	space.Param{Name: "h", Type: space.Int, Lower: -1 << 53, Upper: 1 << 53},
)

// The first points of seed 42. They are what every run with a seed was
// promised: if this test fails, the change is wrong, not the test.
func TestTheSampledPointsOfASeedNeverChange(t *testing.T) {
	t.Parallel()
	network := seeds.New(42)
	for i, want := range []rush.Values{
		{"a": 9.918190026186297, "b": 0.02252849720046724, "c": int64(25), "d": int64(389), "e": int64(2), "f": true, "g": 7.0, "h": int64(-2665630884023923)},
		{"a": -4.736856357256444, "b": 0.054262138222520684, "c": int64(6), "d": int64(1), "e": 0.5, "f": true, "g": 7.0, "h": int64(-2178483099390545)},
		{"a": 5.835091260657411, "b": 0.007487628542515331, "c": int64(95), "d": int64(2), "e": int64(2), "f": false, "g": 7.0, "h": int64(-4996815370614794)},
	} {
		got := golden.Sample(network.Task(int64(i)).Proposal().Generator())
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("point %d: %s", i, diff)
		}
	}
}

// A dbl is R's runif, and a point takes one draw for each parameter, also for
// one that has a single value.
func TestSampleDrawsOnceForEachParameter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := anySpace().Draw(t, "space")
		stream := seeds.New(rapid.Int32().Draw(t, "seed"))
		g, reference := stream.Generator(), stream.Generator()
		got := s.Sample(g)
		for _, p := range s.Params() {
			before := reference.Stream()
			reference.Float64()
			if p.Type == space.Dbl && !p.Log && len(p.Special) == 0 {
				if want := before.Generator().Runif(p.Lower, p.Upper); got[p.Name] != want {
					t.Fatalf("%s is %v, want R's runif %v", p.Name, got[p.Name], want)
				}
			}
		}
		if g.Stream() != reference.Stream() {
			t.Fatal("the generator is not where one draw for each parameter leaves it")
		}
	})
}

func TestSamplesAreInTheSpace(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := anySpace().Draw(t, "space")
		g := seeds.New(rapid.Int32().Draw(t, "seed")).Generator()
		for range 20 {
			if err := s.Check(s.Sample(g)); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// The edges of the cube, and what rounding makes of them, are in the space.
func TestTheCubeIsInTheSpace(t *testing.T) {
	t.Parallel()
	edges := []float64{math.Inf(-1), -1, 0, math.SmallestNonzeroFloat64, 1e-17, 0.5, 1 - 1.0/(1<<53), 1, 2, math.Inf(1)}
	rapid.Check(t, func(t *rapid.T) {
		s := anySpace().Draw(t, "space")
		u := rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(edges), rapid.Float64Range(0, 1)), s.Len(), s.Len()).Draw(t, "u")
		if err := s.Check(s.FromUnit(u)); err != nil {
			t.Fatal(err)
		}
	})
}

func TestTheUnitMappingGoesRound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := anySpace().Draw(t, "space")
		want := s.FromUnit(rapid.SliceOfN(rapid.Float64Range(0, 1), s.Len(), s.Len()).Draw(t, "u"))
		u, err := s.ToUnit(want)
		if err != nil {
			t.Fatal(err)
		}
		got := s.FromUnit(u)
		for i, p := range s.Params() {
			if u[i] < 0 || u[i] > 1 {
				t.Fatalf("%s has the coordinate %v", p.Name, u[i])
			}
			x, isFloat := want[p.Name].(float64)
			if !isFloat || p.Type != space.Dbl {
				if !cmp.Equal(want[p.Name], got[p.Name]) {
					t.Fatalf("%s was %v and came back as %v", p.Name, want[p.Name], got[p.Name])
				}
				continue
			}
			tolerance := 1e-15 * (p.Upper - p.Lower)
			if p.Log {
				tolerance = 1e-12 * x
			}
			if y := got[p.Name].(float64); math.Abs(x-y) > tolerance+1e-15*math.Abs(x) {
				t.Fatalf("%s was %v and came back as %v", p.Name, x, y)
			}
		}
	})
}

func TestCoordinates(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		param space.Param
		want  map[any]float64
	}{
		{dbl(-5, 15), map[any]float64{-5.0: 0, 0.0: 0.25, 5: 0.5, 15.0: 1}},
		{with(dbl(1e-4, 1), log), map[any]float64{1e-4: 0, 1e-2: 0.5, 1e-1: 0.75, 1.0: 1}},
		{dbl(3, 3), map[any]float64{3.0: 0.5}},
		{integer(1, 4), map[any]float64{1: 0.125, 2: 0.375, 4: 0.875}},
		{with(integer(1, 3), log), map[any]float64{1: 0.25, 2: math.Log(6) / 2 / math.Log(4), 3: math.Log(12) / 2 / math.Log(4)}},
		{with(dbl(1e9, math.Nextafter(1e9, 2e9)), log), map[any]float64{1e9: 0.5}}, // their logarithms are equal
		{integer(3, 3), map[any]float64{3: 0.5}},
		{fct("a", 1, nil, false), map[any]float64{"a": 0.125, 1: 0.375, 1.0: 0.375, nil: 0.625, false: 0.875}},
		{space.Param{Name: "x", Type: space.Lgl}, map[any]float64{false: 0.25, true: 0.75}},
	} {
		s := space.MustNew(tc.param)
		for v, want := range tc.want {
			u, err := s.ToUnit(rush.Values{"x": v})
			if err != nil || math.Abs(u[0]-want) > 1e-15 {
				t.Errorf("%s: %v is at %v (%v), want %v", tc.param, v, u, err, want)
			}
		}
	}
	if _, err := model.ToUnit(point(rush.Values{"lr": 2.0})); err == nil || err.Error() != "lr: expected a number from 1e-05 to 1, found 2.0" {
		t.Errorf("got %v, want the error of Check", err)
	}
	if _, err := model.ToUnit(rush.Values{"lr": 1.0}); err == nil {
		t.Error("a point without values has coordinates")
	}
}

func TestFromUnitPanicsOnWhatIsNoPlace(t *testing.T) {
	t.Parallel()
	for want, u := range map[string][]float64{
		"space: FromUnit: expected 1 coordinates, one for each parameter, found 2": {0, 1},
		"space: FromUnit: the coordinate of x is NaN":                              {math.NaN()},
	} {
		func() {
			defer func() {
				if r := recover(); r != want {
					t.Errorf("got the panic %v, want %s", r, want)
				}
			}()
			space.MustNew(dbl(0, 1)).FromUnit(u)
		}()
	}
}

// sampled returns n values of a space's only parameter, of a fixed seed.
func sampled(p space.Param, n int) []any {
	s, g := space.MustNew(p), seeds.New(1).Generator()
	list := make([]any, n)
	for i := range list {
		list[i] = s.Sample(g)["x"]
	}
	return list
}

// On a log scale half of the values lie below the geometric mean.
func TestTheMedianOnALogScaleIsTheGeometricMean(t *testing.T) {
	t.Parallel()
	const n = 20_000 // a share's standard deviation is 0.0035
	below := 0.0
	for _, v := range sampled(with(dbl(1e-6, 1), log), n) {
		if v.(float64) < 1e-3 {
			below++
		}
	}
	if below /= n; math.Abs(below-0.5) > 0.015 {
		t.Errorf("%v of the values are below the geometric mean", below)
	}
}

func TestFrequencies(t *testing.T) {
	t.Parallel()
	const n = 20_000
	logs := func(k, upper float64) float64 { return math.Log((k+1)/k) / math.Log(upper+1) }
	for _, tc := range []struct {
		param space.Param
		want  map[any]float64
	}{
		{integer(-1, 2), map[any]float64{int64(-1): 0.25, int64(0): 0.25, int64(1): 0.25, int64(2): 0.25}},
		{with(integer(1, 3), log), map[any]float64{int64(1): logs(1, 3), int64(2): logs(2, 3), int64(3): logs(3, 3)}},
		{fct("a", "b", "c"), map[any]float64{"a": 1.0 / 3, "b": 1.0 / 3, "c": 1.0 / 3}},
		{space.Param{Name: "x", Type: space.Lgl}, map[any]float64{false: 0.5, true: 0.5}},
	} {
		got := map[any]float64{}
		for _, v := range sampled(tc.param, n) {
			got[v] += 1.0 / n
		}
		if len(got) != len(tc.want) {
			t.Errorf("%s: got %v, want %v", tc.param, got, tc.want)
		}
		for v, want := range tc.want {
			if math.Abs(got[v]-want) > 0.015 {
				t.Errorf("%s: %v has the share %v, want %v", tc.param, v, got[v], want)
			}
		}
	}
}

// Grid values do not limit what is sampled.
func TestSamplesDoNotKnowTheGrid(t *testing.T) {
	t.Parallel()
	list := sampled(with(integer(0, 9), values(3)), 100)
	if !slices.Contains(list, any(int64(7))) {
		t.Errorf("got %v", list)
	}
}
