package space

import (
	"fmt"
	"testing"

	"github.com/rushnet/rush"
)

// The points are as many as are counted, distinct, and in the space.
func TestEvery(t *testing.T) {
	t.Parallel()
	plain := MustNew(
		Param{Name: "n", Type: Int, Lower: 1, Upper: 5, Special: []any{"auto"}}, Param{Name: "b", Type: Lgl}, Param{Name: "c", Type: Fct, Levels: []any{"x", int64(3)}},
		Param{Name: "one", Type: Dbl, Lower: 2, Upper: 2})
	ruled := MustNew(
		Param{Name: "a", Type: Int, Lower: 1, Upper: 4}, Param{Name: "b", Type: Lgl}, Param{Name: "c", Type: Int, Lower: 1, Upper: 3, Depends: "b"})
	constrained, err := ruled.Constrain("a + c <= 4")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []Space{plain, ruled, constrained} {
		seen := map[string]bool{}
		all := s.Every(func(point rush.Values) bool {
			if err := s.Check(point); err != nil {
				t.Error(err)
			}
			seen[fmt.Sprint(point)] = true
			return true
		})
		if !all || float64(len(seen)) != s.Cardinality() {
			t.Errorf("%d distinct points, all: %v; expected %v", len(seen), all, s.Cardinality())
		}
	}
	if endless := MustNew(Param{Name: "x", Type: Dbl, Lower: 0, Upper: 1}); endless.Every(func(rush.Values) bool { return true }) {
		t.Error("an infinite space was visited completely")
	}
}
