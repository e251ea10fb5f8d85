package loops

import (
	"context"
	"log/slog"
	"maps"
	"sync"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/rushworker"
)

// A Stopper says when an evaluation is to stop early, from what it reports on its
// way; see [Evaluation.Report]. It serves all workers of a process: any goroutine
// may call Stop.
type Stopper interface {
	// Stop returns why the task, which the worker evaluates and which has stored
	// ys for this step, should stop, or "". An error is logged and stops nothing.
	Stop(ctx context.Context, w *rushworker.Worker, task *rush.Task, step int64, ys rush.Values) (reason string, err error)
}

// StoppedAt is the extra output of a task that was stopped early: after which step.
const StoppedAt = "stopped_at"

// Reports take the intermediate values of one evaluation of a task, and say whether
// it should stop early. Any goroutine may call their methods.
type Reports struct {
	stopper Stopper
	w       *rushworker.Worker // nil outside of a network: nothing is stored
	task    *rush.Task
	log     *slog.Logger

	mu      sync.Mutex
	last    *rush.Report // nil before the first
	stopped *rush.Report // the first at which it was told to stop
}

var _ Reporter = (*Reports)(nil)

// Reports returns the reports of a task that the worker evaluates by other means
// than [Problem.Evaluate], which has its own.
func (p *Problem) Reports(w *rushworker.Worker, task *rush.Task) *Reports {
	return &Reports{stopper: p.Stopper, w: w, task: task, log: w.TaskLog(task.Key)}
}

// Report implements Reporter.
func (r *Reports) Report(ctx context.Context, step int64, ys rush.Values) (bool, error) {
	if r.w != nil {
		if err := r.w.Report(ctx, r.task, step, ys); err != nil {
			return false, err
		}
	}
	report := &rush.Report{Step: step, YS: maps.Clone(ys)}
	r.mu.Lock()
	r.last = report
	r.mu.Unlock()
	stop, err := r.ask(ctx, report)
	if err != nil {
		r.log.LogAttrs(ctx, slog.LevelWarn, "whether the task should stop early is not known", slog.Any("error", err))
	}
	return stop, nil
}

// ShouldStop implements Reporter.
func (r *Reports) ShouldStop(ctx context.Context) (bool, error) {
	r.mu.Lock()
	last := r.last
	r.mu.Unlock()
	if last == nil {
		return false, nil
	}
	return r.ask(ctx, last)
}

// ask asks the stopper, until it has said stop once.
func (r *Reports) ask(ctx context.Context, report *rush.Report) (bool, error) {
	r.mu.Lock()
	over := r.stopped != nil
	r.mu.Unlock()
	if over || r.stopper == nil {
		return over, nil
	}
	reason, err := r.stopper.Stop(ctx, r.w, r.task, report.Step, report.YS)
	if err != nil || reason == "" {
		return false, err
	}
	r.log.LogAttrs(ctx, slog.LevelInfo, "the task is stopped early", slog.Int64("step", report.Step), slog.String("reason", reason))
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stopped == nil {
		r.stopped = report
	}
	return true, nil
}

// outputs are those of the objective, and if it was told to stop, or gave none,
// what it does not name as it was reported last.
func (r *Reports) outputs(out rush.Values) rush.Values {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.last == nil || r.stopped == nil && out != nil {
		return out
	}
	all := maps.Clone(r.last.YS)
	if all == nil {
		all = rush.Values{}
	}
	maps.Copy(all, out)
	return all
}

// Extra returns the extra outputs of the finished task, with where it was told to
// stop, as stopped_at, if it was.
func (r *Reports) Extra(extra rush.Values) rush.Values {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stopped == nil {
		return extra
	}
	marked := rush.Values{StoppedAt: r.stopped.Step}
	maps.Copy(marked, extra)
	return marked
}
