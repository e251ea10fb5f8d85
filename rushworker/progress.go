package rushworker

import (
	"context"
	"fmt"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/wire"
)

// Progress makes a value known as how far a task is that this worker evaluates,
// in place of the one before; nil clears it. A value is what rush.Values may
// hold. rush.ErrState says that the attempt is over.
func (w *Worker) Progress(ctx context.Context, task *rush.Task, value any) error {
	b, err := encodeProgress(value)
	if err != nil {
		return fmt.Errorf("worker %s: %w", w.id, &rush.TaskError{Key: task.Key, Err: err})
	}
	return w.patiently(ctx, "tell the progress", func() error {
		return w.net.SetProgress(ctx, task.Key, task.Attempt, b)
	})
}

// encodeProgress writes a value as stores keep it; nil is nothing.
func encodeProgress(value any) ([]byte, error) {
	if value == nil {
		return nil, nil
	}
	b, err := wire.AppendValue(nil, value)
	if err != nil {
		return nil, fmt.Errorf("progress: %w", err)
	}
	return b, nil
}

// A ProgressReport is how far a task is.
type ProgressReport struct {
	State   rush.State
	Attempt int
	Value   any // what the objective told last; nil if nothing
}

// Progress reads how far a task is. It fails with rush.ErrNoTask.
func (a *Archive) Progress(ctx context.Context, key rush.TaskKey) (ProgressReport, error) {
	now, err := a.src.AwaitProgress(ctx, rush.Record{Key: key}, 0)
	if err != nil {
		return ProgressReport{}, fmt.Errorf("read the progress of task %d: %w", key, err)
	}
	return reportOf(now)
}

// FollowProgress calls f with how far a task is, now and whenever that has
// changed, until the task has ended, of which f is told too, or f returns
// false. A task that is retried afterwards is not followed further.
func (a *Archive) FollowProgress(ctx context.Context, key rush.TaskKey, f func(ProgressReport) bool) error {
	for seen, wait := (rush.Record{Key: key}), time.Duration(0); ; wait = followWait {
		now, err := a.src.AwaitProgress(ctx, seen, wait)
		if err != nil {
			return fmt.Errorf("follow task %d: %w", key, err)
		}
		if wait > 0 && now.State == seen.State && now.Attempt == seen.Attempt && string(now.Progress) == string(seen.Progress) {
			continue // the wait was over
		}
		report, err := reportOf(now)
		if err != nil || !f(report) || now.State.Ended() {
			return err
		}
		seen = now
	}
}

// followWait is one wait for news.
const followWait = time.Minute

func reportOf(r rush.Record) (ProgressReport, error) {
	p := ProgressReport{State: r.State, Attempt: r.Attempt}
	if len(r.Progress) == 0 {
		return p, nil
	}
	var err error
	if p.Value, _, err = wire.ReadValue(r.Progress); err != nil {
		return p, &rush.TaskError{Key: r.Key, Err: fmt.Errorf("read its progress: %w", err)}
	}
	return p, nil
}
