package loops

import (
	"context"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/rushworker"
)

// RandomSearch proposes points drawn uniformly from the space. The point of
// task i comes from stream i of the network's seed, whichever worker draws it:
// the same seed gives the same points with any number of workers.
type RandomSearch struct {
	*Problem
	Space space.Space
	// Replicates is how many tasks in a row have the same point; 0 is 1.
	Replicates int
}

var (
	_ Loop     = (*RandomSearch)(nil)
	_ Proposer = (*RandomSearch)(nil)
)

// Run implements [Loop].
func (l *RandomSearch) Run(ctx context.Context, w *rushworker.Worker) error {
	draw := func(ctx context.Context, key rush.TaskKey) (rush.Values, rush.Values, error) {
		return l.Propose(ctx, w, key)
	}
	return newTurner(w, l.Problem, draw, true).run(ctx)
}

// Propose implements [Proposer].
func (l *RandomSearch) Propose(_ context.Context, w *rushworker.Worker, key rush.TaskKey) (xs, extra rush.Values, err error) {
	n := rush.TaskKey(max(l.Replicates, 1))
	return l.Space.Sample(w.Proposer(key - key%n).Generator()), replicate(key, n), nil
}

// replicate is the extra that tells the n tasks with the same point apart.
func replicate(key, n rush.TaskKey) rush.Values {
	if n == 1 {
		return nil
	}
	return rush.Values{"replicate": int64(key % n)}
}
