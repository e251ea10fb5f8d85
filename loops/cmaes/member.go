package cmaes

import (
	"cmp"
	"math"
	"slices"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops/optimizer"
	"github.com/rushnet/rush/seeds"
)

// The extras of a point.
const (
	generationName = "generation" // of the distribution that it was drawn from
	placeName      = "place"      // where it was drawn, where it is not where it is evaluated
)

// A member is a point of a population.
type member struct {
	key       rush.TaskKey
	x         []float64
	y         float64
	violation float64 // of the constraints on outputs; 0 if it is feasible
}

// member makes a member of a point. One that failed is worse than all others.
func (s *Search) member(p *optimizer.Point) member {
	m := member{key: p.Key, x: s.placeOf(p), y: math.Inf(1)}
	if p.Y != nil {
		m.y = p.Y[0]
	}
	for _, v := range p.Violation {
		m.violation += max(v, 0)
	}
	return m
}

// better orders by what is violated, then by the objective, then by number.
func better(a, b member) int {
	return cmp.Or(cmp.Compare(a.violation, b.violation), cmp.Compare(a.y, b.y), cmp.Compare(a.key, b.key))
}

// draws bounds how many points are drawn for one in the cube and the space.
const draws = 100

// draw draws a point, within the bounds and the constraints and not seen before,
// if it can be. It returns where in the cube the point is and, in a space with
// integers, where it was drawn: an integer's coordinate before the margin is what
// the distribution learns from.
func (s *Search) draw(pending []*optimizer.Point, g *seeds.Generator) (u []float64, place []any) {
	x := make([]float64, len(s.axes))
	u = make([]float64, s.setting.Space.Len())
	for range draws {
		s.drawAt(x, u, g)
		if inCube(u) && s.setting.Space.Feasible(s.setting.Space.FromUnit(u)) && !s.seen.has(s.axes, u, pending) {
			return u, s.place(x)
		}
	}
	if s.seen != nil {
		u = s.elsewhere(pending, g)
		for i, a := range s.axes {
			x[i] = u[a.at]
		}
		return u, s.place(x)
	}
	for i, a := range s.axes {
		u[a.at] = reflected(u[a.at])
		x[i] = u[a.at]
	}
	u = s.setting.Space.Mend(u, g)
	for i, a := range s.axes {
		x[i] = u[a.at]
	}
	return u, s.place(x)
}

// drawAt draws a place x, and where the point is with the margins, u.
func (s *Search) drawAt(x, u []float64, g *seeds.Generator) {
	z := make([]float64, len(x))
	for i := range z {
		z[i] = g.Norm()
	}
	step := s.strategy.color(z)
	for i, a := range s.axes {
		x[i] = s.strategy.mean[i] + s.strategy.sigma*step[i]
		u[a.at] = x[i]
		if a.values > 0 {
			v := s.strategy.mean[i] + s.factor[i]*s.strategy.sigma*step[i]
			u[a.at] = a.middle(v)
		}
	}
}

func inCube(u []float64) bool {
	return !slices.ContainsFunc(u, func(x float64) bool { return x < 0 || x > 1 })
}

// reflected returns x as seen in mirrors at 0 and 1.
func reflected(x float64) float64 {
	x = math.Mod(math.Abs(x), 2)
	return min(x, 2-x)
}

// place writes down a place in a space with integers; nil in others.
func (s *Search) place(x []float64) []any {
	if !slices.ContainsFunc(s.axes, func(a axis) bool { return a.values > 0 }) {
		return nil
	}
	list := make([]any, len(x))
	for i := range x {
		list[i] = x[i]
	}
	return list
}

// collect takes a point that ended, and moves the distribution on when there are
// enough. Points of other origin, and of a distribution before the last restart,
// are no members.
func (s *Search) collect(p *optimizer.Point) {
	generation, ok := p.Extra[generationName].(int64)
	if !ok || generation < s.restarts.began {
		return
	}
	s.members = append(s.members, s.member(p))
	if len(s.members) < s.strategy.lambda {
		return
	}
	slices.SortFunc(s.members, better)
	xs := make([][]float64, len(s.members))
	for i, m := range s.members {
		xs[i] = m.x
	}
	s.strategy.update(xs)
	s.strategy.keepMargins(s.axes, s.factor)
	s.generation++
	s.restarts.note(s.members)
	s.members = nil
	s.restart()
}

// placeOf returns where a point was drawn.
func (s *Search) placeOf(p *optimizer.Point) []float64 {
	x := make([]float64, len(s.axes))
	list, _ := p.Extra[placeName].([]any)
	for i, a := range s.axes {
		x[i] = p.U[a.at]
		if len(list) == len(x) {
			if v, ok := list[i].(float64); ok && !math.IsNaN(v) && !math.IsInf(v, 0) {
				x[i] = v
			}
		}
	}
	return x
}
