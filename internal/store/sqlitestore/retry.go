package sqlitestore

import (
	"context"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// Retry queues ended tasks again.
func (n *network) Retry(ctx context.Context, keys []rush.TaskKey, opts store.RetryOptions) error {
	return n.write(ctx, "retry tasks", func(t *txn) error {
		position := t.front(len(keys))
		for i, key := range keys {
			var seed []int32
			if i < len(opts.Seeds) {
				seed = opts.Seeds[i]
			}
			if err := t.retry(key, position+int64(i), seed, opts.IgnoreLimit); err != nil {
				return &rush.TaskError{Key: key, Err: err}
			}
		}
		return nil
	})
}

// retry queues an ended task again.
func (t *txn) retry(key rush.TaskKey, position int64, seed []int32, ignoreLimit bool) error {
	row, found, err := t.task(int64(key))
	switch {
	case err != nil:
		return err
	case !found:
		return rush.ErrNoTask
	case !ended(row.state):
		return stateError("it is %s; only an ended task can be retried", taskState(row.state))
	case !ignoreLimit && !row.hasRetries():
		return stateError("it has no retries left (max_retries is %d)", row.maxRetries)
	}
	if err := t.leave(&row); err != nil {
		return err
	}
	if err := t.log(row.id, row.attempt, withdrawn); err != nil {
		return err
	}
	if seed != nil {
		if err := t.keepAnswer(&row); err != nil {
			return err
		}
		if err := t.stmt("UPDATE tasks SET seed = ? WHERE id = ?").blob(encodeSeed(seed)).int(row.id).run(); err != nil {
			return err
		}
	}
	return t.requeue(&row, position, false)
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

// requeue queues a task, which has left its state, for its next attempt: what
// is known of the last one moves to the attempts.
func (t *txn) requeue(row *taskRow, position int64, retried bool) error {
	err := t.stmt(`INSERT INTO attempts (task, number, worker, ys, ys_extra, condition, started, finished, retried)
		SELECT id, attempt, worker, ys, ys_extra, condition, started, finished, ? FROM tasks WHERE id = ?`).bool(retried).int(row.id).run()
	if err != nil {
		return err
	}
	t.net.queued++
	if row.taken {
		t.net.requeued++
	}
	return t.stmt(`UPDATE tasks SET state = 2, holder = queue, attempt = attempt + 1, position = ?, history = history + 1, worker = NULL,
		ys = NULL, ys_extra = NULL, condition = NULL, started = 0, finished = 0, progress = NULL WHERE id = ?`).
		int(position).int(row.id).run()
}
