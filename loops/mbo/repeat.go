package mbo

import (
	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops/optimizer"
)

// repeated bounds how many proposals are repeated, each in about the time that fits took.
const repeated = 500

// repeats reports whether what a point was proposed by is to be fitted again before the
// point is learned, as one of some. Fits begin with the parameters that were found before:
// an optimizer that takes over the search of a single worker, as when it was interrupted,
// comes to the same ones by the same steps. With several workers each has its own.
func (o *Optimizer) repeats(p *optimizer.Point, of int) bool {
	_, modeled := p.Extra[acquisitionName]
	return o.workers == 1 && of <= repeated && modeled && p.Key != o.proposed && o.archive.good >= 2
}

// request is what the proposal for a number was asked with, when one worker searches.
func (o *Optimizer) request(key rush.TaskKey) *optimizer.Request {
	return &optimizer.Request{Key: key, Rand: o.seed.Task(int64(key)).Proposal().Generator()}
}
