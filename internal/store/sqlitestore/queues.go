package sqlitestore

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// Queues lists the queues that have tasks.
func (n *network) Queues(ctx context.Context) (queues []store.QueueLength, err error) {
	err = n.read(ctx, "list the queues", func(t *txn) error {
		queues = nil
		ids, err := t.queueIDs()
		if err != nil {
			return err
		}
		for name, id := range ids {
			length, err := t.queueLength(id)
			if err != nil {
				return err
			}
			if length > 0 {
				queues = append(queues, store.QueueLength{Name: name, Length: length})
			}
		}
		return nil
	})
	slices.SortFunc(queues, func(a, b store.QueueLength) int { return strings.Compare(a.Name, b.Name) })
	return queues, err
}

func (t *txn) queueLength(id int64) (length int64, err error) {
	s := t.stmt("SELECT count(*) FROM tasks INDEXED BY tasks_held WHERE holder = ?").int(id)
	if s.next() {
		length = s.getInt()
	}
	return length, s.close()
}

// Queue lists tasks of a queue in the order in which they will be taken.
func (n *network) Queue(ctx context.Context, name string, from, most int64) (keys []rush.TaskKey, err error) {
	err = n.read(ctx, "list a queue", func(t *txn) error {
		keys = nil
		ids, err := t.queueIDs()
		if err != nil || ids[name] == 0 {
			return err
		}
		keys, err = t.queuePart(ids[name], from, most)
		return err
	})
	return keys, err
}

// queuePart lists some of the tasks of a queue. Its two runs, taken from the budget before
// or not, are each in order in the index, and merged while they are read.
func (t *txn) queuePart(queue, from, most int64) (keys []rush.TaskKey, err error) {
	const run = "SELECT position, id FROM tasks INDEXED BY tasks_held WHERE holder = ? AND taken = "
	if most <= 0 {
		most = -1 // no limit
	}
	s := t.stmt("SELECT id FROM (" + run + "0 UNION ALL " + run + "1) ORDER BY position LIMIT ? OFFSET ?").int(queue).int(queue).int(most).int(from)
	for s.next() {
		keys = append(keys, number(s.getInt()))
	}
	return keys, s.close()
}

// removeChunk is how many tasks are removed in one transaction.
const removeChunk = 1000

// Remove fails tasks that are queued.
func (n *network) Remove(ctx context.Context, keys []rush.TaskKey, conditions [][]byte) ([]bool, error) {
	const verb = "remove tasks from the queue"
	if len(conditions) != len(keys) {
		return nil, n.wrap(verb, fmt.Errorf("%d conditions were given for %d tasks; expected one for each", len(conditions), len(keys)))
	}
	removed := make([]bool, len(keys))
	for from := 0; from == 0 || from < len(keys); from += removeChunk {
		err := n.write(ctx, verb, func(t *txn) (err error) {
			for i := from; i < min(len(keys), from+removeChunk) && err == nil; i++ {
				removed[i], err = t.remove(keys[i], conditions[i])
			}
			return err
		})
		if err != nil {
			return removed[:from], err
		}
	}
	return removed, nil
}

// remove fails a task if it is queued.
func (t *txn) remove(key rush.TaskKey, condition []byte) (bool, error) {
	row, _, err := t.task(int64(key))
	if err != nil || row.state != stateQueued {
		return false, err
	}
	if err := t.leave(&row); err != nil {
		return false, err
	}
	return true, t.finish(&row, &store.Done{Condition: condition})
}

// queueFor returns the number of the queue that a new task is to wait in.
func (t *txn) queueFor(task *store.NewTask) (int64, error) {
	name := task.Queue
	if task.For != "" {
		w, err := t.worker(task.For)
		if err != nil {
			return 0, err
		}
		if name = ""; w.alive() {
			name = string(task.For)
		}
	}
	return t.queueID(name)
}

// livingQueue returns the number of a queue or, if it is the own one of a
// worker that has ended, that of the shared one.
func (t *txn) livingQueue(queue int64) (int64, error) {
	name, err := t.queueName(queue)
	if err != nil || name == "" {
		return queue, err
	}
	w, err := t.worker(rush.WorkerID(name))
	if err != nil || w.number == 0 || w.state == 0 || w.alive() {
		return queue, err
	}
	return t.queueID("")
}

// moveQueue moves what waits in a worker's own queue to the front of the
// shared one.
func (t *txn) moveQueue(worker rush.WorkerID) error {
	ids, err := t.queueIDs()
	if err != nil || ids[string(worker)] == 0 {
		return err
	}
	keys, err := t.queueKeys(ids[string(worker)])
	if err != nil || len(keys) == 0 {
		return err
	}
	shared, err := t.queueID("")
	if err != nil {
		return err
	}
	position := t.front(len(keys))
	for i, key := range keys {
		row, _, err := t.task(int64(key))
		if err != nil {
			return err
		}
		if err := t.moveTo(&row, shared, position+int64(i)); err != nil {
			return err
		}
	}
	return nil
}

// moveTo moves a queued task to a position of another queue.
func (t *txn) moveTo(row *taskRow, queue, position int64) error {
	if err := t.keepAnswer(row); err != nil {
		return err
	}
	return t.stmt("UPDATE tasks SET queue = ?, holder = ?, position = ? WHERE id = ?").int(queue).int(queue).int(position).int(row.id).run()
}
