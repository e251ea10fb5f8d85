package optimizer

import "context"

// Random draws every point uniformly from the space: what [loops.RandomSearch]
// proposes, as an optimizer that others are compared with.
type Random struct{ Setting *Setting }

// NewRandom is a [Make].
func NewRandom(s *Setting) (Optimizer, error) { return Random{s}, nil }

// Learn learns nothing.
func (Random) Learn([]*Point) {}

// Propose implements [Optimizer].
func (o Random) Propose(_ context.Context, r *Request) (Proposal, error) {
	return Proposal{XS: o.Setting.Space.Sample(r.Rand)}, nil
}
