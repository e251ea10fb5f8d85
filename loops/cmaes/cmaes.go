package cmaes

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/optimizer"
	"github.com/rushnet/rush/loops/space"
)

// A Search is the optimizer. It takes one objective, constraints on outputs, and a
// space of numbers and switches. It is made by [Kind]'s New.
type Search struct {
	setting *optimizer.Setting
	options options
	axes    []axis
	design  *space.Sobol

	first      []member // the points that came before the first distribution
	strategy   *strategy
	factor     []float64 // by which integers' deviations are drawn larger
	members    []member  // ended, for the next update
	generation int64     // of the distribution, over all restarts
	restarts   restarts
	seen       seen
}

// options are the arguments.
type options struct {
	startup    int64
	sigma      float64
	population int
	restarts   string
}

// Kind declares the optimizer.
func Kind() optimizer.Kind {
	return optimizer.Kind{
		Declaration: loops.Declaration{
			Name: "cmaes", Help: "Evolution strategy that adapts a covariance matrix; for numbers and switches.",
			Arguments: []loops.Argument{
				{Name: "startup", Type: loops.Integer, Default: int64(10), Range: loops.Range{Lower: 0, Upper: math.MaxInt32}, Help: "how many first points are of a design, around whose better half the search begins; 0 begins in the middle"},
				{Name: "sigma", Type: loops.Number, Default: 0.15, Range: loops.Range{Lower: 1e-6, Upper: 1}, Help: "the standard deviation at the beginning, as a share of each range"},
				{Name: "population", Type: loops.Integer, Default: int64(0), Range: loops.Range{Lower: 0, Upper: 100_000}, Help: "how many points a generation has; 0 is 4 + 3 log(parameters), and two thirds of it in a short search"},
				{Name: "restarts", Type: loops.Text, Default: ipop, Choices: []string{ipop, bipop, none}, Help: "how the search begins again: with twice the population, in two regimes, or not"},
			},
		},
		New: newSearch,
	}
}

func newSearch(s *optimizer.Setting, args rush.Values) (optimizer.Optimizer, error) {
	if n := len(s.Codomain.Objectives()); n > 1 {
		return nil, fmt.Errorf("it searches one objective, and there are %d; use nsga2, parego or tpe", n)
	}
	axes, err := axesOf(s.Space)
	if err != nil {
		return nil, err
	}
	if len(axes) == 0 {
		return nil, errors.New("there is nothing to search but the fidelity parameter; add a parameter")
	}
	o := &Search{setting: s, axes: axes, seen: newSeen(axes), design: s.Space.Sobol(s.Common(0).Stream()), options: options{
		startup: args["startup"].(int64), sigma: args["sigma"].(float64),
		population: int(args["population"].(int64)), restarts: args["restarts"].(string),
	}}
	if o.options.population == 0 {
		o.options.population = defaultPopulation(len(axes), s.Evals)
	}
	o.options.population = max(o.options.population, 4)
	o.begin()
	return o, nil
}

// Learn implements [optimizer.Optimizer].
func (s *Search) Learn(ended []*optimizer.Point) {
	s.seen.add(s.axes, ended)
	for _, p := range ended {
		if p.U == nil {
			continue
		}
		if s.strategy == nil {
			s.consider(p)
			s.begin()
			continue
		}
		s.collect(p)
	}
}

// consider takes a point from before the first distribution.
func (s *Search) consider(p *optimizer.Point) {
	s.first = append(s.first, s.member(p))
}

// begin makes the first distribution once the design has ended: around the
// weighted mean of the better half, as if the design had been a population.
func (s *Search) begin() {
	if int64(len(s.first)) < s.options.startup {
		return
	}
	mean := slices.Repeat([]float64{0.5}, len(s.axes))
	if n := len(s.first); n > 1 {
		slices.SortStableFunc(s.first, better)
		clear(mean)
		for i, w := range newParameters(len(s.axes), n).weights[:n/2] {
			floats.AddScaled(mean, w, s.first[i].x)
		}
	}
	s.start(mean, s.options.sigma, s.options.population)
}

// start starts a distribution.
func (s *Search) start(mean []float64, sigma float64, lambda int) {
	s.strategy = newStrategy(mean, sigma, lambda)
	s.factor = make([]float64, len(s.axes))
	for i := range s.factor {
		s.factor[i] = 1
	}
	s.strategy.keepMargins(s.axes, s.factor)
	s.members = nil
	s.restarts.began = s.generation
}

// Propose implements [optimizer.Optimizer].
func (s *Search) Propose(_ context.Context, r *optimizer.Request) (optimizer.Proposal, error) {
	if s.strategy == nil {
		return optimizer.Proposal{U: s.design.At(int64(r.Key) % math.MaxUint32)}, nil
	}
	u, place := s.draw(r.Pending, r.Rand)
	extra := rush.Values{generationName: s.generation}
	if place != nil {
		extra[placeName] = place
	}
	return optimizer.Proposal{U: u, Extra: extra}, nil
}
