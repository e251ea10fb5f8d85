package mbo

import (
	"context"
	"math"
	"slices"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops/acquisition"
	"github.com/rushnet/rush/loops/optimizer"
)

// An Optimizer is one worker's: made by the kinds' New.
type Optimizer struct {
	setting   *optimizer.Setting
	domain    *domain
	design    design
	surrogate Surrogate
	acquire   acquirer

	archive archive
}

var _ optimizer.Optimizer = (*Optimizer)(nil)

// Learn implements [optimizer.Optimizer].
func (o *Optimizer) Learn(ended []*optimizer.Point) {
	for _, p := range ended {
		o.archive.learn(p)
	}
}

// Propose implements [optimizer.Optimizer].
func (o *Optimizer) Propose(ctx context.Context, r *optimizer.Request) (optimizer.Proposal, error) {
	if u, ok := o.initial(r); ok {
		return optimizer.Proposal{U: u}, nil
	}
	model, err := o.surrogate.Model(o.archive.x, o.archive.outputs())
	if err != nil {
		return optimizer.Proposal{}, err
	}
	pending := places(r.Pending)
	for _, x := range pending {
		model.Imagine(x)
	}
	f := o.acquire.function(model, r)
	a := &ascent{
		domain: o.domain, criterion: newCriterion(model, f, len(o.domain.axes)), rand: r.Rand,
		around: o.archive.best(5), size: len(o.archive.y),
	}
	c, err := o.choose(a, pending)
	if err != nil {
		return optimizer.Proposal{}, err
	}
	return optimizer.Proposal{U: c.u, Extra: rush.Values{"acquisition": c.value}}, ctx.Err()
}

// initial returns the place of the initial design that has the task's number, or
// one that is drawn when too little is known for a surrogate.
func (o *Optimizer) initial(r *optimizer.Request) ([]float64, bool) {
	if k := int64(r.Key); k < int64(len(o.design)) {
		if x, ok := o.domain.settle(o.design[k]); ok && !o.archive.knows(x) {
			return o.design[k], true
		}
	} else if o.archive.good >= 2 {
		return nil, false
	}
	for range 10000 {
		u := o.domain.random(r.Rand)
		if x, ok := o.domain.settle(u); ok && !o.archive.knows(x) {
			return u, true
		}
	}
	return nil, false
}

// choose returns the best place that nobody has evaluated or evaluates.
func (o *Optimizer) choose(a *ascent, pending [][]float64) (*candidate, error) {
	taken := func(x []float64) bool {
		return o.archive.knows(x) || slices.ContainsFunc(pending, func(p []float64) bool { return same(p, x) })
	}
	all := a.maximize()
	for i := range all {
		if !taken(all[i].x) {
			return &all[i], nil
		}
	}
	for range 2000 {
		u := o.domain.random(a.rand)
		if x, ok := o.domain.settle(u); ok && !taken(x) {
			return &candidate{u: u, x: x, value: a.criterion.value(x)}, nil
		}
	}
	return nil, optimizer.ErrExhausted
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

// An acquirer makes the acquisition function of a proposal.
type acquirer interface {
	function(m Model, r *optimizer.Request) acquisition.Function
}

// improving are those that look for what is better than the best.
type improving struct {
	make func(best float64) acquisition.Function
}

func (i improving) function(m Model, _ *optimizer.Request) acquisition.Function {
	return i.make(m.Best())
}

// A bound is the lower confidence bound; with period its lambda is drawn for
// each worker, and decays.
type bound struct {
	lambda       float64
	rate, period float64
	drawn        bool
	proposals    float64
}

func (b *bound) function(_ Model, r *optimizer.Request) acquisition.Function {
	if b.period == 0 {
		return acquisition.LCB{Lambda: b.lambda}
	}
	if !b.drawn {
		b.lambda, b.drawn = b.lambda*r.Rand.Exp(), true
	}
	lambda := b.lambda * math.Exp(-b.rate*math.Mod(b.proposals, b.period))
	b.proposals++
	return acquisition.LCB{Lambda: lambda}
}
