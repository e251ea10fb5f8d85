package mbo

import (
	"math"
	"slices"

	"github.com/rushnet/rush/loops/acquisition"
	"github.com/rushnet/rush/loops/optimizer"
)

// An acquirer makes the acquisition function of a proposal.
type acquirer interface {
	function(g *goal, r *optimizer.Request) acquisition.Function
}

// A goal is what is to be improved on.
type goal struct {
	best  float64 // the least expectation at a feasible place; +Inf if there is none
	model Model
	data  int // how many it has seen
}

// width is how far the median expectation at the data is from the best.
func (g *goal) width() float64 {
	expected := make([]float64, g.data)
	for i := range expected {
		expected[i] = g.model.Expected(i)
	}
	slices.Sort(expected)
	return max(expected[len(expected)/2]-g.best, 0)
}

// improving are those that look for what is better than the best.
type improving struct {
	make func(best float64) acquisition.Function
}

func (i improving) function(g *goal, _ *optimizer.Request) acquisition.Function {
	return i.make(g.best)
}

// probable looks for what is better than a target that is better than the best.
// With the best itself as the target, the probability of an improvement is large
// beside what is known, however little is gained there. D. Jones (2001), A taxonomy of
// global optimization methods based on response surfaces, section 6, takes many targets
// at once, each of which balances near and far otherwise; here every proposal draws
// one, at a distance of up to margin, of which all orders of magnitude down to a
// thousandth of it are as likely.
type probable struct{ margin float64 }

func (p probable) function(g *goal, r *optimizer.Request) acquisition.Function {
	if p.margin == 0 || math.IsInf(g.best, 1) {
		return acquisition.LogPI{Best: g.best}
	}
	distance := p.margin * math.Pow(10, -3*r.Rand.Float64())
	return acquisition.LogPI{Best: g.best - distance*g.width()}
}

// moved returns the acquisition function with a best or a target that is moved by some.
func moved(f acquisition.Function, by float64) acquisition.Function {
	switch f := f.(type) {
	case acquisition.EI:
		return acquisition.EI{Best: f.Best + by}
	case acquisition.LogEI:
		return acquisition.LogEI{Best: f.Best + by}
	case acquisition.LogPI:
		return acquisition.LogPI{Best: f.Best + by}
	}
	return f // a bound has none
}

// A bound is the lower confidence bound; with period its lambda is drawn for
// each worker, and decays.
type bound struct {
	lambda       float64
	rate, period float64
	drawn        bool
	proposals    float64
}

func (b *bound) function(_ *goal, r *optimizer.Request) acquisition.Function {
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
