package mbo

import (
	"context"
	"math"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops/optimizer"
	"github.com/rushnet/rush/seeds"
)

// An Optimizer is one worker's: made by the kinds' New.
type Optimizer struct {
	domain    *domain
	design    design
	size      int64 // of the initial design
	surrogate Surrogate
	second    Surrogate // takes turns with the first; nil if there is none
	evals     int64     // the budget; 0 is none
	seconds   *process  // learns what evaluations take, where that counts; else nil
	acquire   acquirer
	limits    limits
	allowance *allowance
	seed      seeds.Stream
	workers   int
	proposed  rush.TaskKey // the last
	draws     int          // at random, before it holds that nothing is left

	archive archive
}

var _ optimizer.Optimizer = (*Optimizer)(nil)

// Learn implements [optimizer.Optimizer].
func (o *Optimizer) Learn(ended []*optimizer.Point) {
	for _, p := range ended {
		if o.repeats(p, len(ended)) {
			_, _ = o.believe(o.request(p.Key)) // a fit that fails has failed before
		}
		o.archive.learn(p)
	}
}

// Propose implements [optimizer.Optimizer].
func (o *Optimizer) Propose(ctx context.Context, r *optimizer.Request) (optimizer.Proposal, error) {
	if u, ok := o.initial(r); ok {
		return optimizer.Proposal{U: u}, nil
	}
	o.proposed = r.Key
	b, err := o.believe(r)
	if err != nil {
		return optimizer.Proposal{}, err
	}
	model, data, criterion := b.model, b.data, b.criterion
	a := &ascent{
		domain: o.domain, criterion: criterion, rand: r.Rand,
		around: o.archive.best(5), size: len(data.Y), models: 1 + criterion.feasible.count(),
	}
	c, err := o.choose(a, b.pending, r.Key, r.Choosing, func(x []float64, pending [][]float64) {
		model.Imagine(x)
		criterion.feasible.imagine(x)
		o.raise(criterion, data, pending)
	})
	if err != nil {
		return optimizer.Proposal{}, err
	}
	return optimizer.Proposal{U: c.u, Extra: promise(model, data, criterion, c)}, ctx.Err()
}

// A belief is what a proposal goes by.
type belief struct {
	model     Model
	data      *Data
	criterion *criterion
	pending   [][]float64
}

// believe fits the surrogates, as far as the proposal allows.
func (o *Optimizer) believe(r *optimizer.Request) (*belief, error) {
	o.allowance.begin()
	b := &belief{data: o.archive.data(o.archive.outputs()), pending: places(r.Pending)}
	var err error
	if b.model, err = o.learner(r).Model(b.data); err != nil {
		return nil, err
	}
	for _, x := range b.pending {
		b.model.Imagine(x)
	}
	if b.criterion, err = o.criterion(b.model, b.data, r, b.pending); err != nil {
		return nil, err
	}
	if o.seconds != nil {
		if b.criterion.seconds, err = o.seconds.smooth(o.archive.data(o.archive.seconds)); err != nil {
			return nil, err
		}
		b.criterion.share = cooled(float64(len(o.archive.y)), float64(o.evals))
	}
	return b, nil
}

// cooled is how much it counts what an evaluation takes, from 1 at the beginning to 0
// at the end of the budget: what is cheap first, and what promises most in the end,
// without which a search stays where it is cheap (E. Lee, V. Perrone, C. Archambeau
// and M. Seeger 2020, Cost-aware Bayesian optimization, arXiv 2003.10870, section 4).
// Without a budget, for which they need one, it halves in a hundred evaluations, and so
// on as 1/n.
func cooled(ended, evals float64) float64 {
	const half = 100
	if evals > 0 {
		return math.Max(0, 1-ended/evals)
	}
	return half / (half + ended)
}

// learner returns the surrogate of a proposal.
func (o *Optimizer) learner(r *optimizer.Request) Surrogate {
	const every = 4
	if o.second != nil && int64(r.Key)%every == every-1 {
		return o.second
	}
	return o.surrogate
}

// initial returns the place of the initial design that has the task's number, or
// one that is drawn when too little is known for a surrogate.
func (o *Optimizer) initial(r *optimizer.Request) ([]float64, bool) {
	if k := int64(r.Key); k < o.size {
		if u := full(o.design(r)); !o.archive.holds(o.domain, u) {
			return u, true
		}
	} else if o.archive.good >= 2 {
		return nil, false
	}
	for range 10000 {
		if u := o.domain.random(r.Rand); !o.archive.holds(o.domain, u) {
			return u, true
		}
	}
	return nil, false
}

// places are those of pending points that are in the space.
func places(pending []*optimizer.Point) [][]float64 {
	var x [][]float64
	for _, p := range pending {
		if p.U != nil {
			x = append(x, p.U)
		}
	}
	return x
}
