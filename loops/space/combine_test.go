package space_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/rushnet/rush/loops/space"
)

// By brute force: the distinct points among those at the middles of all cells.
func TestCardinality(t *testing.T) {
	t.Parallel()
	params := []space.Param{
		{Name: "a", Type: space.Int, Lower: 1, Upper: 4},
		{Name: "b", Type: space.Int, Lower: 1, Upper: 4, Special: []any{nil}, Depends: "a > 1"},
		{Name: "c", Type: space.Lgl, Depends: "b == 2"},
		{Name: "e", Type: space.Int, Lower: 1, Upper: 9, Fidelity: true},
	}
	s := space.MustNew(params...)
	if got := s.Cardinality(); got != 1+3*(1+1+2+1+1) {
		t.Errorf("%v points, want 19", got)
	}
	constrained, err := s.Constrain("(b ?? 1) <= a")
	if err != nil {
		t.Fatal(err)
	}
	// a: 1; 2 with null, 1, 2 and c; 3 with 3 too; 4 with 4 too
	if got := constrained.Cardinality(); got != 1+4+5+6 {
		t.Errorf("%v points, want 16", got)
	}
	for want, s := range map[float64]space.Space{
		1:           space.MustNew(),
		6:           space.MustNew(fct("a", "b"), space.Param{Name: "i", Type: space.Int, Lower: 1, Upper: 3}),
		math.Inf(1): space.MustNew(dbl(0, 1)),
	} {
		if got := s.Cardinality(); got != want {
			t.Errorf("%v: %v points, want %v", s, got, want)
		}
	}
}

func TestAGridKeepsToTheRules(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := dependent().Draw(t, "space")
		g, err := s.Grid(each(rapid.IntRange(2, 4).Draw(t, "resolution")))
		if err != nil {
			t.Fatal(err)
		}
		checkRows(t, s, g)
	})
}

// Three learners with three parameters of ten values each: 3·10^9 combinations,
// of which 3·10^3 are distinct points.
func TestAGridOfManyConditionsIsFound(t *testing.T) {
	t.Parallel()
	params := []space.Param{{Name: "learner", Type: space.Fct, Levels: []any{"a", "b", "c"}}}
	for _, learner := range []string{"a", "b", "c"} {
		for _, name := range []string{"x", "y", "z"} {
			params = append(params, space.Param{Name: learner + "." + name, Type: space.Dbl, Upper: 1, Depends: `learner == "` + learner + `"`})
		}
	}
	g, err := space.MustNew(params...).Grid(each(10))
	if err != nil {
		t.Fatal(err)
	}
	if g.Len() != 3000 || len(g.Row(1500)) != 4 {
		t.Errorf("it has %d rows, such as %v", g.Len(), g.Row(1500))
	}
}
