package sqlitestore

import (
	"context"
	"fmt"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// A retrial is an ended task that is to be queued again.
type retrial struct {
	row  taskRow
	seed []int32
	on   []rush.TaskKey // what it has to wait for again
}

// Retry queues ended tasks again.
func (n *network) Retry(ctx context.Context, keys []rush.TaskKey, opts store.RetryOptions) error {
	if opts.Seeds != nil && len(opts.Seeds) != len(keys) {
		return n.wrap("retry tasks", fmt.Errorf("%d seeds were given for %d tasks; expected one for each, or none", len(opts.Seeds), len(keys)))
	}
	return n.write(ctx, "retry tasks", func(t *txn) error {
		chosen, err := t.retrials(keys, opts)
		if err != nil {
			return err
		}
		return t.retry(chosen)
	})
}

// retrials looks which tasks are to be queued again, and refuses all if one
// cannot be.
func (t *txn) retrials(keys []rush.TaskKey, opts store.RetryOptions) ([]retrial, error) {
	chosen := make([]retrial, 0, len(keys))
	seen := make(map[rush.TaskKey]bool, len(keys))
	for i, key := range keys {
		if seen[key] {
			continue
		}
		seen[key] = true
		r, err := t.retrial(key, opts.IgnoreLimit)
		if err != nil {
			return nil, &rush.TaskError{Key: key, Err: err}
		}
		if opts.Seeds != nil {
			r.seed = opts.Seeds[i]
		}
		chosen = append(chosen, r)
	}
	for i := range chosen {
		if err := t.possible(&chosen[i], seen); err != nil {
			return nil, &rush.TaskError{Key: number(chosen[i].row.id), Err: err}
		}
	}
	return chosen, nil
}

// retrial looks whether a task, by itself, can be queued again.
func (t *txn) retrial(key rush.TaskKey, ignoreLimit bool) (r retrial, err error) {
	row, found, err := t.task(int64(key))
	switch {
	case err != nil:
		return r, err
	case !found:
		return r, rush.ErrNoTask
	case !ended(row.state):
		return r, stateError("it is %s; only an ended task can be retried", taskState(row.state))
	case !ignoreLimit && !row.hasRetries():
		return r, stateError("it has no retries left (max_retries is %d)", row.maxRetries)
	}
	r.row = row
	if !row.taken {
		r.on, err = t.parents(row.id)
	}
	return r, err
}

// possible returns an error for a task that would have to wait for one that
// stays failed, or is gone.
func (t *txn) possible(r *retrial, retried map[rush.TaskKey]bool) error {
	for _, on := range r.on {
		if retried[on] {
			continue
		}
		state, err := t.stateOf(on)
		switch {
		case err != nil:
			return err
		case state == 0:
			return stateError("it depends on task %d, which is gone", on)
		case state == stateFailed:
			return stateError("it depends on task %d, which failed; retry that", on)
		}
	}
	return nil
}

// retry queues tasks again, in their order, or has them wait.
func (t *txn) retry(chosen []retrial) error {
	var failed []int64
	for i := range chosen {
		r := &chosen[i]
		if r.row.state == stateFailed {
			failed = append(failed, r.row.id)
		}
		if err := t.takeBack(r); err != nil {
			return err
		}
	}
	position := t.front(len(chosen))
	for i := range chosen {
		if err := t.place(&chosen[i], position+int64(i)); err != nil {
			return err
		}
	}
	return t.revive(failed)
}

// takeBack takes an ended task back, for its next attempt.
func (t *txn) takeBack(r *retrial) error {
	finished := r.row.state == stateFinished
	if err := t.leave(&r.row); err != nil {
		return err
	}
	if err := t.log(r.row.id, r.row.attempt, withdrawn); err != nil {
		return err
	}
	if r.seed != nil {
		if err := t.keepAnswer(&r.row); err != nil {
			return err
		}
		if err := t.stmt("UPDATE tasks SET seed = ? WHERE id = ?").blob(encodeSeed(r.seed)).int(r.row.id).run(); err != nil {
			return err
		}
	}
	if err := t.renew(&r.row, false); err != nil || !finished {
		return err
	}
	return t.withdraw(r.row.id)
}

// place queues a task for its next attempt, or has it wait for others.
func (t *txn) place(r *retrial, position int64) error {
	l := newLook(r.on)
	if err := t.look(l); err != nil {
		return err
	}
	if l.unfinished == 0 {
		return t.enqueue(&r.row, position)
	}
	t.net.deferred++
	return t.stmt("UPDATE tasks SET state = 1, unfinished = ? WHERE id = ?").int(l.unfinished).int(r.row.id).run()
}

// requeueEnded is requeue for an attempt that ends now; retried says that who
// delivers it asks for that.
func (t *txn) requeueEnded(row *taskRow, position int64, d *store.Done, retried bool) error {
	err := t.stmt("UPDATE tasks SET finished = ?, ys = ?, ys_extra = ?, condition = ?, " + addSpent + " WHERE id = ?").
		int(t.now).blob(d.YS).blob(d.YSExtra).blob(d.Condition).spent(&d.Spent).int(row.id).run()
	if err != nil {
		return err
	}
	return t.requeue(row, position, retried)
}

// requeue queues a task, which has left its state, for its next attempt.
func (t *txn) requeue(row *taskRow, position int64, retried bool) error {
	if err := t.renew(row, retried); err != nil {
		return err
	}
	return t.enqueue(row, position)
}

// renew gives a task, which has left its state, its next attempt: what is
// known of the last one moves to the attempts. It is to be put into a queue.
func (t *txn) renew(row *taskRow, retried bool) error {
	err := t.stmt(`INSERT INTO attempts (task, number, worker, ys, ys_extra, condition, reports, started, finished, retried)
		SELECT id, attempt, worker, ys, ys_extra, condition, reports, started, finished, ? FROM tasks WHERE id = ?`).bool(retried).int(row.id).run()
	if err != nil {
		return err
	}
	return t.stmt(`UPDATE tasks SET state = 2, holder = NULL, attempt = attempt + 1, history = history + 1, worker = NULL,
		ys = NULL, ys_extra = NULL, condition = NULL, started = 0, finished = 0, progress = NULL, reports = NULL WHERE id = ?`).
		int(row.id).run()
}
