package space_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops/space"
)

func each(n int) space.Resolution { return space.Resolution{Each: n} }

func TestGridValues(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		param space.Param
		each  int
		want  []any
	}{
		{"a dbl", dbl(0, 1), 5, []any{0.0, 0.25, 0.5, 0.75, 1.0}},
		{"tenths", dbl(0, 1), 11, []any{0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0}},
		{"below zero", dbl(-0.3, 0.3), 3, []any{-0.3, 0.0, 0.3}},
		{"thirds", dbl(0, 1), 4, []any{0.0, 1.0 / 3, 2.0 / 3, 1.0}},
		{"a resolution of one", dbl(2, 3), 1, []any{2.0}},
		{"one value", dbl(2, 2), 3, []any{2.0}},
		{"a dbl on a log scale", with(dbl(1e-5, 1), log), 6, []any{1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1.0}},
		{"an int", integer(1, 9), 3, []any{int64(1), int64(5), int64(9)}},
		{"an int, rounded", integer(0, 9), 3, []any{int64(0), int64(5), int64(9)}},
		{"an int with few values", integer(-1, 1), 10, []any{int64(-1), int64(0), int64(1)}},
		{"an int on a log scale", with(integer(1, 1000), log), 4, []any{int64(1), int64(10), int64(100), int64(1000)}},
		{"a short int on a log scale", with(integer(1, 6), log), 9, []any{int64(1), int64(2), int64(3), int64(4), int64(5), int64(6)}},
		{"a fct", fct("b", nil, int64(3)), 2, []any{"b", nil, int64(3)}},
		{"a lgl", space.Param{Name: "x", Type: space.Lgl}, 0, []any{false, true}},
		{"by", with(dbl(0, 1), by(0.1)), 3, []any{0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0}},
		{"by that does not reach", with(dbl(0, 1), by(0.4)), 0, []any{0.0, 0.4, 0.8}},
		{"by that nearly reaches", with(dbl(0, 1), by(1.0/3)), 0, []any{0.0, 1.0 / 3, 2.0 / 3, 1.0}},
		{"by that reaches too far by a hair", with(dbl(0, 1), by(0.33333333333334)), 0, []any{0.0, 0.33333333333334, 0.66666666666668, 1.0}},
		{"by above the range", with(dbl(0, 1), by(5)), 0, []any{0.0}},
		{"by of an int", with(integer(2, 9), by(3)), 0, []any{int64(2), int64(5), int64(8)}},
		{"by on a log scale", with(with(dbl(1, 2), by(0.5)), log), 0, []any{1.0, 1.5, 2.0}},
		{"values", with(dbl(0, 1), values(1, 0.2)), 9, []any{1.0, 0.2}},
		{"values without bounds", with(integer(0, 0), values(8, 2, 16)), 0, []any{int64(8), int64(2), int64(16)}},
		{"values of a fct", with(fct("a", "b", "c"), values("c", "a")), 0, []any{"c", "a"}},
		{"values of a lgl", with(space.Param{Name: "x", Type: space.Lgl}, values(true)), 0, []any{true}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			g, err := space.MustNew(tc.param).Grid(each(tc.each))
			if err != nil {
				t.Fatal(err)
			}
			var got []any
			for i := range g.Len() {
				got = append(got, g.Row(i)["x"])
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTheFirstParameterVariesSlowest(t *testing.T) {
	t.Parallel()
	s := space.MustNew(
		space.Param{Name: "z", Type: space.Int, Lower: 1, Upper: 9},
		space.Param{Name: "y", Type: space.Lgl},
		space.Param{Name: "x", Type: space.Dbl, Upper: 1},
	)
	g, err := s.Grid(space.Resolution{Each: 3, Of: map[string]int{"z": 2}})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for i := range g.Len() {
		row := g.Row(i)
		got = append(got, fmt.Sprint(row["z"], " ", row["y"], " ", row["x"]))
	}
	want := []string{
		"1 false 0", "1 false 0.5", "1 false 1", "1 true 0", "1 true 0.5", "1 true 1",
		"9 false 0", "9 false 0.5", "9 false 1", "9 true 0", "9 true 0.5", "9 true 1",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// checkRows wants the rows of a grid to be distinct points of the space.
func checkRows(t *rapid.T, s space.Space, g *space.Grid) {
	seen := map[string]bool{}
	for i := range g.Len() {
		row := g.Row(i)
		if err := s.Check(row); err != nil {
			t.Fatalf("row %d: %v", i, err)
		}
		text, err := json.Marshal(row)
		if err != nil {
			t.Fatal(err)
		}
		seen[string(text)] = true
	}
	if int64(len(seen)) != g.Len() {
		t.Fatalf("%d of %d rows are distinct", len(seen), g.Len())
	}
}

func TestGridRowsAreDistinctPointsOfTheSpace(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := anySpace().Draw(t, "space")
		g, err := s.Grid(each(rapid.IntRange(1, 5).Draw(t, "resolution")))
		if err != nil {
			t.Fatal(err)
		}
		checkRows(t, s, g)
	})
}

// A grid holds no points: one of 10^15 costs nothing.
func TestAGridMayBeHuge(t *testing.T) {
	t.Parallel()
	var params []space.Param
	for _, name := range []string{"a", "b", "c"} {
		params = append(params, space.Param{Name: name, Type: space.Int, Lower: 0, Upper: 99_999})
	}
	g, err := space.MustNew(params...).Grid(each(100_000))
	if err != nil {
		t.Fatal(err)
	}
	if g.Len() != 1e15 {
		t.Errorf("it has %d points, want 10^15", g.Len())
	}
	want := rush.Values{"a": int64(12345), "b": int64(678), "c": int64(90123)}
	if diff := cmp.Diff(want, g.Row(123_450_067_890_123)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(rush.Values{"a": int64(99999), "b": int64(99999), "c": int64(99999)}, g.Row(g.Len()-1)); diff != "" {
		t.Error(diff)
	}
}

func TestGridSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	var wide []space.Param
	for i := range 64 {
		wide = append(wide, space.Param{Name: fmt.Sprint("b", i), Type: space.Lgl})
	}
	for _, tc := range []struct {
		name   string
		params []space.Param
		r      space.Resolution
		want   string
	}{
		{"no parameters", nil, each(3), "a grid needs parameters, found a space without any; add them to the space"},
		{"no resolution", []space.Param{dbl(0, 1)}, each(0), "x: a grid needs to know its values; give a resolution, or the parameter by or values"},
		{"a negative resolution", []space.Param{dbl(0, 1)}, each(-1), "resolution: expected at least 1, found -1"},
		{"a high resolution", []space.Param{dbl(0, 1)}, each(1_000_001), "x: expected at most 1000000 values, found 1000001; lower the resolution"},
		{"a small step", []space.Param{with(dbl(0, 1), by(1e-6))}, each(0), "x: expected at most 1000000 values in the grid, found 1000001; raise the step"},
		{"a tiny step", []space.Param{with(dbl(0, 1e300), by(5e-324))}, each(0), "x: expected at most 1000000 values in the grid, found +Inf; raise the step"},
		{"an unknown name", []space.Param{dbl(0, 1)}, space.Resolution{Of: map[string]int{"y": 3}}, "resolution: y: the space has no such parameter; there are x"},
		{"none for a name", []space.Param{dbl(0, 1)}, space.Resolution{Each: 5, Of: map[string]int{"x": 0}}, "resolution: x: expected at least 1, found 0"},
		{"one for a fct", []space.Param{fct("a")}, space.Resolution{Of: map[string]int{"x": 1}}, "resolution: x is of type fct, of which a grid has every value; remove it from the resolution"},
		{"2^64 points", wide, each(0), "the grid has more than 2^63-1 points; lower its resolution, or use a random search"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if _, err := space.MustNew(tc.params...).Grid(tc.r); err == nil || err.Error() != tc.want {
				t.Errorf("got  %v\nwant %s", err, tc.want)
			}
		})
	}
	if g, err := space.MustNew(wide[:62]...).Grid(each(0)); err != nil || g.Len() != 1<<62 {
		t.Errorf("2^62 points are refused: %v", err)
	}
}

func TestARowThatThereIsNotPanics(t *testing.T) {
	t.Parallel()
	g, err := space.MustNew(dbl(0, 1)).Grid(each(2))
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range []int64{-1, 2} {
		func() {
			defer func() {
				if r, want := recover(), fmt.Sprintf("space: row %d of a grid of 2", i); r != want {
					t.Errorf("got the panic %v, want %s", r, want)
				}
			}()
			g.Row(i)
		}()
	}
}
