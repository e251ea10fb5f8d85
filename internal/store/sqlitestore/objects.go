package sqlitestore

import (
	"context"
	"slices"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// LimitObjects sets the limits.
func (n *network) LimitObjects(ctx context.Context, limits store.ObjectLimits) (set store.ObjectLimits, err error) {
	err = n.write(ctx, "limit objects", func(t *txn) error {
		if set, err = t.objectLimits(); err != nil {
			return err
		}
		if set.Set() {
			return limits.Refused(set)
		}
		set = limits
		return t.stmt("INSERT INTO object_limits (network, inline_limit, value_limit, directory, folder) VALUES (?, ?, ?, ?, ?)").
			int(t.net.id).int(limits.Inline).int(limits.Values).text(limits.Directory).text(limits.Folder).run()
	})
	return set, err
}

// ObjectLimits returns the limits.
func (n *network) ObjectLimits(ctx context.Context) (limits store.ObjectLimits, err error) {
	err = n.read(ctx, "read the limits of objects", func(t *txn) error {
		limits, err = t.objectLimits()
		return err
	})
	return limits, err
}

func (t *txn) objectLimits() (l store.ObjectLimits, err error) {
	s := t.stmt("SELECT inline_limit, value_limit, directory, folder FROM object_limits WHERE network = ?").int(t.net.id)
	if s.next() {
		l = store.ObjectLimits{Inline: s.getInt(), Values: s.getInt(), Directory: s.getText(), Folder: s.getText()}
	}
	return l, s.close()
}

// PutObjects stores objects under a tag.
func (n *network) PutObjects(ctx context.Context, tag string, objects []store.Object) (stored []store.Object, err error) {
	err = n.write(ctx, "put objects", func(t *txn) error {
		stored = nil
		if key := store.TaskOfTag(tag); key != rush.NoTask {
			found, err := t.exists("SELECT 1 FROM tasks WHERE id = ?", t.id(int64(key)))
			if err != nil {
				return err
			}
			if !found {
				return &rush.TaskError{Key: key, Err: rush.ErrNoTask}
			}
		}
		for i := range objects {
			o, err := t.putObject(&objects[i])
			if err == nil && tag != "" {
				err = t.hold(tag, o.Hash)
			}
			if err != nil {
				return err
			}
			stored = append(stored, o)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return stored, nil
}

// putObject stores one object and returns how it is stored.
func (t *txn) putObject(o *store.Object) (store.Object, error) {
	was, err := t.object(o.Hash, false)
	if err != nil {
		return was, err
	}
	if was.Place != "" && (was.Place != store.Reference || o.Place == store.Reference) {
		was.Put = t.now
		return was, t.stmt("UPDATE objects SET put = ? WHERE network = ? AND hash = ?").int(t.now).int(t.net.id).text(o.Hash).run()
	}
	data := o.Data
	if o.Place != store.Inline {
		data = nil
	} else if data == nil {
		data = []byte{}
	}
	now := store.Object{Hash: o.Hash, Size: o.Size, Place: o.Place, Path: o.Path, Put: t.now}
	return now, t.stmt("REPLACE INTO objects (network, hash, size, place, path, put, data) VALUES (?, ?, ?, ?, ?, ?, ?)").
		int(t.net.id).text(o.Hash).int(o.Size).text(string(o.Place)).text(o.Path).int(t.now).blob(data).run()
}

// Objects reads objects by hash.
func (n *network) Objects(ctx context.Context, hashes []string, data bool) (objects []store.Object, err error) {
	err = n.read(ctx, "read objects", func(t *txn) error {
		for _, hash := range hashes {
			o, err := t.object(hash, data)
			if err != nil {
				return err
			}
			objects = append(objects, o)
		}
		return nil
	})
	return objects, err
}

func (t *txn) object(hash string, data bool) (store.Object, error) {
	o := store.Object{Hash: hash}
	s := t.stmt("SELECT size, place, path, put, CASE WHEN ? THEN data END FROM objects WHERE network = ? AND hash = ?").
		bool(data).int(t.net.id).text(hash)
	if s.next() {
		o.Size, o.Place, o.Path, o.Put, o.Data = s.getInt(), store.Place(s.getText()), s.getText(), s.getInt(), s.getBlob()
	}
	return o, s.close()
}

// ListObjects lists all objects.
func (n *network) ListObjects(ctx context.Context) (objects []store.Object, err error) {
	err = n.read(ctx, "list objects", func(t *txn) error {
		s := t.stmt("SELECT hash, size, place, path, put FROM objects WHERE network = ? ORDER BY hash").int(t.net.id)
		for s.next() {
			objects = append(objects, store.Object{
				Hash: s.getText(), Size: s.getInt(), Place: store.Place(s.getText()), Path: s.getText(), Put: s.getInt(),
			})
		}
		if err := s.close(); err != nil {
			return err
		}
		for i := range objects {
			const sql = "SELECT tag FROM object_tags WHERE network = ? AND hash = ? ORDER BY tag"
			if objects[i].Tags, err = t.texts(t.stmt(sql).int(t.net.id).text(objects[i].Hash)); err != nil {
				return err
			}
		}
		return nil
	})
	return objects, err
}

// ObjectTags lists the tags.
func (n *network) ObjectTags(ctx context.Context) ([]string, error) {
	return n.texts(ctx, "list the tags of objects", "SELECT DISTINCT tag FROM object_tags WHERE network = ? ORDER BY tag")
}

// ObjectTrash lists the files that are to be removed.
func (n *network) ObjectTrash(ctx context.Context) ([]string, error) {
	return n.texts(ctx, "list the files of deleted objects", "SELECT path FROM object_trash WHERE network = ? ORDER BY path")
}

func (n *network) texts(ctx context.Context, verb, sql string) (list []string, err error) {
	err = n.read(ctx, verb, func(t *txn) error {
		list, err = t.texts(t.stmt(sql).int(t.net.id))
		return err
	})
	return list, err
}

// texts reads the rows of a statement with one column.
func (t *txn) texts(s *stmt) (list []string, err error) {
	for s.next() {
		list = append(list, s.getText())
	}
	return list, s.close()
}

// DropObjectTags takes tags away.
func (n *network) DropObjectTags(ctx context.Context, tags []string) (deleted []string, err error) {
	err = n.write(ctx, "drop tags of objects", func(t *txn) error {
		deleted = nil
		for _, tag := range tags {
			hashes, err := t.dropTag(tag)
			if err != nil {
				return err
			}
			deleted = append(deleted, hashes...)
		}
		slices.Sort(deleted)
		return nil
	})
	return deleted, err
}

// CollectObjects deletes what no tag holds.
func (n *network) CollectObjects(ctx context.Context, age time.Duration) (deleted []string, err error) {
	err = n.write(ctx, "collect objects", func(t *txn) error {
		deleted, err = t.texts(t.stmt(`SELECT hash FROM objects o WHERE network = ? AND put <= ? AND NOT EXISTS
			(SELECT 1 FROM object_tags g WHERE g.network = o.network AND g.hash = o.hash) ORDER BY hash`).
			int(t.net.id).int(t.now - age.Microseconds()))
		if err != nil {
			return err
		}
		return t.deleteObjects(deleted)
	})
	return deleted, err
}

// DestroyObjects deletes all objects and tags.
func (n *network) DestroyObjects(ctx context.Context) error {
	return n.write(ctx, "destroy objects", (*txn).destroyObjects)
}

// EmptyObjectTrash takes removed files off the list.
func (n *network) EmptyObjectTrash(ctx context.Context, paths []string) error {
	return n.write(ctx, "empty the trash of objects", func(t *txn) error {
		for _, path := range paths {
			if err := t.stmt("DELETE FROM object_trash WHERE network = ? AND path = ?").int(t.net.id).text(path).run(); err != nil {
				return err
			}
		}
		return nil
	})
}
