package mbo

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/optimizer"
	"github.com/rushnet/rush/loops/pareto"
)

// HypervolumeKind declares ehvi: Bayesian optimization of two objectives, each with a
// Gaussian process, by the expected improvement of the hypervolume (M. Emmerich, K.
// Giannakoglou and B. Naujoks 2006, Single- and multiobjective evolutionary
// optimization assisted by Gaussian random field metamodels; exact, as
// [pareto.Cells.ExpectedImprovement] has it).
func HypervolumeKind() optimizer.Kind {
	return optimizer.Kind{
		Declaration: loops.Declaration{
			Name: "ehvi", Help: "Bayesian optimization of two objectives, by the hypervolume that a point is expected to add.",
			Arguments: []loops.Argument{
				{Name: "initial", Type: loops.Integer, Default: int64(0), Range: loops.Range{Lower: 0, Upper: 100000}, Help: "how many points the initial design has; 0 is as many as suit the number of parameters"},
				{Name: "design", Type: loops.Text, Default: "sobol", Choices: []string{"sobol", "lhs", "random"}, Help: "the kind of the initial design: a Sobol sequence, a Latin hypercube or random points"},
			},
		},
		New: buildHypervolume,
	}
}

// A pair is the optimizer of two objectives: an [Optimizer] of the first, of which it
// has the archive and the design, and what it takes for the second.
type pair struct {
	Optimizer
	surrogates [2]*process
	second     []float64 // of the archive's points; of failed ones NaN
}

var _ optimizer.Optimizer = (*pair)(nil)

func buildHypervolume(s *optimizer.Setting, args rush.Values) (optimizer.Optimizer, error) {
	if n := len(s.Codomain.Objectives()); n != 2 {
		return nil, fmt.Errorf("it takes two objectives, found %d; async_mbo takes one, parego and nsga2 any number from two on", n)
	}
	n := int(args["initial"].(int64))
	if n == 0 {
		n = initialSize(s)
	}
	d := newDomain(s.Space)
	allowed := new(allowance)
	o := &pair{surrogates: [2]*process{newProcess(d, false, allowed), newProcess(d, false, allowed)}}
	o.seed, o.workers, o.proposed = s.Seed, s.Workers, rush.NoTask
	o.domain, o.design, o.size = d, newDesign(s, d, args["design"].(string), n), int64(n)
	o.limits, o.allowance = limits{domain: d, allowance: allowed}, allowed
	o.draws = int(max(2000, 20*min(s.Space.Cardinality(), 5000)))
	return o, nil
}

// Learn implements [optimizer.Optimizer].
func (o *pair) Learn(ended []*optimizer.Point) {
	for _, p := range ended {
		if o.repeats(p, len(ended)) {
			_, _ = o.believe(o.request(p.Key)) // a fit that fails has failed before
		}
		y := math.NaN()
		if good(p) && !math.IsNaN(p.Y[1]) && !math.IsInf(p.Y[1], 0) {
			y = p.Y[1]
		} else {
			failed := *p
			failed.Y = nil
			p = &failed
		}
		if o.archive.learn(p); len(o.archive.x) > len(o.second) {
			o.second = append(o.second, y)
		}
	}
}

// Propose implements [optimizer.Optimizer].
func (o *pair) Propose(ctx context.Context, r *optimizer.Request) (optimizer.Proposal, error) {
	if u, ok := o.initial(r); ok {
		return optimizer.Proposal{U: u}, nil
	}
	o.proposed = r.Key
	b, err := o.believe(r)
	if err != nil {
		return optimizer.Proposal{}, err
	}
	models, feasible, front, kept, pending := b.models, b.feasible, b.front, b.kept, b.pending
	believed := slices.DeleteFunc(slices.Clone(pending), func(x []float64) bool { return !feasible.believes(x) })
	criterion := newHypervolume(models, slices.Concat(front, believed), o.worst(), len(o.domain.axes))
	criterion.feasible = feasible
	a := &ascent{domain: o.domain, criterion: criterion, rand: r.Rand, around: fullPlaces(front), size: len(kept), models: 2 + feasible.count()}
	if len(front) == 0 {
		criterion.feasible = feasible.inside(r.Rand)
		a.around = o.archive.best(5)
	}
	c, err := o.choose(a, pending, r.Key, r.Choosing, func(x []float64, _ [][]float64) {
		for _, m := range models {
			m.Imagine(x)
		}
		feasible.imagine(x)
		if feasible.believes(x) {
			believed = append(believed, x)
		}
		if len(front) > 0 {
			criterion.over(slices.Concat(front, believed), o.worst())
		}
	})
	if err != nil {
		return optimizer.Proposal{}, err
	}
	return optimizer.Proposal{U: c.u, Extra: rush.Values{acquisitionName: c.value}}, ctx.Err()
}

// A pairBelief is what a proposal for two objectives goes by.
type pairBelief struct {
	models         [2]Smooth
	feasible       *feasibility
	front, pending [][]float64
	kept           []int
}

// believe fits the surrogates, as far as the proposal allows.
func (o *pair) believe(r *optimizer.Request) (*pairBelief, error) {
	o.allowance.begin()
	b := &pairBelief{pending: places(r.Pending)}
	b.front, b.kept = o.places()
	var err error
	b.feasible, err = o.limits.learn(&o.archive, func(column []float64) *Data { return o.thin(column, b.kept) }, b.pending)
	if err != nil {
		return nil, err
	}
	for k, y := range [2][]float64{o.archive.outputs(), withWorst(o.second)} {
		if b.models[k], err = o.surrogates[k].smooth(o.thin(y, b.kept)); err != nil {
			return nil, err
		}
		for _, x := range b.pending {
			b.models[k].Imagine(x)
		}
	}
	return b, nil
}

// worst returns the place with the worst output of each objective.
func (o *pair) worst() (at [2][]float64) {
	for k, y := range [2][]float64{o.archive.y, o.second} {
		most := math.Inf(-1)
		for i, v := range y {
			if v > most {
				most, at[k] = v, o.archive.x[i]
			}
		}
	}
	return at
}

// learned is how many points the surrogates learn.
const learned = 400

// places returns where the front is, of feasible points, and the numbers of the points
// that the surrogates learn: all, or the first fronts and an even share of the others.
func (o *pair) places() (front [][]float64, kept []int) {
	var y [][]float64
	var of, rest []int
	for i, second := range o.second {
		if math.IsNaN(second) || !o.archive.feasible(i) {
			rest = append(rest, i)
			continue
		}
		y, of = append(y, []float64{o.archive.y[i], second}), append(of, i)
	}
	for n, f := range pareto.Sort(y) {
		for _, k := range f {
			if n == 0 {
				front = append(front, o.archive.x[of[k]])
			}
			if len(kept) < learned/2 || len(o.second) <= learned {
				kept = append(kept, of[k])
			} else {
				rest = append(rest, of[k])
			}
		}
	}
	room := min(learned-len(kept), len(rest))
	if len(o.second) <= learned {
		room = len(rest)
	}
	for k := range room {
		kept = append(kept, rest[k*len(rest)/room])
	}
	slices.Sort(kept)
	return front, kept
}

// thin returns the points of these numbers.
func (o *pair) thin(y []float64, kept []int) *Data {
	d := &Data{Seen: len(y)}
	for _, i := range kept {
		d.X, d.Y = append(d.X, o.archive.x[i]), append(d.Y, y[i])
	}
	return d
}

// withWorst returns the outputs with the worst of them for what failed.
func withWorst(y []float64) []float64 {
	worst := math.Inf(-1)
	for _, v := range y {
		if v > worst {
			worst = v
		}
	}
	out := slices.Clone(y)
	for i, v := range out {
		if math.IsNaN(v) {
			out[i] = worst
		}
	}
	return out
}

// fullPlaces are the places with the middle for what is inactive.
func fullPlaces(x [][]float64) [][]float64 {
	out := make([][]float64, len(x))
	for i := range x {
		out[i] = full(x[i])
	}
	return out
}
