package space

import (
	"maps"
	"math"

	"github.com/rushnet/rush"
)

// Every calls f with every distinct point of a finite space, in a fixed order,
// until it returns false; the points are f's own. The fidelity parameter has its
// upper bound. It reports whether all points were visited: not when f ended it,
// and not when [Space.Cardinality] is infinite, or there are more than a million
// points, and f is not called at all.
func (s Space) Every(f func(point rush.Values) bool) bool {
	n := 1.0
	values := make([][]any, len(s.params))
	for i := range s.params {
		if n *= s.params[i].cardinality(); n > mostListed && len(s.rules.constraints) == 0 && s.rules.depends == nil || math.IsInf(n, 0) {
			return false
		}
		if s.params[i].cardinality() > mostListed {
			return false
		}
		values[i] = s.params[i].all()
	}
	return s.walk(values, func(c *combination) bool { return f(maps.Clone(c.point)) })
}
