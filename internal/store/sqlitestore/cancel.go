package sqlitestore

import (
	"context"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/wire"
)

// Cancel fails tasks that have not ended, and tells those that run them.
func (n *network) Cancel(ctx context.Context, keys []rush.TaskKey, condition []byte) (all []store.Cancelled, err error) {
	err = n.write(ctx, "cancel tasks", func(t *txn) error {
		var rows []taskRow
		if all, rows, err = t.cancellable(keys); err != nil {
			return err
		}
		for i := range rows {
			if err := t.cancel(&rows[i], &all[i], condition); err != nil {
				return &rush.TaskError{Key: all[i].Key, Err: err}
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// cancellable reads tasks, none of which may have ended.
func (t *txn) cancellable(keys []rush.TaskKey) (all []store.Cancelled, rows []taskRow, err error) {
	seen := map[rush.TaskKey]bool{}
	for _, key := range keys {
		if seen[key] {
			continue
		}
		seen[key] = true
		row, found, err := t.task(int64(key))
		switch {
		case err != nil:
			return nil, nil, err
		case !found:
			return nil, nil, &rush.TaskError{Key: key, Err: rush.ErrNoTask}
		case ended(row.state):
			return nil, nil, &rush.TaskError{Key: key, Err: stateError("it is %s already", taskState(row.state))}
		}
		c := store.Cancelled{Key: key, State: taskState(row.state)}
		if row.state == stateRunning {
			if c.Worker, err = t.workerName(row.worker); err != nil {
				return nil, nil, err
			}
		}
		all, rows = append(all, c), append(rows, row)
	}
	return all, rows, nil
}

// cancel fails a task, unless it has failed meanwhile with one that it waited
// for.
func (t *txn) cancel(row *taskRow, c *store.Cancelled, condition []byte) error {
	now, _, err := t.task(int64(c.Key))
	if err != nil || ended(now.state) {
		return err
	}
	if err := t.leave(row); err != nil {
		return err
	}
	attempt := row.attempt
	if err := t.finish(row, &store.Done{Condition: condition}); err != nil || c.Worker == "" {
		return err
	}
	argument, err := wire.AppendValue(nil, []any{int64(c.Key), attempt, string(condition)})
	if err == nil {
		c.Message, err = t.send(&store.NewMessage{Command: rush.CommandCancel, Argument: argument}, []rush.WorkerID{c.Worker}, "")
	}
	return err
}
