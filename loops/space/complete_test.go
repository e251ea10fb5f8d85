package space_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/seeds"
)

// conditional has a default for most, a constraint and a fidelity parameter.
func conditional(t *testing.T) space.Space {
	t.Helper()
	s, err := space.New(
		space.Param{Name: "kernel", Type: space.Fct, Levels: []any{"rbf", "poly"}, Default: new(any("rbf"))},
		space.Param{Name: "degree", Type: space.Int, Lower: 1, Upper: 5, Depends: `kernel == "poly"`},
		space.Param{Name: "a", Type: space.Dbl, Lower: 0, Upper: 10, Default: new(any(1))},
		space.Param{Name: "b", Type: space.Dbl, Lower: 0, Upper: 10, Special: []any{nil}, Default: new(any(nil))},
		space.Param{Name: "epochs", Type: space.Int, Lower: 1, Upper: 9, Fidelity: true},
	)
	if err == nil {
		s, err = s.Constrain("a + (b ?? 0) <= 10")
	}
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestThePointOfAllDefaults(t *testing.T) {
	t.Parallel()
	s := conditional(t)
	got, err := s.Default()
	want := rush.Values{"kernel": "rbf", "a": 1.0, "b": nil, "epochs": int64(9)}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	_, err = space.MustNew(append(s.Params(), space.Param{Name: "c", Type: space.Lgl})...).Default()
	if err == nil || !strings.Contains(err.Error(), "c: it has no default") {
		t.Errorf("got %v", err)
	}
	violated, err := s.Constrain("a > 1")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := violated.Default(); err == nil || !strings.Contains(err.Error(), "expected a > 1, found {a: 1.0}") {
		t.Errorf("got %v", err)
	}
}

func TestAPointIsCompletedByDefaultsAndAtRandom(t *testing.T) {
	t.Parallel()
	s := conditional(t)
	g := seeds.New(1).Generator()
	for range 200 {
		got, err := s.Complete(rush.Values{"kernel": "poly", "b": "9.5", "a": 0.25}, g)
		if err != nil {
			t.Fatal(err)
		}
		degree := got["degree"]
		delete(got, "degree")
		want := rush.Values{"kernel": "poly", "a": 0.25, "b": 9.5, "epochs": int64(9)}
		if diff := cmp.Diff(want, got); diff != "" || degree.(int64) < 1 || degree.(int64) > 5 {
			t.Fatalf("degree %v (-want +got):\n%s", degree, diff)
		}
	}
	// Without values or defaults it is a sample, with the same draws.
	free := space.MustNew(space.Param{Name: "x", Type: space.Dbl, Lower: 0, Upper: 1}, space.Param{Name: "y", Type: space.Dbl, Lower: 0, Upper: 1})
	free, err := free.Constrain("x + y < 0.2")
	if err != nil {
		t.Fatal(err)
	}
	a, b := seeds.New(3).Generator(), seeds.New(3).Generator()
	for range 20 {
		got, err := free.Complete(nil, a)
		if diff := cmp.Diff(free.Sample(b), got); diff != "" || err != nil {
			t.Errorf("%v (-sample +completed):\n%s", err, diff)
		}
	}
}

func TestWhatCannotBeCompleted(t *testing.T) {
	t.Parallel()
	s := conditional(t)
	for _, tc := range []struct {
		given rush.Values
		want  string
	}{
		{rush.Values{"degre": 3}, "the space has no such parameter; did you mean degree?"},
		{rush.Values{"a": 11}, "a: expected a number from 0 to 10, found 11"},
		{rush.Values{"degree": 3}, `degree: expected no value, since it is active only if kernel == "poly"`},
		{rush.Values{"a": 9, "b": 2}, "expected a + (b ?? 0) <= 10"},
	} {
		if _, err := s.Complete(tc.given, seeds.New(1).Generator()); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%v: got %v, expected %s", tc.given, err, tc.want)
		}
	}
	tight, err := space.MustNew(space.Param{Name: "x", Type: space.Dbl, Lower: 0, Upper: 1}, space.Param{Name: "y", Type: space.Dbl, Lower: 0, Upper: 1}).Constrain("x + y <= 1")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tight.Complete(rush.Values{"x": 1}, seeds.New(1).Generator()); err == nil || !strings.Contains(err.Error(), "points that have these values is in the space") {
		t.Errorf("got %v", err)
	}
}

func TestTheRowOfAPointInAGrid(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]space.Space{
		"with rules": conditional(t),
		"without":    space.MustNew(space.Param{Name: "x", Type: space.Dbl, Lower: 0, Upper: 1}, space.Param{Name: "y", Type: space.Fct, Levels: []any{1, "a", []any{1, 2}}}),
	} {
		g, err := s.Grid(space.Resolution{Each: 3})
		if err != nil {
			t.Fatal(err)
		}
		for i := range g.Len() {
			if at, ok := g.Index(g.Row(i)); !ok || at != i {
				t.Errorf("%s: row %d, %v, is found at %d, %v", name, i, g.Row(i), at, ok)
			}
		}
		if at, ok := g.Index(rush.Values{"x": 0.1, "y": "a"}); ok {
			t.Errorf("%s: what is no row is found at %d", name, at)
		}
	}
}
