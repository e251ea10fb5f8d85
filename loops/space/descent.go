package space

import (
	"math"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/expression"
	"github.com/rushnet/rush/seeds"
)

// How much is done to find a point where random ones fail.
const (
	descents     = 20    // from how many places at the start of a search
	descentSteps = 3_000 // of each
	smallestStep = 7     // is 10^-7 of the unit interval
)

// A descent looks for a place at which nothing is missing, by steps of all sizes that
// do not lead away from it.
type descent struct {
	// missing says what a place lacks: 0 is nothing.
	missing func(u []float64) float64
	g       *seeds.Generator
}

// from walks from u, which it changes, and reports whether nothing is missing there.
func (d *descent) from(u []float64, steps int) bool {
	at := d.missing(u)
	next := make([]float64, len(u))
	for range steps {
		if at == 0 {
			return true
		}
		jump(next, u, d.g)
		if m := d.missing(next); m <= at {
			copy(u, next)
			at = m
		}
	}
	return at == 0
}

// jump draws a place around u: one coordinate, or all of them, are moved by anything
// from 10^-7 to 1, or drawn anew. The way back is as likely.
func jump(next, u []float64, g *seeds.Generator) {
	copy(next, u)
	if len(u) == 0 {
		return
	}
	only := -1
	if g.Float64() < 0.75 {
		only = min(int(g.Float64()*float64(len(u))), len(u)-1)
	}
	for i, v := range u {
		switch {
		case only >= 0 && i != only:
		case math.IsNaN(v) || g.Float64() < 0.1:
			next[i] = g.Float64()
		default:
			size := math.Pow(10, -smallestStep*g.Float64())
			next[i] = mirror(v + float64(size*(2*g.Float64()-1)))
		}
	}
}

// lacking is how far a point is from keeping to the constraints, each relative to what
// is usual for it.
func (s *Space) lacking(point rush.Values) float64 {
	sum := 0.0
	for i, c := range s.rules.constraints {
		if short := c.Shortfall(point); short > 0 {
			sum += short / s.rules.scale(i)
		}
	}
	return sum
}

// scale is what a random point that violates the i-th constraint lacks, about; 1 where
// that is not known.
func (r *rules) scale(i int) float64 {
	if i < len(r.scales) && r.scales[i] > 0 {
		return r.scales[i]
	}
	return 1
}

// inactivity is how far a point is from having the i-th parameter.
func (s *Space) inactivity(i int, point rush.Values) float64 {
	p := s.rules.depends[i]
	if p == nil {
		return 0
	}
	if t, err := p.Truth(point); err != nil || t == expression.Unknown {
		sum := 1.0
		for _, name := range p.Names() { // what it depends on has to be there first
			if _, there := point[name]; !there {
				sum += s.inactivity(s.index[name], point)
			}
		}
		return sum
	}
	short := p.Shortfall(point)
	return short / (1 + short) // below 1, which is to be unknown
}

// feasibleNear looks for a place at which the point keeps to the constraints, from u
// on, which it changes.
func (s *Space) feasibleNear(u []float64, g *seeds.Generator) bool {
	d := descent{func(u []float64) float64 { return s.lacking(s.FromUnit(u)) }, g}
	return d.from(u, descentSteps)
}

// wander moves a place that keeps to the constraints among others that do, so that it
// comes to be anywhere in the part of the space around it.
func (s *Space) wander(u []float64, g *seeds.Generator) {
	const steps = 200
	next := make([]float64, len(u))
	for range steps {
		if jump(next, u, g); s.Feasible(s.FromUnit(next)) {
			copy(u, next)
		}
	}
}

// found returns a place that keeps to the constraints where drawing did not find one:
// near u, if possible, which it may change, else near the one that is known.
func (s *Space) found(u []float64, g *seeds.Generator) []float64 {
	if !s.feasibleNear(u, g) {
		u = append(u[:0], s.rules.witness...)
	}
	s.wander(u, g)
	return u
}
