package sqlitestore

import (
	"slices"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// hold has a tag hold an object.
func (t *txn) hold(tag, hash string) error {
	return t.stmt("INSERT OR IGNORE INTO object_tags (network, tag, hash) VALUES (?, ?, ?)").
		int(t.net.id).text(tag).text(hash).run()
}

// lacksNone returns an error if one of the objects is not there.
func (t *txn) lacksNone(hashes []string) error {
	for _, hash := range hashes {
		o, err := t.object(hash, false)
		if err == nil && o.Place == "" {
			err = &rush.ObjectError{Hash: hash, Err: rush.ErrNoObject}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// holdForTask has a task's tag hold its objects, which must be there.
func (t *txn) holdForTask(key rush.TaskKey, hashes []string) error {
	err := t.lacksNone(hashes)
	for _, hash := range hashes {
		if err == nil {
			err = t.hold(store.TaskTag(key), hash)
		}
	}
	return err
}

// dropTag takes a tag away and deletes the objects that no other holds. It
// returns their hashes.
func (t *txn) dropTag(tag string) ([]string, error) {
	held, err := t.texts(t.stmt("DELETE FROM object_tags WHERE network = ? AND tag = ? RETURNING hash").int(t.net.id).text(tag))
	if err != nil || len(held) == 0 {
		return nil, err
	}
	var deleted []string
	for _, hash := range held {
		s := t.stmt("SELECT 1 FROM object_tags WHERE network = ? AND hash = ? LIMIT 1").int(t.net.id).text(hash)
		other := s.next()
		if err := s.close(); err != nil {
			return nil, err
		}
		if !other {
			deleted = append(deleted, hash)
		}
	}
	slices.Sort(deleted)
	return deleted, t.deleteObjects(deleted)
}

func (t *txn) dropTaskTag(key rush.TaskKey) error {
	_, err := t.dropTag(store.TaskTag(key))
	return err
}

// dropTaskTags takes away the tags of all tasks.
func (t *txn) dropTaskTags() error {
	tags, err := t.texts(t.stmt("SELECT DISTINCT tag FROM object_tags WHERE network = ?").int(t.net.id))
	for _, tag := range tags {
		if err == nil && store.TaskOfTag(tag) != rush.NoTask {
			_, err = t.dropTag(tag)
		}
	}
	return err
}

// deleteObjects deletes objects; their files go to the trash.
func (t *txn) deleteObjects(hashes []string) error {
	for _, hash := range hashes {
		err := t.stmt(`INSERT OR IGNORE INTO object_trash (network, path)
			SELECT network, path FROM objects WHERE network = ? AND hash = ? AND place = ?`).
			int(t.net.id).text(hash).text(string(store.Offloaded)).run()
		if err == nil {
			err = t.stmt("DELETE FROM objects WHERE network = ? AND hash = ?").int(t.net.id).text(hash).run()
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// destroyObjects deletes all objects and tags.
func (t *txn) destroyObjects() error {
	hashes, err := t.texts(t.stmt("SELECT hash FROM objects WHERE network = ?").int(t.net.id))
	if err != nil {
		return err
	}
	if err := t.deleteObjects(hashes); err != nil {
		return err
	}
	return t.stmt("DELETE FROM object_tags WHERE network = ?").int(t.net.id).run()
}
