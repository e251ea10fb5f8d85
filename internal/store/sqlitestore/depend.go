package sqlitestore

import (
	"fmt"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/wire"
)

// What is counted once need not be looked for again: a deferred task knows how
// many of those that it depends on have not finished, and each finish of one
// counts down. So a chain and a fan take time in proportion to their size.

// A look is at how the tasks that one depends on stand. It can be gone on with
// when the one that it stopped at has changed.
type look struct {
	on         []rush.TaskKey
	at         int
	seen       map[rush.TaskKey]bool
	unfinished int64
	by         rush.TaskKey // the first that failed or is gone; NoTask if none
	gone       bool
}

func newLook(on []rush.TaskKey) *look {
	return &look{on: on, seen: make(map[rush.TaskKey]bool, len(on)), by: rush.NoTask}
}

// look looks on up to the first that failed or is gone.
func (t *txn) look(l *look) error {
	for l.by = rush.NoTask; l.at < len(l.on); l.at++ {
		key := l.on[l.at]
		if l.seen[key] {
			continue
		}
		state, err := t.stateOf(key)
		if err != nil {
			return err
		}
		if state == stateFailed || state == 0 {
			l.by, l.gone = key, state == 0
			return nil
		}
		l.seen[key] = true
		if state != stateFinished {
			l.unfinished++
		}
	}
	return nil
}

// settleWaiting decides in which state a new task begins that may depend on
// others, which must exist.
func (t *txn) settleWaiting(row *taskRow, on []rush.TaskKey) error {
	row.state = stateQueued
	l := newLook(on)
	if err := t.look(l); err != nil {
		return err
	}
	for _, key := range on[min(l.at, len(on)):] {
		state, err := t.stateOf(key)
		if err == nil && state == 0 {
			err = fmt.Errorf("it depends on %w", &rush.TaskError{Key: key, Err: rush.ErrNoTask})
		}
		if err != nil {
			return err
		}
	}
	var err error
	switch {
	case l.by != rush.NoTask:
		row.state = stateFailed
		row.condition, err = impossible(l.by, "failed")
	case l.unfinished > 0:
		row.state, row.unfinished = stateDeferred, l.unfinished
	}
	return err
}

// stateOf returns the state of a task; 0 if there is none.
func (t *txn) stateOf(key rush.TaskKey) (state int64, err error) {
	if !holds(key) {
		return 0, nil
	}
	s := t.stmt("SELECT state FROM tasks WHERE id = ?").int(t.id(int64(key)))
	if s.next() {
		state = s.getInt()
	}
	return state, s.close()
}

// impossible returns the condition of a task that depends on one that failed
// or was deleted.
func impossible(parent rush.TaskKey, what string) ([]byte, error) {
	return defaultCondition(&rush.Condition{
		Class: rush.ClassImpossible, Message: fmt.Sprintf("depends on task %d, which %s", parent, what),
	})
}

// defaultCondition encodes a condition that the store gives by itself.
func defaultCondition(c *rush.Condition) ([]byte, error) { return wire.EncodeCondition(c) }

// depend notes whom a task depends on.
func (t *txn) depend(child int64, parents []rush.TaskKey) error {
	for _, parent := range parents {
		err := t.stmt("INSERT OR IGNORE INTO dependencies (parent, child) VALUES (?, ?)").
			int(t.id(int64(parent))).int(child).run()
		if err != nil {
			return err
		}
	}
	return nil
}

// forgetDependencies forgets whom a task that is deleted depends on and, if
// its number cannot be given again, who depends on it.
func (t *txn) forgetDependencies(id int64) error {
	parents, err := t.parents(id)
	for _, parent := range parents {
		if err == nil {
			err = t.stmt("DELETE FROM dependencies WHERE parent = ? AND child = ?").int(t.id(int64(parent))).int(id).run()
		}
	}
	if err == nil && int64(number(id)) >= t.net.reserved {
		err = t.stmt("DELETE FROM dependencies WHERE parent = ?").int(id).run()
	}
	return err
}

func (t *txn) parents(child int64) (parents []rush.TaskKey, err error) {
	s := t.stmt("SELECT depends_on FROM tasks WHERE id = ?").int(child)
	if s.next() {
		parents = decodeKeys(s.getBlob())
	}
	return parents, s.close()
}

// children returns the tasks that depend on one, in ascending order.
func (t *txn) children(parent int64) (children []int64, err error) {
	s := t.stmt("SELECT child FROM dependencies WHERE parent = ? ORDER BY child").int(parent)
	for s.next() {
		children = append(children, s.getInt())
	}
	return children, s.close()
}

// release queues, at the front, the tasks that waited for one that has just
// finished and for nothing else.
func (t *txn) release(parent int64) error {
	if t.net.deferred == 0 {
		return nil
	}
	children, err := t.children(parent)
	if err != nil {
		return err
	}
	var ready []int64
	for _, child := range children {
		s := t.stmt("UPDATE tasks SET unfinished = unfinished - 1 WHERE id = ? AND state = 1 RETURNING unfinished").int(child)
		if s.next() && s.getInt() == 0 {
			ready = append(ready, child)
		}
		if err := s.close(); err != nil {
			return err
		}
	}
	position := t.front(len(ready))
	for i, child := range ready {
		row, _, err := t.task(int64(number(child)))
		if err != nil {
			return err
		}
		if err := t.leave(&row); err != nil {
			return err
		}
		if err := t.enqueue(&row, position+int64(i)); err != nil {
			return err
		}
	}
	return nil
}

// enqueue queues a task, which has left its state, at a position.
func (t *txn) enqueue(row *taskRow, position int64) error {
	t.net.queued++
	if row.taken {
		t.net.requeued++
	}
	queue, err := t.livingQueue(row.queue)
	if err != nil {
		return err
	}
	if queue != row.queue {
		if err := t.moveTo(row, queue, position); err != nil {
			return err
		}
	}
	return t.stmt("UPDATE tasks SET state = 2, holder = queue, position = ? WHERE id = ?").int(position).int(row.id).run()
}

// front returns the first of n new positions in front of all queues.
func (t *txn) front(n int) int64 {
	if n > 0 {
		t.topics |= topicWork
	}
	t.net.front -= int64(n)
	return t.net.front
}

// withdraw has those that are deferred wait for a task that had finished, and
// goes back.
func (t *txn) withdraw(parent int64) error {
	if t.net.deferred == 0 {
		return nil
	}
	return t.stmt(`UPDATE tasks SET unfinished = unfinished + 1
		WHERE id IN (SELECT child FROM dependencies WHERE parent = ?) AND state = 1`).int(parent).run()
}

// doom fails the tasks that waited for one that has just failed or was
// deleted, and those that wait for them.
func (t *txn) doom(parent int64, what string) error {
	for left := []int64{parent}; len(left) > 0 && t.net.deferred > 0; what = "failed" {
		parent, left = left[len(left)-1], left[:len(left)-1]
		children, err := t.children(parent)
		if err != nil {
			return err
		}
		condition, err := impossible(number(parent), what)
		if err != nil {
			return err
		}
		for _, child := range children {
			failed, err := t.fail(child, condition)
			if err != nil {
				return err
			}
			if failed {
				left = append(left, child)
			}
		}
	}
	return nil
}

// fail fails a task if it is deferred.
func (t *txn) fail(child int64, condition []byte) (failed bool, err error) {
	var attempt int64
	s := t.stmt("UPDATE tasks SET state = 5, condition = ?, finished = ? WHERE id = ? AND state = 1 RETURNING attempt").
		blob(condition).int(t.now).int(child)
	if failed = s.next(); failed {
		attempt = s.getInt()
	}
	if err := s.close(); err != nil || !failed {
		return false, err
	}
	t.net.deferred--
	t.net.failed++
	return true, t.log(child, attempt, stateFailed)
}
