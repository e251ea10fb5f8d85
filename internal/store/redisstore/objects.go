package redisstore

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// objectsAtOnce is how many objects one script reads.
const objectsAtOnce = 1_000

// LimitObjects sets the limits; see store.Objects.
func (n *network) LimitObjects(ctx context.Context, limits store.ObjectLimits) (store.ObjectLimits, error) {
	set, err := n.limits(ctx, "limit_objects", limits.Inline, limits.Values, limits.Directory, limits.Folder)
	if err == nil {
		err = n.wrap("limit_objects", limits.Refused(set))
	}
	return set, err
}

// ObjectLimits returns the limits; see store.Objects.
func (n *network) ObjectLimits(ctx context.Context) (store.ObjectLimits, error) {
	return n.limits(ctx, "object_limits")
}

func (n *network) limits(ctx context.Context, verb string, args ...any) (limits store.ObjectLimits, err error) {
	r, err := n.call(ctx, verb, args...)
	if err != nil {
		return limits, err
	}
	r.array()
	limits = store.ObjectLimits{Inline: r.int(), Values: r.int(), Directory: r.string(), Folder: r.string()}
	return limits, n.wrap(verb, r.finish())
}

// PutObjects stores objects; see store.Objects.
func (n *network) PutObjects(ctx context.Context, tag string, objects []store.Object) ([]store.Object, error) {
	args := append(make([]any, 0, 3+5*len(objects)), tag, int64(store.TaskOfTag(tag)), len(objects))
	for i := range objects {
		o := &objects[i]
		args = append(args, o.Hash, o.Size, string(o.Place), o.Path, o.Data)
	}
	r, err := n.call(ctx, "put_objects", args...)
	if err != nil {
		return nil, err
	}
	stored := make([]store.Object, r.array())
	for i := range stored {
		r.array()
		stored[i] = store.Object{Hash: objects[i].Hash, Size: r.int(), Place: store.Place(r.string()), Path: r.string(), Put: r.int()}
	}
	return stored, n.wrap("put_objects", r.finish())
}

// Objects reads objects by hash; see store.Objects.
func (n *network) Objects(ctx context.Context, hashes []string, data bool) ([]store.Object, error) {
	found := make([]store.Object, 0, len(hashes))
	for some := range slices.Chunk(hashes, objectsAtOnce) {
		objects, err := n.readObjects(ctx, data, false, some)
		if err != nil {
			return nil, err
		}
		found = append(found, objects...)
	}
	return found, nil
}

// ListObjects lists all objects; see store.Objects.
func (n *network) ListObjects(ctx context.Context) ([]store.Object, error) {
	return n.readObjects(ctx, false, true, nil)
}

func (n *network) readObjects(ctx context.Context, data, tags bool, hashes []string) ([]store.Object, error) {
	args := []any{flag(data), flag(tags)}
	for _, hash := range hashes {
		args = append(args, hash)
	}
	r, err := n.call(ctx, "objects", args...)
	if err != nil {
		return nil, err
	}
	objects := make([]store.Object, r.array())
	for i := range objects {
		r.array()
		o := store.Object{Hash: r.string(), Size: r.int(), Place: store.Place(r.string()), Path: r.string(), Put: r.int(), Data: r.bytes()}
		if o.Tags = readSorted(r); len(o.Tags) == 0 {
			o.Tags = nil
		}
		objects[i] = o
	}
	return objects, n.wrap("objects", r.finish())
}

// readSorted reads a list of names, and sorts it.
func readSorted(r *reply) []string {
	names := make([]string, r.array())
	for i := range names {
		names[i] = r.string()
	}
	slices.Sort(names)
	return names
}

// ObjectTags lists the tags; see store.Objects.
func (n *network) ObjectTags(ctx context.Context) ([]string, error) {
	tags, _, err := n.objectNames(ctx)
	return tags, err
}

// ObjectTrash lists the files that are to be removed; see store.Objects.
func (n *network) ObjectTrash(ctx context.Context) ([]string, error) {
	_, files, err := n.objectNames(ctx)
	return files, err
}

func (n *network) objectNames(ctx context.Context) (tags, files []string, err error) {
	r, err := n.call(ctx, "object_names")
	if err != nil {
		return nil, nil, err
	}
	r.array()
	tags, files = readSorted(r), readSorted(r)
	return tags, files, n.wrap("object_names", r.finish())
}

// DropObjectTags takes tags away; see store.Objects.
func (n *network) DropObjectTags(ctx context.Context, tags []string) ([]string, error) {
	args := []any{newNonce()}
	for _, tag := range tags {
		args = append(args, tag)
	}
	return n.deleted(ctx, "drop_object_tags", args...)
}

// CollectObjects deletes what no tag holds; see store.Objects.
func (n *network) CollectObjects(ctx context.Context, age time.Duration) ([]string, error) {
	return n.deleted(ctx, "collect_objects", newNonce(), age.Microseconds())
}

func (n *network) deleted(ctx context.Context, verb string, args ...any) ([]string, error) {
	r, err := n.call(ctx, verb, args...)
	if err != nil {
		return nil, err
	}
	hashes := readSorted(r)
	return hashes, n.wrap(verb, r.finish())
}

// DestroyObjects deletes all objects; see store.Objects.
func (n *network) DestroyObjects(ctx context.Context) error {
	_, err := n.call(ctx, "destroy_objects")
	return err
}

// EmptyObjectTrash takes removed files off the list; see store.Objects.
func (n *network) EmptyObjectTrash(ctx context.Context, paths []string) error {
	args := make([]any, len(paths))
	for i, path := range paths {
		args[i] = path
	}
	_, err := n.call(ctx, "empty_object_trash", args...)
	return err
}

// noObject is the error of a hash that no object has.
func noObject(hash string) error { return &rush.ObjectError{Hash: hash, Err: rush.ErrNoObject} }

// joinHashes writes hashes as the scripts read them.
func joinHashes(hashes []string) string { return strings.Join(hashes, ",") }
