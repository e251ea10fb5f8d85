package loops

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/rushnet/rush"
)

// Progress makes a value known as how far the task is, in place of the one
// before, for anybody to read (see rush.Task); nil clears it. A value is what
// rush.Values may hold. Outside of a task, as when a point is only tried, it does
// nothing; that a value could not be stored is logged and no reason to fail. See
// [Evaluation.TryProgress].
func (e *Evaluation) Progress(ctx context.Context, value any) {
	if e.Progressed == nil {
		return
	}
	if err := e.Progressed(ctx, value); err != nil && e.Log != nil {
		e.Log.LogAttrs(ctx, slog.LevelWarn, "the task's progress could not be stored", slog.Any("error", err))
	}
}

// TryProgress is [Evaluation.Progress] for those who want to be sure: it fails
// when the value could not be stored, and outside of a task, with rush.ErrNoTask.
// In a process of its own (rush.Options.Isolate) it only hands the value on.
func (e *Evaluation) TryProgress(ctx context.Context, value any) error {
	if e.Progressed == nil {
		return fmt.Errorf("there is nobody to tell the progress: %w", rush.ErrNoTask)
	}
	return e.Progressed(ctx, value)
}
