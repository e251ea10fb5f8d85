package search

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/rushworker"
	"github.com/rushnet/rush/table"
)

// Tell delivers what came out of tasks that the client holds. Of each result,
// Key is needed, and YS or Condition: YS with all outputs, of which those that
// the codomain does not name become extras. Attempt, if given, must be the
// task's.
//
// The error joins a *rush.TaskError for each result that was refused: of a task
// that does not exist (rush.ErrNoTask), that is not running or that another
// worker runs (rush.ErrState), or with outputs that do not fit the codomain. The
// others are delivered. Telling the same once more changes nothing; telling
// something else about a task that has ended is refused, and kept as late.
func (c *Client) Tell(ctx context.Context, results ...rushworker.Result) error {
	c.turn.Lock()
	defer c.turn.Unlock()
	if err := c.beat(ctx); err != nil {
		return err
	}
	done, refused, err := c.accept(ctx, results)
	if err != nil {
		return err
	}
	late, err := c.deliver(ctx, done)
	if err != nil {
		return errors.Join(append(refused, err)...)
	}
	for _, key := range late {
		refused = append(refused, c.whyLate(ctx, key))
	}
	if err := c.terminate(ctx); err != nil {
		refused = append(refused, err)
	}
	return errors.Join(append(refused, c.leaveIfAsked(ctx))...)
}

// accept completes the results that can be delivered, and says why the others
// cannot.
func (c *Client) accept(ctx context.Context, results []rushworker.Result) (done []rushworker.Result, refused []error, err error) {
	tasks, err := c.tasks(ctx, results)
	if err != nil {
		return nil, nil, err
	}
	for _, r := range results {
		if err := c.check(&r, tasks[r.Key]); err != nil {
			refused = append(refused, &rush.TaskError{Key: r.Key, Err: err})
			continue
		}
		done = append(done, r)
	}
	return done, refused, nil
}

func (c *Client) tasks(ctx context.Context, results []rushworker.Result) (map[rush.TaskKey]*rush.Task, error) {
	keys := make([]rush.TaskKey, len(results))
	for i, r := range results {
		keys[i] = r.Key
	}
	rows, err := c.w.Rows(ctx, nil, &table.Options{Keys: keys, Fields: rush.FieldWorker | rush.FieldCondition})
	if err != nil {
		return nil, err
	}
	tasks := make(map[rush.TaskKey]*rush.Task, len(rows))
	for _, task := range rows {
		tasks[task.Key] = task
	}
	return tasks, nil
}

// check completes a result about the task, or says why it cannot be delivered.
func (c *Client) check(r *rushworker.Result, task *rush.Task) error {
	switch {
	case task == nil:
		return rush.ErrNoTask
	case task.State.Ended() && (r.Attempt == 0 || r.Attempt == task.Attempt):
		// It may be told once more: the store compares.
	case task.State == rush.Running && task.Worker != c.w.ID():
		return fmt.Errorf("%w: it is run by worker %s, not by %s", rush.ErrState, task.Worker, c.w.ID())
	case task.State != rush.Running:
		return fmt.Errorf("%w: it is %s; who wants to evaluate it has to ask for it", rush.ErrState, task.State)
	case r.Attempt != 0 && r.Attempt != task.Attempt:
		return fmt.Errorf("%w: it is running for the %d. time, and attempt %d is over", rush.ErrState, task.Attempt, r.Attempt)
	}
	r.Attempt = task.Attempt
	if r.Condition != nil {
		return nil
	}
	ys, extra, err := c.p.Codomain.Split(r.YS)
	if err != nil {
		return err
	}
	r.YS = ys
	if len(r.Extra) == 0 {
		r.Extra = extra
	}
	domain, err := c.Domain(task)
	if err != nil || domain == nil {
		return err
	}
	all := c.def.Space.Transformed(domain)
	maps.Copy(all, r.Extra)
	r.Extra = all
	return nil
}

func (c *Client) deliver(ctx context.Context, done []rushworker.Result) (late []rush.TaskKey, err error) {
	if len(done) == 0 {
		return nil, nil
	}
	turn, err := c.w.Next(ctx, rushworker.Step{Done: done})
	return turn.Late, err
}

// whyLate says what has become of a task that was no longer the client's.
func (c *Client) whyLate(ctx context.Context, key rush.TaskKey) error {
	now, err := c.w.Tasks(ctx, key)
	if err != nil {
		return err
	}
	is := string(now[0].State)
	if now[0].Condition != nil {
		is += " (" + now[0].Condition.Error() + ")"
	}
	return &rush.TaskError{Key: key, Err: fmt.Errorf("%w: it is %s already; what was told is kept as late", rush.ErrState, is)}
}
