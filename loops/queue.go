package loops

import (
	"context"

	"github.com/rushnet/rush/rushworker"
)

// Queue evaluates what is in the worker's queues: rush's worker_loop_default.
type Queue struct {
	*Problem
	// UntilDrained ends the loop once nothing is queued, running or claimed
	// anywhere in the network. Otherwise it waits for more until the worker
	// is told to end.
	UntilDrained bool
}

var _ Loop = (*Queue)(nil)

// Run implements [Loop].
func (l *Queue) Run(ctx context.Context, w *rushworker.Worker) error {
	return newTurner(w, l.Problem, nil, l.UntilDrained).run(ctx)
}
