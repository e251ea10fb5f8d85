package loops

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/rushworker"
)

// A Stage is a moment of a search at which callbacks are called: the stages of
// bbotk's CallbackAsync, without their prefix on_.
type Stage string

// The stages, in their order. The manager is who started the run and waits for its
// end, such as the command rush run.
const (
	OptimizationBegin Stage = "optimization_begin" // manager: before the workers are started
	WorkerBegin       Stage = "worker_begin"       // worker: before its first turn
	// Around the evaluation of a point that the worker itself proposed.
	OptimizerBeforeEval Stage = "optimizer_before_eval"
	OptimizerAfterEval  Stage = "optimizer_after_eval" // its result is not stored yet
	// Around the evaluation of a task from a queue.
	QueueBeforeEval Stage = "optimizer_queue_before_eval"
	QueueAfterEval  Stage = "optimizer_queue_after_eval" // its result is not stored yet
	WorkerEnd       Stage = "worker_end"                 // worker: after its last turn, unless it was killed
	ResultBegin     Stage = "result_begin"               // manager: the workers have ended, the run not yet
	ResultEnd       Stage = "result_end"                 // manager: it is stored how the run ended
	OptimizationEnd Stage = "optimization_end"           // manager: the last of all
)

// Stages lists the stages in their order.
func Stages() []Stage {
	return []Stage{
		OptimizationBegin, WorkerBegin, OptimizerBeforeEval, OptimizerAfterEval, QueueBeforeEval, QueueAfterEval, WorkerEnd,
		ResultBegin, ResultEnd, OptimizationEnd,
	}
}

// An Event is what a callback is told. It must not be changed.
type Event struct {
	Stage   Stage
	Network rush.NetworkID
	Worker  rush.WorkerID // empty for the manager's stages
	// Task is what is evaluated, in the stages around an evaluation, and Result
	// what came of it, in those after one.
	Task   *rush.Task
	Result *rushworker.Result
	// Run is how the run stands, in the manager's stages.
	Run *rush.Run
}

// A Callback is called at stages of a search, by the worker or the manager that
// comes to it, which waits for it meanwhile. With several workers in a process it is
// called by several goroutines.
type Callback struct {
	Name   string // for messages
	Stages []Stage
	Call   func(ctx context.Context, e *Event) error
	// Required ends the run, as failed, when a call fails or panics. Otherwise that
	// is logged, and the search goes on.
	Required bool
	// Timeout bounds a call, through ctx; 0 is a minute. A call that goes on two seconds
	// after its ctx has ended is left alone: its goroutine stays, and has to keep its
	// hands off the event.
	Timeout time.Duration
}

const callbackTimeout = time.Minute

// Callbacks are called in their order.
type Callbacks []Callback

// Call calls those that are for the event's stage. What fails is told to the log;
// the error is that of the required ones. ctx may have ended: callbacks are called
// all the same, and have their own time.
func (c Callbacks) Call(ctx context.Context, e *Event, log *slog.Logger) error {
	var errs []error
	for i := range c {
		if !slices.Contains(c[i].Stages, e.Stage) {
			continue
		}
		err := c[i].call(ctx, e)
		if err == nil {
			continue
		}
		err = fmt.Errorf("callback %s at %s: %w", c[i].Name, e.Stage, err)
		if c[i].Required {
			errs = append(errs, err)
		}
		log.LogAttrs(ctx, slog.LevelWarn, "a callback failed", slog.String("stage", string(e.Stage)), slog.Any("error", err))
	}
	return errors.Join(errs...)
}

func (c *Callback) call(ctx context.Context, e *Event) error {
	timeout := c.Timeout
	if timeout <= 0 {
		timeout = callbackTimeout
	}
	late := fmt.Errorf("it took longer than %v", timeout)
	ctx, cancel := context.WithTimeoutCause(context.WithoutCancel(ctx), timeout, late)
	defer cancel()
	var err error
	done := make(chan error, 1)
	go func() { done <- c.safely(ctx, e) }()
	select {
	case err = <-done:
	case <-ctx.Done():
		abandon := time.NewTimer(abandonAfter)
		defer abandon.Stop()
		select {
		case err = <-done:
		case <-abandon.C:
			return fmt.Errorf("%w, and does not end when its context does; it is left alone", late)
		}
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return late
	}
	return err
}

// safely makes an error of a panic.
func (c *Callback) safely(ctx context.Context, e *Event) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("it panicked: %v", p)
		}
	}()
	return c.Call(ctx, e)
}

// Attend runs a worker's loop between the callbacks for its begin and its end. The
// loops of this package do so by themselves.
func (p *Problem) Attend(ctx context.Context, w *rushworker.Worker, run func(context.Context) error) error {
	p.callBack(ctx, w, &Event{Stage: WorkerBegin})
	defer p.callBack(ctx, w, &Event{Stage: WorkerEnd})
	return run(ctx)
}

// callBack calls the problem's callbacks, and ends the run when a required one
// failed.
func (p *Problem) callBack(ctx context.Context, w *rushworker.Worker, e *Event) {
	if len(p.Callbacks) == 0 {
		return
	}
	e.Network, e.Worker = w.Network(), w.ID()
	err := p.Callbacks.Call(ctx, e, w.Log())
	if err == nil {
		return
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), callbackTimeout)
	defer cancel()
	if err := w.StopNetwork(stop, rush.RunFailed, err.Error()); err != nil {
		w.Log().LogAttrs(ctx, slog.LevelError, "the run could not be ended after a callback failed", slog.Any("error", err))
	}
}

// beforeEval and afterEval call back around an evaluation.
func (p *Problem) beforeEval(ctx context.Context, w *rushworker.Worker, task *rush.Task) {
	if len(p.Callbacks) == 0 {
		return
	}
	stage := QueueBeforeEval
	if wasProposed(task) {
		stage = OptimizerBeforeEval
	}
	p.callBack(ctx, w, &Event{Stage: stage, Task: task})
}

func (p *Problem) afterEval(ctx context.Context, w *rushworker.Worker, task *rush.Task, r *rushworker.Result) {
	if len(p.Callbacks) == 0 {
		return
	}
	stage := QueueAfterEval
	if wasProposed(task) {
		stage = OptimizerAfterEval
	}
	p.callBack(ctx, w, &Event{Stage: stage, Task: task, Result: r})
}

// wasProposed reports whether a worker proposed the task to evaluate it at once: it
// was created running. What waits in a queue starts later.
func wasProposed(task *rush.Task) bool {
	return task.Attempt <= 1 && task.Created.Equal(task.Started)
}
