package sqlitestore

import (
	"context"
	"fmt"
	"log/slog"
	"slices"

	"github.com/rushnet/rush"
)

// DeleteWorkers forgets workers that have ended.
func (n *network) DeleteWorkers(ctx context.Context, ids []rush.WorkerID) (deleted []rush.WorkerID, err error) {
	err = n.write(ctx, "delete workers", func(t *txn) error {
		chosen, err := t.exited(ids)
		if err != nil {
			return err
		}
		deleted = nil
		for _, w := range chosen {
			if err := t.deleteWorker(w); err != nil {
				return err
			}
			deleted = append(deleted, w.id)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return deleted, nil
}

// An exitedWorker is a worker that has ended.
type exitedWorker struct {
	number int64
	id     rush.WorkerID
}

// exited lists those of the workers that have ended, by the order of
// registration; nil means all. It is an error if one that is named lives.
func (t *txn) exited(ids []rush.WorkerID) (chosen []exitedWorker, err error) {
	s := t.stmt("SELECT id, name, state FROM workers WHERE network = ? AND state > 0 ORDER BY position").int(t.net.id)
	var alive rush.WorkerID
	for s.next() {
		w := exitedWorker{s.getInt(), rush.WorkerID(s.getText())}
		lives := workerState(s.getInt()).Alive()
		named := slices.Contains(ids, w.id)
		switch {
		case lives && named && alive == "":
			alive = w.id
		case !lives && (named || ids == nil):
			chosen = append(chosen, w)
		}
	}
	if err := s.close(); err != nil {
		return nil, err
	}
	if alive != "" {
		return nil, fmt.Errorf("worker %s: %w", alive, rush.ErrAlive)
	}
	return chosen, nil
}

// deleteWorker leaves nothing of a worker but its name.
func (t *txn) deleteWorker(w exitedWorker) error {
	err := t.stmt("DELETE FROM workers WHERE id = ?").int(w.number).run()
	if err != nil {
		return err
	}
	err = t.stmt("INSERT INTO workers (id, network, name, state) VALUES (?, ?, ?, ?)").
		int(w.number).int(t.net.id).text(string(w.id)).int(workerDeleted).run()
	if err != nil {
		return err
	}
	return t.event(w.id, slog.LevelInfo, "deleted", nil)
}
