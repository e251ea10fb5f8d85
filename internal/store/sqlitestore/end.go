package sqlitestore

import (
	"bytes"
	"context"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// End finishes or fails tasks.
func (n *network) End(ctx context.Context, done []store.Done) (outcomes []store.Outcome, err error) {
	err = n.write(ctx, "end tasks", func(t *txn) error {
		outcomes, err = t.endAll(done, nil)
		return err
	})
	return outcomes, err
}

// endAll ends tasks. What it applies is counted for the worker that
// delivered it, if there is one.
func (t *txn) endAll(done []store.Done, by *workerRow) ([]store.Outcome, error) {
	if len(done) == 0 {
		return nil, nil
	}
	outcomes := make([]store.Outcome, len(done))
	for i := range done {
		var err error
		if outcomes[i], err = t.end(&done[i], by); err != nil {
			return nil, err
		}
	}
	return outcomes, nil
}

// end ends one task.
func (t *txn) end(d *store.Done, by *workerRow) (store.Outcome, error) {
	row, found, err := t.task(int64(d.Key))
	if err != nil || !found {
		return store.NotFound, err
	}
	if ended(row.state) || d.Attempt != 0 && int64(d.Attempt) != row.attempt {
		return t.endAgain(&row, d)
	}
	retry := d.Condition != nil && row.state == stateRunning && (d.Requeue || d.Retry && row.hasRetries())
	if by != nil && row.state == stateRunning {
		by.busy += max(0, t.now-row.started) * 1000
	}
	if err := t.leave(&row); err != nil {
		return 0, err
	}
	if retry {
		t.net.alive = t.now
		return store.Retried, t.requeueEnded(&row, t.front(1), d, true)
	}
	if by != nil {
		by.tasks++
	}
	return store.Applied, t.finish(&row, d)
}

const selectTask = `SELECT id, state, attempt, taken, worker, queue, position, started, finished, max_retries, history
	FROM tasks WHERE id = ?`

// task reads what verbs need of a task's row.
func (t *txn) task(number int64) (row taskRow, found bool, err error) {
	if number < 0 || number >= 1<<numberBits {
		return row, false, nil
	}
	s := t.stmt(selectTask).int(t.id(number))
	if found = s.next(); found {
		row = taskRow{
			id: s.getInt(), state: s.getInt(), attempt: s.getInt(), taken: s.getBool(), worker: s.getInt(),
			queue: s.getInt(), position: s.getInt(), started: s.getInt(), finished: s.getInt(),
			maxRetries: s.getInt(), history: s.getInt(),
		}
	}
	return row, found, s.close()
}

// leave takes a task out of its state's counter; the indexes follow its row.
func (t *txn) leave(row *taskRow) error {
	*t.net.in(row.state)--
	if row.state == stateQueued && row.taken {
		t.net.requeued--
	}
	return nil
}

// addSpent adds what an attempt took to what is known of a task.
const addSpent = "proposing = proposing + ?, waiting = waiting + ?, evaluating = evaluating + ?, storing = storing + ?"

// spent binds the values of addSpent.
func (s *stmt) spent(d *rush.Spent) *stmt {
	return s.int(int64(d.Proposing)).int(int64(d.Waiting)).int(int64(d.Evaluating)).int(int64(d.Storing))
}

// finish ends a task that has left its state.
func (t *txn) finish(row *taskRow, d *store.Done) error {
	row.state = stateFinished
	ys := d.YS
	if d.Condition != nil {
		row.state = stateFailed
	} else {
		ys = outputs(ys)
	}
	*t.net.in(row.state)++
	err := t.stmt("UPDATE tasks SET state = ?, holder = NULL, finished = ?, ys = ?, ys_extra = ?, condition = ?, " + addSpent + " WHERE id = ?").
		int(row.state).int(t.now).blob(ys).blob(d.YSExtra).blob(d.Condition).spent(&d.Spent).int(row.id).run()
	if err != nil {
		return err
	}
	if err := t.log(row.id, row.attempt, row.state); err != nil {
		return err
	}
	if row.state == stateFailed {
		return t.doom(row.id, "failed")
	}
	return t.release(row.id)
}

// endAgain judges a Done about an attempt that is over: the same again
// changes nothing, anything else is kept as late, once.
func (t *txn) endAgain(row *taskRow, d *store.Done) (store.Outcome, error) {
	attempt := int64(d.Attempt)
	if attempt == 0 {
		attempt = row.attempt
	}
	over, found, err := t.attemptOver(row, attempt)
	if err != nil {
		return 0, err
	}
	if found && bytes.Equal(over.condition, d.Condition) && sameOutputs(over.ys, d) {
		if over.retried {
			return store.Retried, nil
		}
		return store.Applied, nil
	}
	return store.Late, t.keepLate(row, attempt, over.worker, d)
}

// sameOutputs reports whether an attempt has the outputs that it would have
// by this Done.
func sameOutputs(ys []byte, d *store.Done) bool {
	if d.Condition == nil {
		return bytes.Equal(ys, outputs(d.YS))
	}
	return bytes.Equal(ys, d.YS)
}

// An attemptRow is an attempt that is over.
type attemptRow struct {
	worker        int64
	retried       bool // in place of ending
	ys, condition []byte
}

// attemptOver reads an attempt of a task that is over: an earlier one, or the
// last one of an ended task.
func (t *txn) attemptOver(row *taskRow, attempt int64) (a attemptRow, found bool, err error) {
	var s *stmt
	if attempt == row.attempt {
		s = t.stmt("SELECT worker, 0, ys, condition FROM tasks WHERE id = ?").int(row.id)
	} else {
		s = t.stmt("SELECT worker, retried, ys, condition FROM attempts WHERE task = ? AND number = ?").int(row.id).int(attempt)
	}
	if found = s.next(); found {
		a = attemptRow{s.getInt(), s.getBool(), s.getBlob(), s.getBlob()}
	}
	return a, found, s.close()
}

// keepLate keeps a result that came too late.
func (t *txn) keepLate(row *taskRow, attempt, worker int64, d *store.Done) error {
	s := t.stmt("SELECT 1 FROM late WHERE task = ? AND attempt = ? AND ys IS ? AND condition IS ?").
		int(row.id).int(attempt).blob(d.YS).blob(d.Condition)
	known := s.next()
	if err := s.close(); known || err != nil {
		return err
	}
	if err := t.keepAnswer(row); err != nil {
		return err
	}
	err := t.stmt("INSERT INTO late (task, attempt, worker, ys, condition, at) VALUES (?, ?, ?, ?, ?, ?)").
		int(row.id).int(attempt).optInt(worker).blob(d.YS).blob(d.Condition).int(t.now).run()
	if err != nil {
		return err
	}
	return t.stmt("UPDATE tasks SET history = history + 1 WHERE id = ?").int(row.id).run()
}
