package parego

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops/optimizer"
	"github.com/rushnet/rush/seeds"
)

// weights draws weights that add up to 1, uniformly: exponential numbers, each
// as a share of their sum.
func weights(n int, g *seeds.Generator) []float64 {
	w, sum := make([]float64, n), 0.0
	for i := range w {
		w[i] = g.Exp()
		sum += w[i]
	}
	for i := range w {
		w[i] /= sum
	}
	return w
}

// tchebycheff returns the augmented Tchebycheff function of objectives between 0
// and 1 (Knowles 2006, equation 2).
func tchebycheff(y, w []float64, rho float64) float64 {
	most, sum := math.Inf(-1), 0.0
	for i, v := range y {
		most = max(most, w[i]*v)
		sum += w[i] * v
	}
	return most + rho*sum
}

// good reports whether the point has objectives to learn from.
func good(p *optimizer.Point) bool {
	return p.Usable() && !slices.ContainsFunc(p.Y, func(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) })
}

// feasible reports whether the point violates no constraint.
func feasible(p *optimizer.Point) bool { return floats.Sum(p.Violation) <= 0 }

// A bound is the range of an objective in the archive.
type bound struct{ lower, upper float64 }

// ranges returns the ranges of the objectives, over feasible points if there are any;
// with no good point as yet they are of no use to anybody.
func (s *Search) ranges() []bound {
	all := slices.Repeat([]bound{{math.Inf(1), math.Inf(-1)}}, s.objectives)
	some := slices.ContainsFunc(s.archive, func(p *optimizer.Point) bool { return good(p) && feasible(p) })
	for _, p := range s.archive {
		if !good(p) || some && !feasible(p) {
			continue
		}
		for i, v := range p.Y {
			all[i] = bound{min(all[i].lower, v), max(all[i].upper, v)}
		}
	}
	return all
}

// share is where in the range an objective is, from 0 to 1.
func (b bound) share(v float64) float64 {
	if b.upper == b.lower {
		return 0
	}
	return v/(b.upper-b.lower) - b.lower/(b.upper-b.lower)
}

// scalarized returns the archive with one objective, that of the weights.
func (s *Search) scalarized(w []float64) []*optimizer.Point {
	ranges := s.ranges()
	shares := make([]float64, len(w))
	out := make([]*optimizer.Point, len(s.archive))
	for k, p := range s.archive {
		q := *p
		q.Extra = nil // a surrogate of other weights proposed it
		if good(p) {
			for i, v := range p.Y {
				shares[i] = ranges[i].share(v)
			}
			q.Y = []float64{tchebycheff(shares, w, s.rho)}
		} else {
			q.State, q.Y = rush.Failed, nil
		}
		out[k] = &q
	}
	return out
}

// chosen returns the points that a surrogate learns: all if they are not too
// many, else the best half and others at random (Knowles 2006, section III.D), in
// their order.
func (s *Search) chosen(w []float64, g *seeds.Generator) []*optimizer.Point {
	all := s.scalarized(w)
	if len(all) <= s.most {
		return all
	}
	order := make([]int, len(all))
	for i := range order {
		order[i] = i
	}
	value := func(i int) (violation, y float64) {
		if all[i].Y == nil {
			return math.Inf(1), math.Inf(1)
		}
		return floats.Sum(all[i].Violation), all[i].Y[0]
	}
	slices.SortStableFunc(order, func(i, k int) int {
		v, y := value(i)
		w, z := value(k)
		return cmp.Or(cmp.Compare(v, w), cmp.Compare(y, z))
	})
	best := s.most / 2
	rest := order[best:]
	taken := order[:best:best]
	for _, k := range g.SampleInt(len(rest), s.most-best) {
		taken = append(taken, rest[k-1])
	}
	slices.Sort(taken)
	out := make([]*optimizer.Point, len(taken))
	for k, i := range taken {
		out[k] = all[i]
	}
	return out
}
