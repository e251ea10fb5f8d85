package sqlitestore

import (
	"fmt"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/wire"
)

// awaited returns the state in which a new task begins that depends on
// others, with the condition if that is failed.
func (t *txn) awaited(parents []rush.TaskKey) (state int64, condition []byte, err error) {
	state = stateQueued
	for _, parent := range parents {
		found, err := t.stateOf(parent)
		switch {
		case err != nil:
			return 0, nil, err
		case found == 0:
			return 0, nil, fmt.Errorf("it depends on %w", &rush.TaskError{Key: parent, Err: rush.ErrNoTask})
		case found == stateFailed && condition == nil:
			condition, err = impossible(parent, "failed")
			if err != nil {
				return 0, nil, err
			}
			state = stateFailed
		case found != stateFinished && state == stateQueued:
			state = stateDeferred
		}
	}
	return state, condition, nil
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

// wait notes whom a deferred task waits for.
func (t *txn) wait(child int64, parents []rush.TaskKey) error {
	for _, parent := range parents {
		err := t.stmt("INSERT OR IGNORE INTO dependencies (parent, child) VALUES (?, ?)").
			int(t.id(int64(parent))).int(child).run()
		if err != nil {
			return err
		}
	}
	return nil
}

// stopWaiting forgets whom a task waited for that is not deferred any more.
func (t *txn) stopWaiting(child int64) error {
	parents, err := t.parents(child)
	for _, parent := range parents {
		if err == nil {
			err = t.stmt("DELETE FROM dependencies WHERE parent = ? AND child = ?").
				int(t.id(int64(parent))).int(child).run()
		}
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

// children returns the deferred tasks that wait for a task, in ascending
// order.
func (t *txn) children(parent int64) (children []int64, err error) {
	if t.net.deferred == 0 {
		return nil, nil
	}
	s := t.stmt("SELECT child FROM dependencies WHERE parent = ? ORDER BY child").int(parent)
	for s.next() {
		children = append(children, s.getInt())
	}
	return children, s.close()
}

// release queues, at the front, the tasks that waited for one that has just
// finished and for nothing else.
func (t *txn) release(parent int64) error {
	children, err := t.children(parent)
	if err != nil {
		return err
	}
	var ready []int64
	for _, child := range children {
		done, err := t.allFinished(child)
		if err != nil {
			return err
		}
		if done {
			ready = append(ready, child)
		}
	}
	position := t.front(len(ready))
	for i, child := range ready {
		if err := t.stopWaiting(child); err != nil {
			return err
		}
		err := t.stmt("UPDATE tasks SET state = 2, holder = queue, position = ? WHERE id = ?").int(position + int64(i)).int(child).run()
		if err != nil {
			return err
		}
		t.net.deferred--
		t.net.queued++
	}
	return nil
}

// front returns the first of n new positions in front of all queues.
func (t *txn) front(n int) int64 {
	if n > 0 {
		t.topics |= topicWork
	}
	t.net.front -= int64(n)
	return t.net.front
}

func (t *txn) allFinished(child int64) (bool, error) {
	parents, err := t.parents(child)
	for _, parent := range parents {
		state, err := t.stateOf(parent)
		if err != nil || state != stateFinished {
			return false, err
		}
	}
	return err == nil, err
}

// doom fails the tasks that waited for one that has just failed or was
// deleted, and those that wait for them.
func (t *txn) doom(parent int64, what string) error {
	children, err := t.children(parent)
	if err != nil || len(children) == 0 {
		return err
	}
	condition, err := impossible(number(parent), what)
	if err != nil {
		return err
	}
	for _, child := range children {
		if err := t.stopWaiting(child); err != nil {
			return err
		}
		err := t.stmt("UPDATE tasks SET state = 5, condition = ?, finished = ? WHERE id = ?").
			blob(condition).int(t.now).int(child).run()
		if err != nil {
			return err
		}
		t.net.deferred--
		t.net.failed++
		if err := t.log(child, 0, stateFailed); err != nil {
			return err
		}
	}
	for _, child := range children {
		if err := t.doom(child, "failed"); err != nil {
			return err
		}
	}
	return nil
}
