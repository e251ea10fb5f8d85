package storetest

import (
	"context"
	"time"

	"github.com/rushnet/rush/internal/store"
)

func (n *memoryNetwork) LimitObjects(ctx context.Context, limits store.ObjectLimits) (store.ObjectLimits, error) {
	return write(ctx, n, func(m *model) (store.ObjectLimits, error) {
		if n.store.flaw.is("limits can be changed") {
			m.objects.limits = nil
		}
		return m.LimitObjects(ctx, limits)
	})
}

func (n *memoryNetwork) ObjectLimits(ctx context.Context) (store.ObjectLimits, error) {
	return read(ctx, n, func(m *model) (store.ObjectLimits, error) { return m.ObjectLimits(ctx) })
}

func (n *memoryNetwork) PutObjects(ctx context.Context, tag string, objects []store.Object) ([]store.Object, error) {
	return write(ctx, n, func(m *model) ([]store.Object, error) {
		for _, o := range objects {
			if n.store.flaw.is("a value is stored again") {
				delete(m.objects.byHash, o.Hash)
			}
		}
		return m.PutObjects(ctx, tag, objects)
	})
}

func (n *memoryNetwork) Objects(ctx context.Context, hashes []string, data bool) ([]store.Object, error) {
	return read(ctx, n, func(m *model) ([]store.Object, error) { return m.Objects(ctx, hashes, data) })
}

func (n *memoryNetwork) ListObjects(ctx context.Context) ([]store.Object, error) {
	return read(ctx, n, func(m *model) ([]store.Object, error) { return m.ListObjects(ctx) })
}

func (n *memoryNetwork) ObjectTags(ctx context.Context) ([]string, error) {
	return read(ctx, n, func(m *model) ([]string, error) { return m.ObjectTags(ctx) })
}

func (n *memoryNetwork) DropObjectTags(ctx context.Context, tags []string) ([]string, error) {
	return write(ctx, n, func(m *model) ([]string, error) {
		if n.store.flaw.is("what another tag holds is deleted") {
			for _, tag := range tags {
				for hash := range m.objects.tags[tag] {
					for _, held := range m.objects.tags {
						delete(held, hash)
					}
					m.objects.tags[tag][hash] = true
				}
			}
		}
		return m.DropObjectTags(ctx, tags)
	})
}

func (n *memoryNetwork) CollectObjects(ctx context.Context, age time.Duration) ([]string, error) {
	return write(ctx, n, func(m *model) ([]string, error) {
		if n.store.flaw.is("a tag does not keep an object") {
			clear(m.objects.tags)
		}
		return m.CollectObjects(ctx, age)
	})
}

func (n *memoryNetwork) DestroyObjects(ctx context.Context) error {
	_, err := write(ctx, n, func(m *model) (none, error) { return none{}, m.DestroyObjects(ctx) })
	return err
}

func (n *memoryNetwork) ObjectTrash(ctx context.Context) ([]string, error) {
	return read(ctx, n, func(m *model) ([]string, error) { return m.ObjectTrash(ctx) })
}

func (n *memoryNetwork) EmptyObjectTrash(ctx context.Context, paths []string) error {
	_, err := write(ctx, n, func(m *model) (none, error) { return none{}, m.EmptyObjectTrash(ctx, paths) })
	return err
}
