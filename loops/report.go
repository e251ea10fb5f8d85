package loops

import (
	"context"
	"log/slog"

	"github.com/rushnet/rush"
)

// A Reporter takes the intermediate values of one evaluation, and knows whether it
// should stop early. Any goroutine may call its methods.
type Reporter interface {
	// Report keeps intermediate values and says whether to stop; see
	// [Evaluation.Report].
	Report(ctx context.Context, step int64, ys rush.Values) (stop bool, err error)
	// ShouldStop says whether to stop by now, at the step that was reported last.
	ShouldStop(ctx context.Context) (stop bool, err error)
}

// Report makes intermediate values known: the outputs as they are after a step,
// such as an epoch, a fold or a budget, which the objective counts as it likes.
// What was reported for the same step before is replaced. It says whether the
// objective should stop early, because others were better at that step, say;
// then it returns what it has, and the task is finished, with the extra
// "stopped_at", that step. An objective that has reported may return nil for what it
// reported last. Outside of a task, as when a point is only tried, nothing is stored.
// The error says that the values could not be stored.
func (e *Evaluation) Report(ctx context.Context, step int64, ys rush.Values) (stop bool, err error) {
	if e.Reporter == nil {
		return false, nil
	}
	return e.Reporter.Report(ctx, step, ys)
}

// ShouldStop reports whether the objective should stop early by now, as
// [Evaluation.Report] says it at each step: for objectives whose steps take long.
// It is false before the first report. That nobody could be asked is logged and
// no reason to stop.
func (e *Evaluation) ShouldStop(ctx context.Context) bool {
	if e.Reporter == nil {
		return false
	}
	stop, err := e.Reporter.ShouldStop(ctx)
	if err != nil && e.Log != nil {
		e.Log.LogAttrs(ctx, slog.LevelWarn, "whether the task should stop early is not known", slog.Any("error", err))
	}
	return stop
}
