package cmaes

import (
	"encoding/binary"
	"math"
	"slices"

	"github.com/rushnet/rush/loops/optimizer"
	"github.com/rushnet/rush/seeds"
)

// A seen is the set of the points, by their signatures, that need not be
// evaluated again, in a space of integers alone; nil in others, where no two
// points are the same.
type seen map[string]bool

func newSeen(axes []axis) seen {
	if slices.ContainsFunc(axes, func(a axis) bool { return a.values == 0 }) {
		return nil
	}
	return make(seen)
}

// add notes points that ended.
func (s seen) add(axes []axis, points []*optimizer.Point) {
	if s == nil {
		return
	}
	for _, p := range points {
		if p.U != nil {
			s[signature(axes, p.U)] = true
		}
	}
}

// has reports whether the point has ended or is among the pending ones.
func (s seen) has(axes []axis, u []float64, pending []*optimizer.Point) bool {
	if s == nil {
		return false
	}
	name := signature(axes, u)
	return s[name] || slices.ContainsFunc(pending, func(p *optimizer.Point) bool { return p.U != nil && signature(axes, p.U) == name })
}

// signature is a text for the cells of a point's integers, the same for the same.
func signature(axes []axis, u []float64) string {
	b := make([]byte, 0, 8*len(axes))
	for i := range axes {
		b = binary.BigEndian.AppendUint64(b, math.Float64bits(axes[i].middle(u[axes[i].at])))
	}
	return string(b)
}

// elsewhere returns a point of the space that has not been seen, or any where
// there is hardly one.
func (s *Search) elsewhere(pending []*optimizer.Point, g *seeds.Generator) []float64 {
	var u []float64
	for range 10 * draws {
		var err error
		if u, err = s.setting.Space.ToUnit(s.setting.Space.Sample(g)); err == nil && !s.seen.has(s.axes, u, pending) {
			break
		}
	}
	return u
}
