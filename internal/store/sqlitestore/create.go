package sqlitestore

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// createChunk is how many tasks are created in one transaction, which keeps
// other writers waiting for about 10 ms.
const createChunk = 5000

// Create makes tasks.
func (n *network) Create(ctx context.Context, tasks []store.NewTask, nonce string) ([]rush.TaskKey, error) {
	if nonce == "" {
		return nil, n.wrap("create tasks", errors.New("the nonce is empty; expected one that is unique to the call"))
	}
	if err := store.CheckAfter(tasks); err != nil {
		return nil, n.wrap("create tasks", err)
	}
	var keys []rush.TaskKey
	chunk := 0
	for part := range slices.Chunk(tasks, createChunk) {
		err := n.write(ctx, "create tasks", func(t *txn) error {
			keys = keys[:chunk*createChunk]
			created, err := t.create(part, nonce, chunk, keys)
			keys = append(keys, created...)
			return err
		})
		if err != nil {
			return keys[:chunk*createChunk], err
		}
		chunk++
	}
	return keys, nil
}

// create makes the tasks of one chunk, unless the nonce was used for it
// before; those of the chunks before it have the numbers in before.
func (t *txn) create(tasks []store.NewTask, nonce string, chunk int, before []rush.TaskKey) ([]rush.TaskKey, error) {
	keys, found, err := t.createdBefore(nonce, chunk)
	if found || err != nil {
		return keys, err
	}
	fresh := rush.TaskKey(t.net.next)
	keys = slices.Clone(before)
	for i := range tasks {
		if keys, err = t.createOne(tasks[i], keys, fresh); err != nil {
			return nil, fmt.Errorf("the %d. of %d: %w", i+1, len(tasks), err)
		}
	}
	keys = keys[len(before):]
	return keys, t.rememberCreation(nonce, chunk, keys)
}

// known refuses numbers that were not given before the call.
func known(on []rush.TaskKey, fresh rush.TaskKey) error {
	for _, key := range on {
		if key >= fresh {
			return fmt.Errorf("it depends on %w", &rush.TaskError{Key: key, Err: rush.ErrNoTask})
		}
	}
	return nil
}

// createOne makes a task and appends its number to those before it in the
// call, which begins its numbers with fresh.
func (t *txn) createOne(given store.NewTask, keys []rush.TaskKey, fresh rush.TaskKey) ([]rush.TaskKey, error) {
	task := &given
	key, exists, err := t.numberFor(task)
	if exists || err != nil {
		return append(keys, key), err
	}
	if err := known(task.DependsOn, fresh); err != nil {
		return keys, err
	}
	task.DependsOn = task.Dependencies(keys)
	row := taskRow{id: t.id(int64(key)), created: t.now}
	if err := t.settle(&row, task); err != nil {
		return keys, err
	}
	if err := t.holdForTask(key, task.Objects); err != nil {
		return keys, err
	}
	return append(keys, key), t.insert(&row, task, rush.Spent{})
}

// numberFor returns the number of a new task, and whether it is there already.
func (t *txn) numberFor(task *store.NewTask) (key rush.TaskKey, exists bool, err error) {
	if !task.Fixed {
		key, err = t.nextNumber()
		return key, false, err
	}
	if task.Key < 0 || int64(task.Key) >= t.net.reserved {
		return task.Key, false, fmt.Errorf("the fixed number %d is not one of the %d reserved ones, which begin with 0", task.Key, t.net.reserved)
	}
	exists, err = t.exists("SELECT 1 FROM tasks WHERE id = ?", t.id(int64(task.Key)))
	if exists || err != nil {
		return task.Key, exists, err
	}
	claimed, err := t.exists("SELECT 1 FROM claims WHERE id = ?", t.id(int64(task.Key)))
	if claimed {
		err = fmt.Errorf("the fixed number %d: %w: a worker reserved it before the design did", task.Key, rush.ErrExists)
	}
	return task.Key, false, err
}

// nextNumber hands out the next number.
func (t *txn) nextNumber() (rush.TaskKey, error) {
	key := rush.TaskKey(t.net.next)
	if !holds(key) {
		return key, fmt.Errorf("the network has used up its %d numbers", int64(1)<<numberBits)
	}
	t.net.next++
	return key, nil
}

func (t *txn) exists(sql string, id int64) (bool, error) {
	s := t.stmt(sql).int(id)
	found := s.next()
	return found, s.close()
}

// createdBefore returns the numbers that the nonce gave for a chunk.
func (t *txn) createdBefore(nonce string, chunk int) (keys []rush.TaskKey, found bool, err error) {
	s := t.stmt("SELECT numbers FROM creations WHERE network = ? AND nonce = ? AND chunk = ?").
		int(t.net.id).text(nonce).int(int64(chunk))
	if found = s.next(); found {
		keys = decodeKeys(s.getBlob())
	}
	return keys, found, s.close()
}

// creationsKept is for how long a creation can be repeated, in microseconds.
const creationsKept = 24 * 3600 * 1_000_000

// rememberCreation notes the numbers that the nonce gave, and forgets some of
// the oldest.
func (t *txn) rememberCreation(nonce string, chunk int, keys []rush.TaskKey) error {
	err := t.stmt("DELETE FROM creations WHERE id IN (SELECT id FROM creations ORDER BY id LIMIT 4) AND at < ?").
		int(t.now - creationsKept).run()
	if err != nil {
		return err
	}
	return t.stmt("INSERT INTO creations (network, nonce, chunk, at, numbers) VALUES (?, ?, ?, ?, ?)").
		int(t.net.id).text(nonce).int(int64(chunk)).int(t.now).blob(encodeKeys(keys)).run()
}
