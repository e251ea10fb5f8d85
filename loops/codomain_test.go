package loops

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
)

func TestFeasibleOutputsAreBetter(t *testing.T) {
	t.Parallel()
	c := Codomain{{"y", Maximize}, {"c", Constraint}, {"note", Record}, {"d", Constraint}}
	ys := func(y, c, d float64) rush.Values { return rush.Values{"y": y, "c": c, "d": d} }
	for _, tc := range []struct {
		a, b rush.Values
		want bool
	}{
		{ys(2, 0, -1), ys(1, -5, -1), true}, // both feasible
		{ys(1, -5, -1), ys(2, 0, -1), false},
		{ys(1, 0, 0), ys(9, 0.1, 0), true}, // one feasible
		{ys(9, 0.1, 0), ys(1, 0, 0), false},
		{ys(1, 0.1, 0.1), ys(9, -1, 0.3), true}, // less violated in all
		{ys(9, 0.25, 0.25), ys(1, 0.5, -3), true},
		{ys(9, 1, math.Inf(1)), rush.Values{"y": 8.0, "c": 1.0}, true}, // a missing one is violated
	} {
		if got := c.Better(tc.a, tc.b); got != tc.want {
			t.Errorf("%v is better than %v: %v, want %v", tc.a, tc.b, got, tc.want)
		}
	}
	if diff := cmp.Diff([]float64{0.5, -2}, c.Constraints(ys(1, 0.5, -2))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]float64{0.5, 0}, c.Violations(ys(1, 0.5, -2))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(Codomain{{"y", Maximize}}, c.Objectives()); diff != "" {
		t.Error(diff)
	}
	if _, _, err := c.Split(rush.Values{"y": 1, "c": 0, "note": math.NaN(), "d": 1}); err != nil {
		t.Errorf("what is only recorded may be NaN: %v", err)
	}
	if _, _, err := c.Split(rush.Values{"y": 1, "c": math.NaN(), "note": 0, "d": 1}); err == nil {
		t.Error("a constraint may not be NaN")
	}
}
