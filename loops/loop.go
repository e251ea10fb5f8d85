package loops

import (
	"context"
	"errors"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/rushworker"
)

// A Loop is what a worker does from its start to its end. Run returns nil when
// the loop is over: the worker was told to end, or nothing is left to do. It
// returns the cause when ctx ends; a task that was being evaluated then is
// left to the network, which knows why the worker ended.
type Loop interface {
	Run(ctx context.Context, w *rushworker.Worker) error
}

// A LoopFunc is a function that serves as a [Loop].
type LoopFunc func(ctx context.Context, w *rushworker.Worker) error

// Run calls f.
func (f LoopFunc) Run(ctx context.Context, w *rushworker.Worker) error { return f(ctx, w) }

// A Proposer is a [Loop] that can be asked for one point at a time, by who
// evaluates it elsewhere.
type Proposer interface {
	// Propose chooses the inputs of the task with the number key, which the
	// worker has claimed, and the extra that goes with them.
	Propose(ctx context.Context, w *rushworker.Worker, key rush.TaskKey) (xs, extra rush.Values, err error)
}

// ErrExhausted says that there is nothing left to propose: that ends the run.
var ErrExhausted = errors.New("nothing is left to propose")

// idleWait bounds one blocking wait for work, so that terminators are looked
// at in between.
const idleWait = 5 * time.Second

// A propose function chooses the inputs of the task with the number key.
type propose func(ctx context.Context, key rush.TaskKey) (xs, extra rush.Values, err error)

// A turner is the engine of the built-in loops: it takes turns with the store
// until the loop is over.
//
//	run ─┬─ worker.Next      deliver, pop or create or claim: one round trip
//	     ├─ Problem.Evaluate the task that came
//	     ├─ propose          the next point, for the claimed number
//	     └─ terminate        ask the terminators, once there is a new result
type turner struct {
	*Problem
	w       *rushworker.Worker
	propose propose // nil: only what is in the queues
	endIdle bool    // the loop is over once nothing is left anywhere
	// learns says that a proposal is to see the result of what this worker
	// evaluated before it, at the cost of a round trip.
	learns bool

	claimed rush.TaskKey         // reserved for the next proposal, or rush.NoTask
	next    *rushworker.Proposal // for claimed, once it was proposed
	last    time.Duration        // how long the last evaluation took
}

// lookAhead is how long an evaluation may take for its worker to claim the
// number after it in the same round trip. A claim that waits for the end of a
// long evaluation would keep an idle worker from it when the budget runs out.
const lookAhead = 2 * time.Millisecond

func newTurner(w *rushworker.Worker, p *Problem, f propose, endIdle bool) *turner {
	return &turner{Problem: p, w: w, propose: f, endIdle: endIdle, claimed: rush.NoTask, last: lookAhead}
}

func (t *turner) run(ctx context.Context) error { return t.Attend(ctx, t.w, t.turns) }

func (t *turner) turns(ctx context.Context) error {
	end := t.Watch(ctx, t.w)
	if reason, err := end.Start(); err != nil || reason != "" {
		return err
	}
	var done []rushworker.Result
	for {
		turn, err := t.w.Next(ctx, t.step(done, end))
		if err != nil {
			return err
		}
		done = nil
		if turn.Stop != "" || t.endIdle && turn.Drained {
			return nil
		}
		switch err := t.prepare(ctx, turn); {
		case errors.Is(err, ErrExhausted):
			return t.w.StopNetwork(ctx, rush.RunDone, err.Error())
		case err != nil:
			return err
		}
		if turn.Task == nil {
			if stopped, err := end.Idle(); stopped || err != nil {
				return err
			}
			continue
		}
		result := t.Evaluate(ctx, t.w, turn.Task)
		t.last = result.Spent.Evaluating
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		done = append(done, result)
		if end.needsDelivery(result) {
			if _, err := t.w.Next(ctx, rushworker.Step{Done: done}); err != nil {
				return err
			}
			done = nil
			if stopped, err := end.Delivered(result); stopped || err != nil {
				return err
			}
		}
	}
}

// step asks for the next task, with what is known by now.
func (t *turner) step(done []rushworker.Result, end *Watch) rushworker.Step {
	s := rushworker.Step{Done: done, Pop: true, Wait: end.Patience(idleWait), Idle: !t.endIdle}
	if t.propose != nil {
		s.Propose = t.next
		s.Claim = t.claimed == rush.NoTask || !t.learns && t.next != nil && t.last < lookAhead
	}
	return s
}

// prepare notes what the turn did with the claimed number, and chooses the
// point for a newly claimed one.
func (t *turner) prepare(ctx context.Context, turn rushworker.Turn) error {
	if t.propose == nil {
		return nil
	}
	if turn.Proposed || turn.Rejected {
		t.claimed, t.next = rush.NoTask, nil
	}
	if turn.Claimed != rush.NoTask {
		t.claimed, t.next = turn.Claimed, nil
	}
	if t.claimed == rush.NoTask || t.next != nil {
		return nil
	}
	began := time.Now()
	xs, extra, err := t.propose(ctx, t.claimed)
	if err != nil {
		return err
	}
	t.next = &rushworker.Proposal{Key: t.claimed, XS: xs, Extra: extra, Options: t.Task, Proposing: time.Since(began)}
	return nil
}
