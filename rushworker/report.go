package rushworker

import (
	"context"
	"fmt"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/wire"
)

// Report makes known what a task that this worker evaluates had after a step, such
// as an epoch, in place of what was reported for that step before. step is from 0
// to rush.MaxStep. Reports are for a few numbers: they are kept with the task,
// large values too. rush.ErrState says that the attempt is over.
func (w *Worker) Report(ctx context.Context, task *rush.Task, step int64, ys rush.Values) error {
	b, err := encodeReport(step, ys)
	if err != nil {
		return fmt.Errorf("worker %s: %w", w.id, &rush.TaskError{Key: task.Key, Err: err})
	}
	return w.patiently(ctx, "report", func() error {
		return w.net.Report(ctx, task.Key, task.Attempt, step, b)
	})
}

// encodeReport writes ys as stores keep them.
func encodeReport(step int64, ys rush.Values) ([]byte, error) {
	if step < 0 || step > rush.MaxStep {
		return nil, fmt.Errorf("report of step %d: expected a step from 0 to %d", step, int64(rush.MaxStep))
	}
	b, err := wire.AppendMap(nil, ys)
	if err != nil {
		return nil, fmt.Errorf("report of step %d: %w", step, err)
	}
	return b, nil
}

// Reports reads what the current attempts of tasks, running or ended, had after
// each step: for each key, in their order, by step. One that does not exist
// is an error, rush.ErrNoTask, that names it.
func (a *Archive) Reports(ctx context.Context, keys ...rush.TaskKey) ([][]rush.Report, error) {
	records, err := a.src.Records(ctx, keys, rush.FieldReports)
	if err != nil {
		return nil, fmt.Errorf("network %s: read reports: %w", a.src.ID(), err)
	}
	reports := make([][]rush.Report, len(records))
	for i := range records {
		task, err := wire.Task(&records[i])
		if err != nil {
			return nil, fmt.Errorf("network %s: %w", a.src.ID(), err)
		}
		reports[i] = task.Reports
	}
	return reports, nil
}
