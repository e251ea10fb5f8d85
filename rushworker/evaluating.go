package rushworker

import (
	"context"
	"errors"
	"sync"

	"github.com/rushnet/rush"
)

// evaluations are what the worker evaluates now.
type evaluations struct {
	mu      sync.Mutex // guards what follows
	running map[rush.TaskKey]*evaluation
	// early are attempts that were cancelled before their evaluation began.
	early map[rush.TaskKey]early
}

type evaluation struct {
	attempt int
	cancel  context.CancelCauseFunc
	ended   bool
	over    chan struct{} // closed then; nil unless somebody waits for that
}

type early struct {
	attempt int
	cond    *rush.Condition
}

// Evaluating says that the worker begins to evaluate a task that it was
// handed. The context that it returns ends when the task is cancelled, with
// the task's condition as its cause; over has to be called, once at least, when
// nothing of the evaluation runs any more. loops.Problem.Evaluate does this by itself.
func (w *Worker) Evaluating(ctx context.Context, task *rush.Task) (evaluating context.Context, over func()) {
	evaluating, cancel := context.WithCancelCause(ctx)
	e := &evaluation{attempt: task.Attempt, cancel: cancel}
	key := task.Key
	w.evals.begin(key, e)
	return evaluating, func() {
		w.evals.end(key, e)
		cancel(nil)
	}
}

// Cancelled returns the condition of the task if the context is that of an
// evaluation that was cancelled; else nil.
func Cancelled(evaluating context.Context) *rush.Condition {
	var c *rush.Condition
	if errors.As(context.Cause(evaluating), &c) && c.Class == rush.ClassCancelled {
		return c
	}
	return nil
}

func (r *evaluations) begin(key rush.TaskKey, e *evaluation) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.running == nil {
		r.running = map[rush.TaskKey]*evaluation{}
	}
	r.running[key] = e
	if c, found := r.early[key]; found {
		delete(r.early, key)
		if c.attempt == e.attempt {
			e.cancel(c.cond)
		}
	}
}

func (r *evaluations) end(key rush.TaskKey, e *evaluation) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.running[key] == e {
		delete(r.running, key)
	}
	if e.over != nil && !e.ended {
		close(e.over)
	}
	e.ended = true
}

// cancel ends the evaluation of an attempt and returns a channel that is closed
// when it is over. One that has not begun will end at once.
func (r *evaluations) cancel(key rush.TaskKey, attempt int, cond *rush.Condition) <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	if e := r.running[key]; e != nil && e.attempt == attempt {
		e.cancel(cond)
		if e.over == nil {
			e.over = make(chan struct{})
		}
		return e.over
	}
	if r.early == nil {
		r.early = map[rush.TaskKey]early{}
	}
	r.early[key] = early{attempt, cond}
	over := make(chan struct{})
	close(over)
	return over
}
