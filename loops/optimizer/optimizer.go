package optimizer

import (
	"context"
	"errors"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/seeds"
)

// An Optimizer chooses points. It is used by one goroutine.
type Optimizer interface {
	// Learn takes the points that have ended since the last call, in the order of
	// the network's log, finished and failed ones. They belong to the optimizer
	// and are not changed by anybody.
	Learn(ended []*Point)

	// Propose chooses a point. It fails with [ErrExhausted] when there is none
	// left that is worth it, and with the cause when ctx ends.
	Propose(ctx context.Context, r *Request) (Proposal, error)
}

// A Starter is an optimizer that has a say in points which a person gives to begin
// with.
type Starter interface {
	Optimizer
	// Start returns what is evaluated for a point that is given without the budget
	// (the fidelity parameter), which the point may be changed to have, and the extra
	// of its task.
	Start(xs rush.Values) (rush.Values, rush.Values)
}

// ErrExhausted says that there is nothing left to propose: the run is over.
var ErrExhausted = loops.ErrExhausted

// ErrEarly says that the proposal depends on tasks with smaller numbers that others
// choose points for at this moment. The optimizer is asked again when they are there,
// with [Request.Waited].
var ErrEarly = errors.New("tasks with smaller numbers are not there yet")

// A Request asks for a point.
type Request struct {
	// Key is the number of the task that the point becomes. Numbers count up
	// from 0 over all workers: an initial design is best taken by number.
	Key rush.TaskKey
	// Rand draws what belongs to this proposal alone.
	Rand *seeds.Generator
	// Pending are the points that are being evaluated or wait in a queue, by
	// number.
	Pending []*Point
	// Choosing are the smaller numbers whose points others choose at this moment, as
	// far as can be told: they are neither ended nor pending, and not far below one that
	// has ended, as those of workers that died are. What they choose is not known, but
	// it is likely to be what their optimizers made of about the same results.
	Choosing []rush.TaskKey
	// Waited says that no more is to be learned by waiting: smaller numbers which are
	// no tasks by now never will be.
	Waited bool
}

// A Proposal is a point, and what is kept with it.
type Proposal struct {
	// U is the point's place in the unit cube; see [Point]. Coordinates of
	// parameters that are inactive there are not looked at, and the fidelity
	// parameter has its upper bound whatever its coordinate. A place that violates
	// a constraint of the space is moved to one near by that does not; see
	// [space.Space.Mend].
	U []float64
	// XS is the point itself, in place of U, for those who do not think in the
	// unit cube.
	XS rush.Values
	// Extra is kept with the task as its xs_extra: what the optimizer wants to
	// find there again, and what a person may want to know, such as the value of
	// an acquisition function.
	Extra rush.Values
}

// A Setting is the search, as an optimizer is made for it.
type Setting struct {
	Space    space.Space
	Codomain loops.Codomain
	// Evals is how many tasks there will be at most; 0 is no limit.
	Evals int64
	// Workers is about how many will propose at the same time; at least 1.
	Workers int
	// Seed is the network's; see [Setting.Common].
	Seed seeds.Stream
}

// Make makes an optimizer. A setting that does not suit it, such as parameters
// that it cannot handle, is an error that says what does.
type Make func(s *Setting) (Optimizer, error)
