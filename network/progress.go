package network

import (
	"context"
	"fmt"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/wire"
)

// SetProgress makes a value known as how far a running task is, in place of the
// one before; nil clears it. It is for who evaluates the task without being a
// worker of the network; objectives have loops.Evaluation.Progress. It fails with
// rush.ErrNoTask, and with rush.ErrState for a task that does not run.
func (r *Rush) SetProgress(ctx context.Context, key rush.TaskKey, value any) error {
	var b []byte
	if value != nil {
		var err error
		if b, err = wire.AppendValue(nil, value); err != nil {
			return fmt.Errorf("progress of task %d: %w", key, err)
		}
	}
	if err := r.net.SetProgress(ctx, key, 0, b); err != nil {
		return fmt.Errorf("tell the progress of task %d: %w", key, err)
	}
	return nil
}
