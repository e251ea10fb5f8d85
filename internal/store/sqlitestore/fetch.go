package sqlitestore

import (
	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// A place is one in a queue. Without an id it is none.
type place struct {
	id       int64 // of the task
	taken    bool  // from the budget, before
	position int64
}

// firstQueued returns the task that a step pops: the first that the budget
// has room for, in the first queue that has one.
func (t *txn) firstQueued(step *store.Step) (place, error) {
	if t.net.queued == 0 || !t.net.room() && t.net.requeued == 0 {
		return place{}, nil
	}
	ids, err := t.queueIDs()
	if err != nil {
		return place{}, err
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
		if first, err := t.firstInQueue(queue); first.id != 0 || err != nil {
			return first, err
		}
	}
	return place{}, nil
}

// firstInQueue looks at the two runs of a queue's index: tasks that were taken
// from the budget before, and those that need room in it.
func (t *txn) firstInQueue(queue int64) (first place, err error) {
	for _, taken := range [...]bool{false, true} {
		if !taken && !t.net.room() || taken && t.net.requeued == 0 {
			continue
		}
		s := t.stmt("SELECT position, id FROM tasks INDEXED BY tasks_held WHERE holder = ? AND taken = ? ORDER BY position LIMIT 1").
			int(queue).bool(taken)
		if s.next() {
			if position := s.getInt(); first.id == 0 || position < first.position {
				first = place{s.getInt(), taken, position}
			}
		}
		if err := s.close(); err != nil {
			return place{}, err
		}
	}
	return first, nil
}

// pop has the worker run the first task in its queues.
func (t *txn) pop(step *store.Step, w *workerRow, turn *store.Turn) error {
	first, err := t.firstQueued(step)
	if first.id == 0 || err != nil {
		return err
	}
	record, err := t.record(number(first.id), rush.AllFields)
	if err != nil {
		return err
	}
	row := taskRow{id: first.id, state: stateQueued, taken: first.taken, attempt: int64(record.Attempt)}
	if err := t.leave(&row); err != nil {
		return err
	}
	t.start(&row, w.number)
	t.net.running++
	record.State, record.Attempt, record.Worker, record.Started = rush.Running, int(row.attempt), step.Worker, row.started
	turn.Task = &record
	return t.stmt("UPDATE tasks SET state = 3, attempt = ?, taken = 1, holder = ?, worker = ?, started = ? WHERE id = ?").
		int(row.attempt).int(row.holder()).int(row.worker).int(row.started).int(row.id).run()
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
	if err := t.holdForTask(key, p.Objects); err != nil {
		return err
	}
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
