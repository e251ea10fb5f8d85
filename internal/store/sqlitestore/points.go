package sqlitestore

import (
	"context"
	"strconv"

	"github.com/rushnet/rush"
)

// The points that tasks have are two hashes, which go with a reset as all do.
const (
	pointsHash  = "\x00points"  // point -> number
	numbersHash = "\x00numbers" // number -> point
)

// ClaimPoint reserves a point for a task.
func (n *network) ClaimPoint(ctx context.Context, point string, key rush.TaskKey) (holder rush.TaskKey, err error) {
	err = n.write(ctx, "claim a point", func(t *txn) error {
		holder, err = t.holder(point)
		if err != nil || holder == key {
			return err
		}
		if holder != rush.NoTask {
			if used, err := t.isUsed(holder); used || err != nil {
				return err
			}
			if err := t.dropField(numbersHash, numberText(holder)); err != nil {
				return err
			}
		}
		before, found, err := t.field(numbersHash, numberText(key))
		if err == nil && found {
			err = t.dropField(pointsHash, before)
		}
		if err == nil {
			err = t.setField(pointsHash, point, numberText(key))
		}
		if err == nil {
			err = t.setField(numbersHash, numberText(key), point)
		}
		holder = key
		return err
	})
	return holder, err
}

func numberText(key rush.TaskKey) string { return strconv.FormatInt(int64(key), 10) }

// holder returns who has a point; rush.NoTask if nobody has.
func (t *txn) holder(point string) (rush.TaskKey, error) {
	text, found, err := t.field(pointsHash, point)
	if err != nil || !found {
		return rush.NoTask, err
	}
	key, err := strconv.ParseInt(text, 10, 64)
	return rush.TaskKey(key), err
}

// isUsed reports whether a number belongs to a task, or to a worker that claimed
// it.
func (t *txn) isUsed(key rush.TaskKey) (bool, error) {
	used, err := t.exists("SELECT 1 FROM tasks WHERE id = ?", t.id(int64(key)))
	if used || err != nil {
		return used, err
	}
	return t.exists("SELECT 1 FROM claims WHERE id = ? AND worker IS NOT NULL", t.id(int64(key)))
}

// field reads one field of a hash.
func (t *txn) field(hash, name string) (value string, found bool, err error) {
	s := t.stmt("SELECT value FROM hashes WHERE network = ? AND key = ? AND field = ?").int(t.net.id).text(hash).text(name)
	for s.next() {
		value, found = string(s.getBlob()), true
	}
	return value, found, s.close()
}

func (t *txn) setField(hash, name, value string) error {
	return t.stmt("REPLACE INTO hashes (network, key, field, value) VALUES (?, ?, ?, ?)").
		int(t.net.id).text(hash).text(name).blob([]byte(value)).run()
}

func (t *txn) dropField(hash, name string) error {
	return t.stmt("DELETE FROM hashes WHERE network = ? AND key = ? AND field = ?").int(t.net.id).text(hash).text(name).run()
}
