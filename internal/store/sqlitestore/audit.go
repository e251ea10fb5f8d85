package sqlitestore

import (
	"context"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// Audit reads everything that the invariants speak of.
func (n *network) Audit(ctx context.Context) (*store.Audit, error) {
	a := &store.Audit{Indexed: map[rush.State][]rush.TaskKey{}}
	err := n.read(ctx, "audit", func(t *txn) error { return t.audit(a) })
	if err != nil {
		return nil, err
	}
	return a, nil
}

func (t *txn) audit(a *store.Audit) (err error) {
	a.Counts, a.Taken, a.Next, a.Reserved = t.net.counts(), t.net.taken, rush.TaskKey(t.net.next), t.net.reserved
	if err := t.auditTasks(a); err != nil {
		return err
	}
	if err := t.auditIndexes(a); err != nil {
		return err
	}
	page := rush.Page{Next: rush.Cursor{Epoch: t.net.epoch}}
	if err := t.scanLog(&page, max(1, t.net.logEnd)); err != nil {
		return err
	}
	a.Log = page.Endings
	if a.Workers, err = t.listWorkers(); err != nil {
		return err
	}
	a.Assigned = map[rush.WorkerID][]rush.TaskKey{}
	for _, w := range a.Workers {
		if len(w.Running) > 0 {
			a.Assigned[w.ID] = w.Running
		}
	}
	return t.auditClaims(a)
}

// auditTasks reads the rows of all tasks.
func (t *txn) auditTasks(a *store.Audit) error {
	s := t.stmt(`SELECT id, state, worker, attempt, taken, ys IS NOT NULL, condition IS NOT NULL
		FROM tasks WHERE id BETWEEN ? AND ? ORDER BY id`).bounds(t.net.id)
	for s.next() {
		if len(a.Tasks)%4096 == 4095 && t.canceled() != nil {
			break
		}
		task := store.AuditTask{Key: number(s.getInt()), State: taskState(s.getInt())}
		worker := s.getInt()
		task.Attempt, task.Taken, task.HasYS, task.HasCondition = int(s.getInt()), s.getBool(), s.getBool(), s.getBool()
		var err error
		if task.Worker, err = t.workerName(worker); err != nil {
			s.close()
			return err
		}
		a.Tasks = append(a.Tasks, task)
	}
	return firstError(s.close(), t.canceled())
}

// auditIndexes reads what the indexes hold: the queues, what workers run,
// and who waits for others. Finished and failed tasks have none but their
// rows.
func (t *txn) auditIndexes(a *store.Audit) (err error) {
	for _, state := range rush.States() {
		if a.Indexed[state], err = t.keys(state); err != nil {
			return err
		}
	}
	return nil
}

func (t *txn) auditClaims(a *store.Audit) error {
	a.Claims = map[rush.TaskKey]rush.WorkerID{}
	s := t.stmt("SELECT id, worker FROM claims WHERE id BETWEEN ? AND ?").bounds(t.net.id)
	for s.next() {
		key := number(s.getInt())
		worker, err := t.workerName(s.getInt())
		if err != nil {
			s.close()
			return err
		}
		a.Claims[key] = worker
	}
	return s.close()
}
