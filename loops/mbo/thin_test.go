package mbo

import (
	"slices"
	"testing"
)

// Of many data those near the best place are kept, the best and the worst among
// them, none twice, and the same each time.
func TestThin(t *testing.T) {
	t.Parallel()
	o, _ := filled(t, 700)
	a := &o.archive
	kept := a.thin()
	if again := a.thin(); !slices.Equal(kept, again) {
		t.Error("it is another choice each time")
	}
	if n := len(slices.Compact(slices.Clone(kept))); n != thinned {
		t.Errorf("%d different data are kept, expected %d", n, thinned)
	}
	if !slices.Contains(kept, a.sorted[0]) {
		t.Error("the best is not kept")
	}
	d := a.data(a.outputs())
	if !d.thinned() || len(d.X) != thinned || len(d.Y) != thinned || d.Seen != 700 {
		t.Errorf("%d of %d data", len(d.Y), d.Seen)
	}
}
