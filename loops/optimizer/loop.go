package optimizer

import (
	"context"
	"fmt"
	"slices"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/rushworker"
	"github.com/rushnet/rush/seeds"
)

// A Loop runs an optimizer on a worker: it evaluates what is in the worker's
// queues and, when there is nothing, what the optimizer proposes. It ends as
// [loops.Proposing] does, and the run ends when the optimizer is exhausted.
// One Loop serves one worker.
type Loop struct {
	*loops.Problem
	Setting Setting
	Make    Make
	// Record keeps with every task what its proposal saw, as the extra "saw", so
	// that the proposals can be replayed.
	Record bool

	view      *view
	optimizer Optimizer
	first     rush.TaskKey // of the optimizer's proposals, which tells the optimizers of a network apart
	last      rush.TaskKey // that was proposed for
	turn      int64        // how many points the optimizer has proposed
}

var (
	_ loops.Loop     = (*Loop)(nil)
	_ loops.Proposer = (*Loop)(nil)
)

// Run implements [loops.Loop].
func (l *Loop) Run(ctx context.Context, w *rushworker.Worker) error {
	return (&loops.Proposing{Problem: l.Problem, Next: l.next}).Run(ctx, w)
}

// Propose implements [loops.Proposer].
func (l *Loop) Propose(ctx context.Context, w *rushworker.Worker, key rush.TaskKey) (xs, extra rush.Values, err error) {
	return l.next(ctx, w, key)
}

// next lets the optimizer learn what is new, and asks it for a point.
func (l *Loop) next(ctx context.Context, w *rushworker.Worker, key rush.TaskKey) (xs, extra rush.Values, err error) {
	if l.view == nil {
		l.view = newView(w, &l.Setting)
	}
	// First what is pending: a task that ends in between is learned then, and
	// never unknown.
	pending, err := l.view.pending(ctx)
	if err != nil {
		return nil, nil, err
	}
	if err := l.learn(ctx, key, pending); err != nil {
		return nil, nil, err
	}
	pending = slices.DeleteFunc(pending, l.view.knows)
	r := &Request{Key: key, Rand: w.Proposer(key).Generator(), Pending: pending}
	p, err := l.optimizer.Propose(ctx, r)
	if err != nil {
		return nil, nil, err
	}
	if xs, err = l.Setting.inputs(p, r.Rand); err != nil {
		return nil, nil, err
	}
	extra = p.Extra
	if l.Record {
		saw := l.sight(pending)
		extra = saw.with(extra)
	}
	l.last = key
	l.turn++
	return xs, extra, nil
}

// learn makes the optimizer if need be, and has it learn what has ended. With
// Record one whose last point did not become a task, as when the worker was
// declared lost meanwhile, begins anew: nobody could propose that point again.
func (l *Loop) learn(ctx context.Context, key rush.TaskKey, pending []*Point) error {
	points, anew, err := l.view.ended(ctx)
	if err != nil {
		return err
	}
	if !anew && l.Record && l.turn > 0 && !l.view.sees(l.last, pending) {
		l.view = newView(l.view.w, &l.Setting)
		if points, _, err = l.view.ended(ctx); err != nil {
			return err
		}
		anew = true
	}
	if l.optimizer == nil || anew {
		if l.optimizer, err = l.Make(&l.Setting); err != nil {
			return err
		}
		l.first, l.turn = key, 0
	}
	l.view.drop(ctx)
	l.optimizer.Learn(points)
	return nil
}

// inputs returns the point that was proposed, in natural units. A place that
// violates a constraint of the space becomes one near by that does not, for which
// g draws.
func (s *Setting) inputs(p Proposal, g *seeds.Generator) (rush.Values, error) {
	switch {
	case p.XS != nil:
		if err := s.Space.Check(p.XS); err != nil {
			return nil, fmt.Errorf("the optimizer proposed a point that is not in the space: %w", err)
		}
		return p.XS, nil
	case len(p.U) == s.Space.Len():
		return s.Space.FromUnit(s.Space.Mend(p.U, g)), nil
	}
	return nil, fmt.Errorf("the optimizer proposed %d coordinates; expected one for each of the %d parameters", len(p.U), s.Space.Len())
}
