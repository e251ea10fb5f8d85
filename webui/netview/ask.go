package netview

import (
	"context"
	"errors"
	"fmt"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/rushworker"
	"github.com/rushnet/rush/search"
)

// asClient calls f with the client that a person is to the network.
func (v *view) asClient(ctx context.Context, id rush.WorkerID, f func(*search.Client) error) (err error) {
	cfg := v.client
	if id != "" {
		cfg.ID = id
	}
	c, err := search.OpenClient(ctx, v.Rush, cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close(context.WithoutCancel(ctx))) }()
	return f(c)
}

// Ask takes a task for a person to evaluate.
func (v *view) Ask(ctx context.Context) (task *rush.Task, over string, err error) {
	err = v.asClient(ctx, "", func(c *search.Client) error {
		got, err := c.Ask(ctx, 1, 0)
		if len(got.Tasks) > 0 {
			task = got.Tasks[0]
		}
		over = got.Over
		return err
	})
	if task != nil {
		err = nil // it is the client's, whatever failed after that
	}
	return task, over, err
}

// Tell delivers what came out of a task: as the client that holds it, or at once if it
// is queued still.
func (v *view) Tell(ctx context.Context, key rush.TaskKey, ys rush.Values, condition *rush.Condition) error {
	tasks, err := v.Tasks(ctx, key)
	if err != nil {
		return err
	}
	switch t := tasks[0]; {
	case t.State == rush.Queued && condition != nil:
		return v.FailTasks(ctx, []rush.TaskKey{key}, []*rush.Condition{condition}, nil)
	case t.State == rush.Queued:
		return v.finishQueued(ctx, key, ys)
	case t.State == rush.Running:
		return v.tellAs(ctx, t.Worker, rushworker.Result{Key: key, YS: ys, Condition: condition})
	default:
		return &rush.TaskError{Key: key, Err: fmt.Errorf("%w: it is %s; only of one that is queued, or that a person evaluates, can be told what came out", rush.ErrState, t.State)}
	}
}

// tellAs tells as the worker that holds the task, if that is a person.
func (v *view) tellAs(ctx context.Context, holder rush.WorkerID, r rushworker.Result) error {
	workers, err := v.Workers(ctx)
	if err != nil {
		return err
	}
	for i := range workers {
		if workers[i].ID == holder && workers[i].Client() {
			return v.asClient(ctx, holder, func(c *search.Client) error { return c.Tell(ctx, r) })
		}
	}
	return &rush.TaskError{Key: r.Key, Err: fmt.Errorf("%w: worker %s evaluates it; cancel it first", rush.ErrState, holder)}
}

// finishQueued finishes a task that nobody has taken.
func (v *view) finishQueued(ctx context.Context, key rush.TaskKey, ys rush.Values) error {
	def, err := v.search(ctx)
	if err != nil {
		return err
	}
	var extra rush.Values
	if def != nil {
		if ys, extra, err = def.Codomain.Split(ys); err != nil {
			return &rush.TaskError{Key: key, Err: err}
		}
	}
	return v.FinishTasks(ctx, []rush.TaskKey{key}, []rush.Values{ys}, []rush.Values{extra})
}
