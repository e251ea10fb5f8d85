// Package localsearch has the optimizer that changes good points a little.
package localsearch

import (
	"cmp"
	"context"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/optimizer"
	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/seeds"
)

// A Search keeps the best points of all workers, changes one parameter of one of
// them at a time and moves there when that was better: the local search of R's
// bbotk, without rounds. It takes the first target; what violates constraints on
// outputs less is better, whatever its target (Deb 2000). It is made by [Kind]'s
// New.
type Search struct {
	setting  *optimizer.Setting
	initial  int64   // how many first points are drawn uniformly
	searches int     // how many points are kept
	step     float64 // the standard deviation of a change, in the unit cube

	best []*optimizer.Point // by violation and target, the best first
}

// Kind declares the search.
func Kind() optimizer.Kind {
	return optimizer.Kind{
		Declaration: loops.Declaration{
			Name: "local_search", Help: "Changes one parameter of a good point at a time.",
			Arguments: []loops.Argument{
				{Name: "initial", Type: loops.Integer, Default: int64(10), Range: loops.Range{Lower: 1, Upper: math.MaxInt32}, Help: "how many first points are drawn at random"},
				{Name: "searches", Type: loops.Integer, Default: int64(3), Range: loops.Range{Lower: 1, Upper: 1000}, Help: "how many good points are kept"},
				{Name: "step", Type: loops.Number, Default: 0.1, Range: loops.Range{Lower: 1e-9, Upper: 1}, Help: "how far a number moves, as a share of its range"},
			},
		},
		New: func(s *optimizer.Setting, args rush.Values) (optimizer.Optimizer, error) {
			return &Search{
				setting: s, initial: args["initial"].(int64), searches: int(args["searches"].(int64)), step: args["step"].(float64),
			}, nil
		},
	}
}

// Learn implements [optimizer.Optimizer].
func (s *Search) Learn(ended []*optimizer.Point) {
	for _, p := range ended {
		if !p.Usable() {
			continue
		}
		at, _ := slices.BinarySearchFunc(s.best, p, better)
		if at < s.searches {
			s.best = slices.Insert(s.best, at, p)
			s.best = s.best[:min(len(s.best), s.searches)]
		}
	}
}

// better orders by what is violated, then by the target.
func better(a, b *optimizer.Point) int {
	return cmp.Or(cmp.Compare(floats.Sum(a.Violation), floats.Sum(b.Violation)), cmp.Compare(a.Y[0], b.Y[0]))
}

// Propose implements [optimizer.Optimizer].
func (s *Search) Propose(_ context.Context, r *optimizer.Request) (optimizer.Proposal, error) {
	if int64(r.Key) < s.initial || len(s.best) == 0 {
		return optimizer.Proposal{XS: s.setting.Space.Sample(r.Rand)}, nil
	}
	from := s.best[r.Rand.Index(len(s.best))]
	u := slices.Clone(from.U)
	params := s.setting.Space.Params()
	i := r.Rand.Index(len(params))
	u[i] = change(&params[i], u[i], s.step, r.Rand)
	return optimizer.Proposal{U: u, Extra: rush.Values{"from": int64(from.Key)}}, nil
}

// change moves a coordinate: to another level, or by a normal step that is
// reflected at the bounds.
func change(p *space.Param, u, step float64, g *seeds.Generator) float64 {
	switch p.Type {
	case space.Fct:
		return other(u, len(p.Levels), g)
	case space.Lgl:
		return other(u, 2, g)
	}
	to := math.Abs(u + step*g.Norm())
	if to > 1 {
		to = math.Max(0, 2-to)
	}
	return to
}

// other returns the middle of another one of n cells than that of u.
func other(u float64, n int, g *seeds.Generator) float64 {
	if n < 2 {
		return u
	}
	cell := min(int(u*float64(n)), n-1)
	cell = (cell + 1 + g.Index(n-1)) % n
	return (float64(cell) + 0.5) / float64(n)
}
