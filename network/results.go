package network

import (
	"context"
	"fmt"

	"github.com/rushnet/rush"
)

// A Result is what a task came to.
type Result struct {
	Key       rush.TaskKey
	YS        rush.Values     // of a finished task
	Condition *rush.Condition // of a failed one
}

// Err returns the task's failure as an error, and nil if it finished.
func (r Result) Err() error {
	if r.Condition == nil {
		return nil
	}
	return &rush.TaskError{Key: r.Key, Err: r.Condition}
}

// Results returns what tasks came to, in the order of the keys, finished or
// failed. One that has not ended is an error (rush.ErrState), and so is one that
// does not exist (rush.ErrNoTask).
func (r *Rush) Results(ctx context.Context, keys ...rush.TaskKey) ([]Result, error) {
	tasks, err := r.Tasks(ctx, keys...)
	if err != nil {
		return nil, err
	}
	results := make([]Result, len(tasks))
	for i, t := range tasks {
		if !t.State.Ended() {
			err := fmt.Errorf("%w: it is %s and has no result yet; wait for it", rush.ErrState, t.State)
			return nil, fmt.Errorf("network %s: %w", r.id, &rush.TaskError{Key: t.Key, Err: err})
		}
		results[i] = Result{Key: t.Key, YS: t.YS, Condition: t.Condition}
	}
	return results, nil
}

// Outputs returns the outputs of tasks that have finished, in the order of the
// keys. The first that failed is the error: a rush.TaskError that wraps its
// condition. See [Rush.Results] for what else is one.
func (r *Rush) Outputs(ctx context.Context, keys ...rush.TaskKey) ([]rush.Values, error) {
	results, err := r.Results(ctx, keys...)
	if err != nil {
		return nil, err
	}
	yss := make([]rush.Values, len(results))
	for i, res := range results {
		if err := res.Err(); err != nil {
			return nil, fmt.Errorf("network %s: %w", r.id, err)
		}
		yss[i] = res.YS
	}
	return yss, nil
}
