package sqlitestore

import (
	"context"
	"fmt"

	"github.com/rushnet/rush"
)

// Delete removes tasks that are not running.
func (n *network) Delete(ctx context.Context, keys []rush.TaskKey) (deleted int, err error) {
	err = n.write(ctx, "delete tasks", func(t *txn) error {
		deleted = 0
		for _, key := range keys {
			found, err := t.delete(key)
			if err != nil {
				return &rush.TaskError{Key: key, Err: err}
			}
			if found {
				deleted++
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return deleted, nil
}

// delete removes a task, if there is one.
func (t *txn) delete(key rush.TaskKey) (found bool, err error) {
	row, found, err := t.task(int64(key))
	if err != nil || !found {
		return false, err
	}
	if row.state == stateRunning {
		return false, stateError("it is running and has to be stopped first")
	}
	if err := t.leave(&row); err != nil {
		return false, err
	}
	if ended(row.state) {
		if err := t.log(row.id, row.attempt, withdrawn); err != nil {
			return false, err
		}
	}
	if err := t.keepAnswer(&row); err != nil {
		return false, err
	}
	t.net.deleted++
	if err := t.doom(row.id, "was deleted"); err != nil {
		return false, err
	}
	if err := t.dropTaskTag(key); err != nil {
		return false, err
	}
	return true, t.deleteRow(&row)
}

// deleteRow removes a task's row and what belongs to it.
func (t *txn) deleteRow(row *taskRow) error {
	if err := t.forgetDependencies(row.id); err != nil {
		return err
	}
	if row.history > 0 {
		for _, sql := range []string{"DELETE FROM attempts WHERE task = ?", "DELETE FROM late WHERE task = ?"} {
			if err := t.stmt(sql).int(row.id).run(); err != nil {
				return err
			}
		}
	}
	return t.stmt("DELETE FROM tasks WHERE id = ?").int(row.id).run()
}

// stateError says why a task's state does not allow something.
func stateError(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{rush.ErrState}, args...)...)
}
