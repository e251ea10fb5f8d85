package rushworker

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// Pop takes a task from the worker's queues, waiting up to wait for one. Nil
// means that there was none, or that the worker is to end.
func (w *Worker) Pop(ctx context.Context, wait time.Duration) (*rush.Task, error) {
	t, err := w.Next(ctx, Step{Pop: true, Wait: wait})
	return t.Task, err
}

// Take takes a task from the worker's queues or, if there is none, creates one
// that this worker evaluates now: with the next number, and the inputs that
// propose chooses for it, best with what Proposer returns for that number. Nil
// means that the worker is to end, or that the budget has no room for another
// task.
func (w *Worker) Take(ctx context.Context, propose func(key rush.TaskKey) (rush.Values, error)) (*rush.Task, error) {
	for {
		t, err := w.Next(ctx, Step{Pop: true, Claim: true})
		if err != nil || t.Claimed == rush.NoTask {
			return t.Task, err
		}
		began := time.Now()
		xs, err := propose(t.Claimed)
		if err != nil {
			return nil, fmt.Errorf("worker %s: propose task %d: %w", w.id, t.Claimed, err)
		}
		t, err = w.Next(ctx, Step{Propose: &Proposal{Key: t.Claimed, XS: xs, Proposing: time.Since(began)}})
		if err != nil || !t.Rejected {
			return t.Task, err
		}
	}
}

// Finish delivers the outputs of a task. What it was about is over if the task
// was retried, cancelled or given up in the meantime: then the result is kept
// as late, and nothing else happens.
func (w *Worker) Finish(ctx context.Context, task *rush.Task, ys, extra rush.Values) error {
	_, err := w.Next(ctx, Step{Done: []Result{finished(task, ys, extra)}})
	return err
}

// FinishPop is Finish and Pop in one round trip.
func (w *Worker) FinishPop(ctx context.Context, task *rush.Task, ys, extra rush.Values, wait time.Duration) (*rush.Task, error) {
	t, err := w.Next(ctx, Step{Done: []Result{finished(task, ys, extra)}, Pop: true, Wait: wait})
	return t.Task, err
}

// FinishPush is Finish and PushRunning of one point in one round trip. Nil and
// no error means that the worker is to end.
func (w *Worker) FinishPush(ctx context.Context, task *rush.Task, ys, extra, xs rush.Values) (*rush.Task, error) {
	t, err := w.Next(ctx, Step{
		Done:    []Result{finished(task, ys, extra)},
		Propose: &Proposal{Key: rush.NoTask, XS: xs},
	})
	if err == nil && t.Task == nil && t.Exhausted {
		err = fmt.Errorf("worker %s: %w", w.id, rush.ErrExhausted)
	}
	return t.Task, err
}

// Fail ends a task with a condition; nil is rush.DefaultCondition.
func (w *Worker) Fail(ctx context.Context, task *rush.Task, cond *rush.Condition, extra rush.Values) error {
	if cond == nil {
		cond = rush.DefaultCondition()
	}
	r := Result{Key: task.Key, Attempt: task.Attempt, Condition: cond, Extra: extra, Spent: task.Spent}
	_, err := w.Next(ctx, Step{Done: []Result{r}})
	return err
}

func finished(task *rush.Task, ys, extra rush.Values) Result {
	return Result{Key: task.Key, Attempt: task.Attempt, YS: ys, Extra: extra, Spent: task.Spent}
}

// PushRunning creates tasks that this worker evaluates now. It fails with
// rush.ErrExhausted, creating none, when the budget has no room for them.
// While the worker is paused it waits.
func (w *Worker) PushRunning(ctx context.Context, xss ...rush.Values) ([]*rush.Task, error) {
	tasks := make([]rush.Task, len(xss))
	for i, xs := range xss {
		tasks[i].XS = xs
	}
	return w.PushRunningTasks(ctx, tasks)
}

// PushRunningTasks is PushRunning for tasks that have metadata, XSExtra, or
// Options too.
func (w *Worker) PushRunningTasks(ctx context.Context, given []rush.Task) ([]*rush.Task, error) {
	tasks, err := w.encodeNew(ctx, "push running task", given)
	if err != nil || len(tasks) == 0 {
		return nil, err
	}
	for i := range tasks {
		tasks[i].State, tasks[i].Worker = rush.Running, w.id
	}
	if err := w.awaitResumed(ctx); err != nil {
		return nil, err
	}
	var keys []rush.TaskKey
	nonce, began := uuid.NewString(), time.Now()
	err = w.patiently(ctx, "push running tasks", func() (err error) {
		keys, err = w.net.Create(ctx, tasks, nonce)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := make([]*rush.Task, len(keys))
	for i, key := range keys {
		out[i] = &rush.Task{
			Key: key, State: rush.Running, XS: given[i].XS, XSExtra: given[i].XSExtra, Options: given[i].Options, Worker: w.id, Attempt: 1,
		}
		out[i].Spent.Storing = time.Since(began) / time.Duration(len(keys))
		w.handed.out(key)
	}
	return out, nil
}

// PushTasks queues tasks for any worker, this one too, and returns their numbers:
// XS, XSExtra and Options of those that are given. None is queued if one of them
// cannot be. They take nothing from the budget.
func (w *Worker) PushTasks(ctx context.Context, given []rush.Task) (keys []rush.TaskKey, err error) {
	tasks, err := w.encodeNew(ctx, "push task", given)
	if err != nil || len(tasks) == 0 {
		return nil, err
	}
	nonce := uuid.NewString()
	err = w.patiently(ctx, "push tasks", func() (err error) {
		keys, err = w.net.Create(ctx, tasks, nonce)
		return err
	})
	return keys, err
}

// encodeNew encodes tasks that are to be created queued. An error names what was
// to be done with which of them.
func (w *Worker) encodeNew(ctx context.Context, verb string, given []rush.Task) ([]store.NewTask, error) {
	tasks := make([]store.NewTask, len(given))
	for i := range given {
		short, hashes, err := w.extract(ctx, "", given[i].XS)
		var x, extra []byte
		if err == nil {
			x, extra, err = encodeInputs(short, given[i].XSExtra)
		}
		if err != nil {
			return nil, fmt.Errorf("worker %s: %s %d of %d: %w", w.id, verb, i+1, len(given), err)
		}
		tasks[i] = store.NewTask{XS: x, XSExtra: extra, Options: given[i].Options, Objects: hashes}
		if tasks[i].Queue == rush.DefaultQueue {
			tasks[i].Queue = ""
		}
	}
	return tasks, nil
}

// awaitResumed lets messages take effect and waits while the worker is paused,
// unless it is to end.
func (w *Worker) awaitResumed(ctx context.Context) error {
	if !w.paused.Load() && w.mail.empty() {
		w.idle.setBusy(true)
		return nil
	}
	w.step.Lock()
	defer w.step.Unlock()
	w.handleMail(ctx)
	for w.paused.Load() && !w.Terminated() {
		// No queue has anything for it; what it waits for is to be resumed.
		raw := store.Step{Worker: w.id, Pop: true, Queues: []string{}, Idle: true, Wait: w.idle.bound(pausedWait), Interrupt: w.mail.notice}
		if _, err := w.nextLocked(ctx, raw); err != nil {
			return err
		}
		w.handleMail(ctx)
		if reason := w.idle.over(); reason != "" {
			w.Stop(reason)
		}
	}
	w.idle.setBusy(true)
	return nil
}
