package tpe

import (
	"context"
	"math"
	"slices"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/optimizer"
	"github.com/rushnet/rush/loops/space"
)

// A Search is the optimizer. It takes any space, any number of objectives and
// constraints on outputs. It is made by [Kind]'s New.
type Search struct {
	setting *optimizer.Setting
	options options
	axes    []axis
	design  *space.Sobol

	ranked []*observation // those that finished, the best first by the first objective
	failed []*observation
	bests  []float64       // of one objective, the least feasible value after each that finished
	seen   map[string]bool // points of a space without real numbers; else nil
	ruled  bool            // the space has dependencies or constraints
}

// options are the arguments.
type options struct {
	startup      int64
	gamma        float64 // the share of points that are good
	mostGood     int
	candidates   int
	prior        float64 // the weight of the prior, that of a point being 1
	clip         float64 // the least standard deviation of a kernel is 1/(clip n)
	weights      string
	multivariate bool
	mutate       bool
}

// The values of the argument weights.
const (
	byRank    = "rank"
	equal     = "equal"
	forgetful = "recent"
)

// Kind declares the optimizer.
func Kind() optimizer.Kind {
	return optimizer.Kind{
		Declaration: loops.Declaration{
			Name: "tpe", Help: "Tree-structured Parzen estimator: proposes where good points are dense and others are not.",
			Arguments: []loops.Argument{
				{Name: "startup", Type: loops.Integer, Default: int64(10), Range: loops.Range{Lower: 2, Upper: math.MaxInt32}, Help: "how many first points are of a design that fills the space"},
				{Name: "gamma", Type: loops.Number, Default: 0.1, Range: loops.Range{Lower: 1e-6, Upper: 0.9}, Help: "the share of points that are good"},
				{Name: "most_good", Type: loops.Integer, Default: int64(25), Range: loops.Range{Lower: 1, Upper: math.MaxInt32}, Help: "how many points are good at most"},
				{Name: "candidates", Type: loops.Integer, Default: int64(32), Range: loops.Range{Lower: 1, Upper: 10_000}, Help: "how many candidates are drawn for a proposal"},
				{Name: "prior", Type: loops.Number, Default: 2.0, Range: loops.Range{Lower: 1e-9, Upper: 1e9}, Help: "the weight of the uniform prior; that of a point is 1"},
				{Name: "clip", Type: loops.Number, Default: 0.5, Range: loops.Range{Lower: 1e-3, Upper: 1e3}, Help: "kernels are no narrower than 1/(clip n) of a range, after n tasks"},
				{Name: "weights", Type: loops.Text, Default: byRank, Choices: []string{byRank, equal, forgetful}, Help: "of points: good ones by rank, all equal, or old ones less"},
				{Name: "multivariate", Type: loops.Boolean, Default: true, Help: "whether a kernel is over all parameters together"},
				{Name: "mutate", Type: loops.Boolean, Default: true, Help: "whether, while nothing is gained, every second proposal changes one parameter of a good point; with multivariate only"},
			},
		},
		New: func(s *optimizer.Setting, args rush.Values) (optimizer.Optimizer, error) {
			return newSearch(s, args), nil
		},
	}
}

func newSearch(s *optimizer.Setting, args rush.Values) *Search {
	o := &Search{setting: s, axes: axesOf(s.Space), design: s.Space.Sobol(s.Common(0).Stream()), options: options{
		startup: args["startup"].(int64), gamma: args["gamma"].(float64), mostGood: int(args["most_good"].(int64)),
		candidates: int(args["candidates"].(int64)), prior: args["prior"].(float64), clip: args["clip"].(float64),
		weights: args["weights"].(string), multivariate: args["multivariate"].(bool), mutate: args["mutate"].(bool),
	}}
	o.ruled = len(s.Space.Constraints()) > 0 ||
		slices.ContainsFunc(s.Space.Params(), func(p space.Param) bool { return p.Depends != "" })
	if !slices.ContainsFunc(o.axes, axis.real) {
		o.seen = make(map[string]bool)
	}
	return o
}

// Learn implements [optimizer.Optimizer].
func (s *Search) Learn(ended []*optimizer.Point) {
	for _, p := range ended {
		if p.U == nil {
			continue
		}
		o := s.observe(p)
		if s.seen != nil {
			s.seen[signature(o.places)] = true
		}
		if p.Y == nil {
			s.failed = append(s.failed, o)
			continue
		}
		s.add(o)
		best := math.Inf(1)
		if s.ranked[0].violation <= 0 {
			best = s.ranked[0].y[0]
		}
		s.bests = append(s.bests, best)
	}
}

// Propose implements [optimizer.Optimizer].
func (s *Search) Propose(_ context.Context, r *optimizer.Request) (optimizer.Proposal, error) {
	if int64(r.Key) < s.options.startup || len(s.ranked) < 2 {
		return optimizer.Proposal{U: s.design.At(int64(r.Key) % math.MaxUint32)}, nil
	}
	p := s.newProposal(r)
	u, score, ok := p.best()
	if !ok { // all that is likely to be good is known
		return optimizer.Proposal{XS: p.other()}, nil
	}
	return optimizer.Proposal{U: u, Extra: rush.Values{"log_ratio": score}}, nil
}
