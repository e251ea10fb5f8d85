package storetest

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// modelObjects is the object store of a model.
type modelObjects struct {
	limits *store.ObjectLimits
	byHash map[string]*store.Object
	tags   map[string]map[string]bool // the hashes that each tag holds
	trash  map[string]bool
}

func newModelObjects() modelObjects {
	return modelObjects{byHash: map[string]*store.Object{}, tags: map[string]map[string]bool{}, trash: map[string]bool{}}
}

// lacks returns an error if one of the objects is not there.
func (o *modelObjects) lacks(hashes []string) error {
	for _, hash := range hashes {
		if o.byHash[hash] == nil {
			return &rush.ObjectError{Hash: hash, Err: rush.ErrNoObject}
		}
	}
	return nil
}

func (o *modelObjects) hold(tag string, hashes []string) {
	for _, hash := range hashes {
		if o.tags[tag] == nil {
			o.tags[tag] = map[string]bool{}
		}
		o.tags[tag][hash] = true
	}
}

// holders returns the tags that hold an object.
func (o *modelObjects) holders(hash string) (tags []string) {
	for _, tag := range slices.Sorted(maps.Keys(o.tags)) {
		if o.tags[tag][hash] {
			tags = append(tags, tag)
		}
	}
	return tags
}

func (o *modelObjects) drop(tag string) (deleted []string) {
	held := o.tags[tag]
	delete(o.tags, tag)
	for _, hash := range slices.Sorted(maps.Keys(held)) {
		if len(o.holders(hash)) == 0 {
			o.remove(hash)
			deleted = append(deleted, hash)
		}
	}
	return deleted
}

func (o *modelObjects) remove(hash string) {
	if at := o.byHash[hash]; at.Place == store.Offloaded {
		o.trash[at.Path] = true
	}
	delete(o.byHash, hash)
}

func (o *modelObjects) dropTasks() {
	for _, tag := range slices.Collect(maps.Keys(o.tags)) {
		if store.TaskOfTag(tag) != rush.NoTask {
			o.drop(tag)
		}
	}
}

func (m *model) LimitObjects(_ context.Context, limits store.ObjectLimits) (store.ObjectLimits, error) {
	if err := m.absent(); err != nil {
		return store.ObjectLimits{}, err
	}
	if m.objects.limits == nil {
		m.objects.limits = &limits
	}
	if err := limits.Refused(*m.objects.limits); err != nil {
		return *m.objects.limits, m.wrap(err)
	}
	return *m.objects.limits, nil
}

func (m *model) ObjectLimits(context.Context) (store.ObjectLimits, error) {
	if m.objects.limits == nil {
		return store.ObjectLimits{}, m.absent()
	}
	return *m.objects.limits, m.absent()
}

func (m *model) PutObjects(_ context.Context, tag string, objects []store.Object) (stored []store.Object, err error) {
	if err := m.absent(); err != nil {
		return nil, err
	}
	if key := store.TaskOfTag(tag); key != rush.NoTask && m.tasks[key] == nil {
		return nil, m.wrap(&rush.TaskError{Key: key, Err: rush.ErrNoTask})
	}
	for _, o := range objects {
		was := m.objects.byHash[o.Hash]
		if was == nil || was.Place == store.Reference && o.Place != store.Reference {
			was = &o
			m.objects.byHash[o.Hash] = was
		}
		was.Put = m.micros()
		if tag != "" {
			m.objects.hold(tag, []string{o.Hash})
		}
		now := *was
		now.Data = nil
		stored = append(stored, now)
	}
	return stored, nil
}

func (m *model) Objects(_ context.Context, hashes []string, data bool) (objects []store.Object, err error) {
	for _, hash := range hashes {
		o := store.Object{Hash: hash}
		if found := m.objects.byHash[hash]; found != nil {
			o = *found
		}
		if !data {
			o.Data = nil
		}
		objects = append(objects, o)
	}
	return objects, m.absent()
}

func (m *model) ListObjects(context.Context) (objects []store.Object, err error) {
	for _, hash := range slices.Sorted(maps.Keys(m.objects.byHash)) {
		o := *m.objects.byHash[hash]
		o.Data, o.Tags = nil, m.objects.holders(hash)
		objects = append(objects, o)
	}
	return objects, m.absent()
}

func (m *model) ObjectTags(context.Context) ([]string, error) {
	return slices.Sorted(maps.Keys(m.objects.tags)), m.absent()
}

func (m *model) DropObjectTags(_ context.Context, tags []string) (deleted []string, err error) {
	for _, tag := range tags {
		deleted = append(deleted, m.objects.drop(tag)...)
	}
	slices.Sort(deleted)
	return deleted, m.absent()
}

func (m *model) CollectObjects(_ context.Context, age time.Duration) (deleted []string, err error) {
	for _, hash := range slices.Sorted(maps.Keys(m.objects.byHash)) {
		if m.micros()-m.objects.byHash[hash].Put >= age.Microseconds() && len(m.objects.holders(hash)) == 0 {
			m.objects.remove(hash)
			deleted = append(deleted, hash)
		}
	}
	return deleted, m.absent()
}

func (m *model) DestroyObjects(context.Context) error {
	for _, hash := range slices.Collect(maps.Keys(m.objects.byHash)) {
		m.objects.remove(hash)
	}
	clear(m.objects.tags)
	return m.absent()
}

func (m *model) ObjectTrash(context.Context) ([]string, error) {
	return slices.Sorted(maps.Keys(m.objects.trash)), m.absent()
}

func (m *model) EmptyObjectTrash(_ context.Context, paths []string) error {
	for _, path := range paths {
		delete(m.objects.trash, path)
	}
	return m.absent()
}
