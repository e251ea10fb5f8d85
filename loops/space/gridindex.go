package space

import (
	"slices"

	"github.com/rushnet/rush"
)

// Index returns which row a point is, compared as [Space.Check] reads it; false
// if it is none.
func (g *Grid) Index(point rush.Values) (int64, bool) {
	point, err := g.space.accepted(point, false)
	if err != nil {
		return 0, false
	}
	row := int64(0)
	for k, name := range g.names {
		n := 0 // as it is where a parameter is inactive
		if v, active := point[name]; active {
			if n = slices.IndexFunc(g.values[k], func(w any) bool { return equal(v, w) }); n < 0 {
				return 0, false
			}
		}
		row = row*int64(len(g.values[k])) + int64(n)
	}
	if g.listed == nil {
		return row, true
	}
	at, found := slices.BinarySearch(g.listed, row)
	return int64(at), found
}
