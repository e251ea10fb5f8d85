package nsga2

import (
	"context"
	"math"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/optimizer"
	"github.com/rushnet/rush/loops/space"
)

// A Search is the optimizer. It takes any number of objectives, constraints on
// outputs, and any space. It is made by [Kind]'s New.
type Search struct {
	setting    *optimizer.Setting
	initial    *space.Sobol
	population population
	variation  variation
	seen       map[string]bool // the places that ended
}

// Kind declares the search.
func Kind() optimizer.Kind {
	return optimizer.Kind{
		Declaration: loops.Declaration{
			Name: "nsga2", Help: "Evolves points for several objectives, by dominance and crowding.",
			Arguments: []loops.Argument{
				{Name: "population", Type: loops.Integer, Default: int64(0), Range: loops.Range{Lower: 0, Upper: 10_000}, Help: "how many points are kept to breed from, and how many are spread over the space first; 0 is as many as suit the budget"},
				{Name: "crossover", Type: loops.Number, Default: 0.9, Range: loops.Range{Lower: 0, Upper: 1}, Help: "the probability that a point has two parents"},
				{Name: "mutation", Type: loops.Number, Default: 0.0, Range: loops.Range{Lower: 0, Upper: 1}, Help: "the probability with which each parameter is changed; 0 is one parameter on average"},
				{Name: "eta_crossover", Type: loops.Number, Default: 10.0, Range: loops.Range{Lower: 0, Upper: 1000}, Help: "how close children are to their parents (SBX's distribution index)"},
				{Name: "eta_mutation", Type: loops.Number, Default: 10.0, Range: loops.Range{Lower: 0, Upper: 1000}, Help: "how small changes are (the polynomial mutation's distribution index)"},
			},
		},
		New: func(s *optimizer.Setting, args rush.Values) (optimizer.Optimizer, error) {
			return newSearch(s, args), nil
		},
	}
}

func newSearch(s *optimizer.Setting, args rush.Values) *Search {
	size := int(args["population"].(int64))
	if size == 0 {
		size = suitable(s)
	}
	mutation := args["mutation"].(float64)
	if mutation == 0 {
		mutation = 1 / float64(s.Space.Len())
	}
	return &Search{
		setting: s, initial: s.Space.Sobol(s.Common(0).Stream()), population: population{size: size}, seen: make(map[string]bool),
		variation: variation{
			kinds: kindsOf(s.Space), crossover: args["crossover"].(float64), mutation: mutation,
			etaCrossover: args["eta_crossover"].(float64), etaMutation: args["eta_mutation"].(float64),
		},
	}
}

// suitable is a population for the budget: a tenth of it, within bounds.
func suitable(s *optimizer.Setting) int {
	const least, most = 12, 100
	if s.Evals == 0 {
		return most
	}
	return int(min(max(s.Evals/10, least), most))
}

// Learn implements [optimizer.Optimizer].
func (s *Search) Learn(ended []*optimizer.Point) {
	for _, p := range ended {
		if p.U == nil {
			continue
		}
		s.seen[optimizer.Signature(p.U)] = true
		if p.Usable() && finite(p.Y) {
			s.population.add(p)
		}
	}
}

func finite(y []float64) bool {
	for _, v := range y {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}

// tries bounds how many children are made for one that is not known.
const tries = 100

// Propose implements [optimizer.Optimizer].
func (s *Search) Propose(ctx context.Context, r *optimizer.Request) (optimizer.Proposal, error) {
	if int64(r.Key) < int64(s.population.size) || len(s.population.members) < 2 {
		return optimizer.Proposal{U: s.initial.At(int64(r.Key))}, nil
	}
	pending := make(map[string]bool, len(r.Pending))
	for _, p := range r.Pending {
		if p.U != nil {
			pending[optimizer.Signature(p.U)] = true
		}
	}
	for range tries {
		a, b := s.population.parents(r.Rand)
		u := s.setting.Space.Mend(s.variation.child(a.point.U, b.point.U, r.Rand), r.Rand)
		if name := s.settled(u); !s.seen[name] && !pending[name] {
			return optimizer.Proposal{U: u, Extra: rush.Values{"parents": []any{int64(a.point.Key), int64(b.point.Key)}}}, ctx.Err()
		}
	}
	for range tries {
		xs := s.setting.Space.Sample(r.Rand)
		if u, err := s.setting.Space.ToUnit(xs); err == nil && !s.seen[optimizer.Signature(u)] && !pending[optimizer.Signature(u)] {
			return optimizer.Proposal{XS: xs}, ctx.Err()
		}
	}
	return optimizer.Proposal{XS: s.setting.Space.Sample(r.Rand)}, ctx.Err()
}

// settled is the signature of the point at a place.
func (s *Search) settled(u []float64) string {
	x, err := s.setting.Space.ToUnit(s.setting.Space.FromUnit(u))
	if err != nil {
		return optimizer.Signature(u)
	}
	return optimizer.Signature(x)
}
