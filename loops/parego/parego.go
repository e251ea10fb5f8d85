package parego

import (
	"context"
	"fmt"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/mbo"
	"github.com/rushnet/rush/loops/optimizer"
)

// A Search is the optimizer, for two objectives or more. Constraints on outputs are
// learned as package mbo does. It is made by [Kind]'s New.
type Search struct {
	setting    optimizer.Setting // as mbo sees it: with one objective
	objectives int
	make       optimizer.Make
	most       int     // how many points a surrogate learns
	rho        float64 // of the augmented Tchebycheff function

	archive []*optimizer.Point
	seen    map[string]bool
}

// Kind declares the search.
func Kind() optimizer.Kind {
	return optimizer.Kind{
		Declaration: loops.Declaration{
			Name: "parego", Help: "Bayesian optimization of several objectives, weighted at random for each proposal.",
			Arguments: []loops.Argument{
				{Name: "initial", Type: loops.Integer, Default: int64(0), Range: loops.Range{Lower: 0, Upper: 100_000}, Help: "how many points the initial design has; 0 is as many as suit the number of parameters"},
				{Name: "rho", Type: loops.Number, Default: 0.05, Range: loops.Range{Lower: 0, Upper: 10}, Help: "the weight of the sum of the objectives beside the largest one"},
				{Name: "points", Type: loops.Integer, Default: int64(100), Range: loops.Range{Lower: 10, Upper: 1000}, Help: "how many of the points a surrogate learns at most: the best half, and others at random"},
			},
		},
		New: func(s *optimizer.Setting, args rush.Values) (optimizer.Optimizer, error) { return newSearch(s, args) },
	}
}

func newSearch(s *optimizer.Setting, args rush.Values) (*Search, error) {
	n := len(s.Codomain.Objectives())
	if n < 2 {
		return nil, fmt.Errorf("it is for two objectives or more, found %d; async_mbo is for one", n)
	}
	k := mbo.Kind()
	made, err := k.Make(rush.Values{"initial": args["initial"]})
	if err != nil {
		return nil, err
	}
	o := &Search{setting: *s, objectives: n, make: made, most: int(args["points"].(int64)), rho: args["rho"].(float64), seen: make(map[string]bool)}
	o.setting.Codomain = loops.Codomain{{Name: "scalarized", Goal: loops.Minimize}}
	for _, t := range s.Codomain {
		if t.Goal == loops.Constraint {
			o.setting.Codomain = append(o.setting.Codomain, t)
		}
	}
	_, err = made(&o.setting)
	return o, err
}

// Learn implements [optimizer.Optimizer].
func (s *Search) Learn(ended []*optimizer.Point) {
	for _, p := range ended {
		if p.U != nil {
			s.archive = append(s.archive, p)
			s.seen[optimizer.Signature(p.U)] = true
		}
	}
}

// tries bounds how often a point is chosen that is known already, in a space with
// few points.
const tries = 5

// Propose implements [optimizer.Optimizer].
func (s *Search) Propose(ctx context.Context, r *optimizer.Request) (optimizer.Proposal, error) {
	w := weights(s.objectives, r.Rand)
	o, err := s.make(&s.setting)
	if err != nil {
		return optimizer.Proposal{}, err
	}
	o.Learn(s.chosen(w, r.Rand))
	request := *r
	for range tries {
		p, err := o.Propose(ctx, &request)
		if err != nil {
			return p, err
		}
		u, known := s.known(p, r)
		if !known {
			return withWeights(p, w), nil
		}
		request.Pending = append(request.Pending[:len(request.Pending):len(request.Pending)], &optimizer.Point{Key: r.Key, State: rush.Running, U: u})
	}
	return s.unknown(r)
}

// withWeights notes how the objectives were weighted.
func withWeights(p optimizer.Proposal, w []float64) optimizer.Proposal {
	list := make([]any, len(w))
	for i, v := range w {
		list[i] = v
	}
	extra := rush.Values{"weights": list}
	for name, v := range p.Extra {
		extra[name] = v
	}
	p.Extra = extra
	return p
}

// known reports whether the point was evaluated, or is pending, and where it is.
func (s *Search) known(p optimizer.Proposal, r *optimizer.Request) (u []float64, known bool) {
	xs := p.XS
	if xs == nil {
		xs = s.setting.Space.FromUnit(p.U)
	}
	u, err := s.setting.Space.ToUnit(xs)
	if err != nil { // it is mended later
		return nil, false
	}
	name := optimizer.Signature(u)
	if s.seen[name] {
		return u, true
	}
	for _, q := range r.Pending {
		if q.U != nil && optimizer.Signature(q.U) == name {
			return u, true
		}
	}
	return u, false
}

// unknown draws a point that is not known. If there seem to be none, the search is
// over.
func (s *Search) unknown(r *optimizer.Request) (optimizer.Proposal, error) {
	const draws = 2000
	for range draws {
		p := optimizer.Proposal{XS: s.setting.Space.Sample(r.Rand)}
		if _, known := s.known(p, r); !known {
			return p, nil
		}
	}
	return optimizer.Proposal{}, optimizer.ErrExhausted
}
