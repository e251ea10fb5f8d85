package mbo

import (
	"math"

	"github.com/rushnet/rush/loops/acquisition"
	"github.com/rushnet/rush/loops/optimizer"
)

// An acquirer makes the acquisition function of a proposal.
type acquirer interface {
	// function returns it, with what is to be improved on.
	function(best float64, r *optimizer.Request) acquisition.Function
}

// improving are those that look for what is better than the best.
type improving struct {
	make func(best float64) acquisition.Function
}

func (i improving) function(best float64, _ *optimizer.Request) acquisition.Function {
	return i.make(best)
}

// A bound is the lower confidence bound; with period its lambda is drawn for
// each worker, and decays.
type bound struct {
	lambda       float64
	rate, period float64
	drawn        bool
	proposals    float64
}

func (b *bound) function(_ float64, r *optimizer.Request) acquisition.Function {
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
