package sqlitestore

import (
	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// firstQueued returns the task that a step pops, or 0: the first that the
// budget has room for, in the first queue that has one.
func (t *txn) firstQueued(step *store.Step) (id int64, err error) {
	if t.net.queued == 0 || !t.net.room() && t.net.requeued == 0 {
		return 0, nil
	}
	ids, err := t.queueIDs()
	if err != nil {
		return 0, err
	}
	queues := step.Queues
	if queues == nil {
		queues = []string{string(step.Worker), ""}
	}
	for _, name := range queues {
		queue := ids[name]
		if queue == 0 {
			continue
		}
		if id, err = t.firstInQueue(queue); id != 0 || err != nil {
			return id, err
		}
	}
	return 0, nil
}

// firstInQueue looks at the two runs of a queue's index: tasks that were taken
// from the budget before, and those that need room in it.
func (t *txn) firstInQueue(queue int64) (id int64, err error) {
	var position int64
	for taken := int64(0); taken <= 1; taken++ {
		if taken == 0 && !t.net.room() || taken == 1 && t.net.requeued == 0 {
			continue
		}
		s := t.stmt("SELECT position, id FROM tasks INDEXED BY tasks_queued WHERE queue = ? AND taken = ? AND state = 2 ORDER BY position LIMIT 1").
			int(queue).int(taken)
		if s.next() {
			if p := s.getInt(); id == 0 || p < position {
				position, id = p, s.getInt()
			}
		}
		if err := s.close(); err != nil {
			return 0, err
		}
	}
	return id, nil
}

// pop has the worker run the first task in its queues.
func (t *txn) pop(step *store.Step, w *workerRow, turn *store.Turn) error {
	id, err := t.firstQueued(step)
	if id == 0 || err != nil {
		return err
	}
	row, _, err := t.task(int64(number(id)))
	if err != nil {
		return err
	}
	if err := t.leave(&row); err != nil {
		return err
	}
	t.start(&row, w.number)
	t.net.running++
	err = t.stmt("UPDATE tasks SET state = 3, attempt = ?, taken = 1, worker = ?, started = ? WHERE id = ?").
		int(row.attempt).int(row.worker).int(row.started).int(id).run()
	if err != nil {
		return err
	}
	record, err := t.record(number(id), rush.AllFields)
	turn.Task = &record
	return err
}

// propose creates a task that the worker runs.
func (t *txn) propose(p *store.Proposal, w *workerRow, turn *store.Turn) error {
	key := p.Key
	row := taskRow{created: t.now}
	switch {
	case key != rush.NoTask:
		held, err := t.spendClaim(key, w)
		if turn.Rejected = !held; !held || err != nil {
			return err
		}
		row.taken = true
	case !t.net.room():
		return nil
	default:
		var err error
		if key, err = t.nextNumber(); err != nil {
			return err
		}
	}
	row.id = t.id(int64(key))
	t.start(&row, w.number)
	task := store.NewTask{XS: p.XS, XSExtra: p.XSExtra, Options: p.Options}
	var err error
	if row.queue, err = t.queueID(p.Queue); err != nil {
		return err
	}
	t.net.tasks++
	t.net.running++
	turn.Created, turn.Started = key, row.started
	return t.insert(&row, &task, p.Spent)
}

// spendClaim takes a number from a worker that holds it, and reports whether
// it did.
func (t *txn) spendClaim(key rush.TaskKey, w *workerRow) (held bool, err error) {
	if !holds(key) {
		return false, nil
	}
	s := t.stmt("DELETE FROM claims WHERE id = ? AND worker = ? RETURNING 1").int(t.id(int64(key))).int(w.number)
	for s.next() {
		held = true
		t.net.claimed--
	}
	return held, s.close()
}

// claim reserves a number for the worker: the smallest of the pool, which was
// taken from the budget before, else the next.
func (t *txn) claim(w *workerRow, turn *store.Turn) error {
	if t.net.pooled > 0 {
		s := t.stmt(`UPDATE claims SET worker = ? WHERE id =
			(SELECT id FROM claims WHERE id BETWEEN ? AND ? AND worker IS NULL ORDER BY id LIMIT 1) RETURNING id`).
			int(w.number).bounds(t.net.id)
		for s.next() {
			turn.Claimed = number(s.getInt())
			t.net.pooled--
			t.net.claimed++
		}
		return s.close()
	}
	if !t.net.room() {
		return nil
	}
	key, err := t.nextNumber()
	if err != nil {
		return err
	}
	turn.Claimed = key
	t.net.taken++
	t.net.claimed++
	return t.stmt("INSERT INTO claims (id, worker) VALUES (?, ?)").int(t.id(int64(key))).int(w.number).run()
}
