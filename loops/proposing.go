package loops

import (
	"context"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/rushworker"
)

// Proposing is the loop of an optimizer that chooses one point at a time: it
// evaluates what is in the worker's queues and, when there is nothing, the point
// that Next chooses, which sees the results of all that the worker evaluated
// before, and ends the run with [ErrExhausted]. It keeps to the problem's budget and terminators, and is over
// once the budget is used and nothing is left anywhere.
type Proposing struct {
	*Problem
	// Next chooses the inputs of the task with the number key, which the worker
	// has claimed, and the extra that goes with them; nil for none. What it draws
	// is best drawn from w.Proposer(key): then it depends on the task's number, not
	// on the worker.
	Next func(ctx context.Context, w *rushworker.Worker, key rush.TaskKey) (xs, extra rush.Values, err error)
}

var (
	_ Loop     = (*Proposing)(nil)
	_ Proposer = (*Proposing)(nil)
)

// Run implements [Loop].
func (l *Proposing) Run(ctx context.Context, w *rushworker.Worker) error {
	t := newTurner(w, l.Problem, func(ctx context.Context, key rush.TaskKey) (xs, extra rush.Values, err error) {
		return l.Next(ctx, w, key)
	}, true)
	t.learns = true
	return t.run(ctx)
}

// Propose implements [Proposer].
func (l *Proposing) Propose(ctx context.Context, w *rushworker.Worker, key rush.TaskKey) (xs, extra rush.Values, err error) {
	return l.Next(ctx, w, key)
}
