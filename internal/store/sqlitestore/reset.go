package sqlitestore

import (
	"context"
	"errors"
)

// Reset deletes all tasks and what belongs to them.
func (n *network) Reset(ctx context.Context, workers bool) error {
	return n.write(ctx, "reset", func(t *txn) error {
		if err := firstError(t.deleteTasks(), t.dropTaskTags()); err != nil {
			return err
		}
		var err error
		if workers {
			err = errors.Join(t.deleteWorkers(), t.deleteMessages())
		} else {
			// The answer to a worker's last step speaks of tasks that are gone.
			err = t.stmt("UPDATE workers SET nonce = 0, answer = NULL, popped = NULL, kept = NULL WHERE network = ?").int(t.net.id).run()
		}
		if err != nil {
			return err
		}
		t.net.counters = counters{
			epoch: t.net.epoch + 1, next: t.net.reserved, registrations: t.net.registrations, queues: t.net.queues,
		}
		t.net.stopReason = ""
		t.topics = allTopics
		return t.saveRun(runRow{})
	})
}

// deleteTasks deletes the network's tasks, their history, both logs, the claims
// and the nonces.
func (t *txn) deleteTasks() error {
	for _, sql := range []string{
		"DELETE FROM tasks WHERE id BETWEEN ? AND ?",
		"DELETE FROM dependencies WHERE parent BETWEEN ? AND ?",
		"DELETE FROM attempts WHERE task BETWEEN ? AND ?",
		"DELETE FROM late WHERE task BETWEEN ? AND ?",
		"DELETE FROM endings WHERE id BETWEEN ? AND ?",
		"DELETE FROM claims WHERE id BETWEEN ? AND ?",
		"DELETE FROM log_entries WHERE id BETWEEN ? AND ?",
	} {
		if err := t.stmt(sql).bounds(t.net.id).run(); err != nil {
			return err
		}
	}
	if err := t.stmt("UPDATE logs SET next = 0 WHERE network = ?").int(t.net.id).run(); err != nil {
		return err
	}
	for _, sql := range []string{
		"DELETE FROM creations WHERE network = ?",
		"DELETE FROM hashes WHERE network = ?",
	} {
		if err := t.stmt(sql).int(t.net.id).run(); err != nil {
			return err
		}
	}
	return nil
}

func (t *txn) deleteWorkers() error {
	t.interned = true
	t.store.names.forget()
	return t.stmt("DELETE FROM workers WHERE network = ?").int(t.net.id).run()
}
