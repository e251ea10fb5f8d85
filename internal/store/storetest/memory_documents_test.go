package storetest

import (
	"context"
	"time"

	"github.com/rushnet/rush/internal/store"
)

func (n *memoryNetwork) PutDocument(ctx context.Context, name string, body []byte, overwrite bool) error {
	_, err := write(ctx, n, func(m *model) (none, error) { return none{}, m.PutDocument(ctx, name, body, overwrite) })
	return err
}

func (n *memoryNetwork) Document(ctx context.Context, name string, wait time.Duration) (body []byte, found bool, err error) {
	first := wait
	body, err = await(ctx, n, wait, func(m *model) ([]byte, bool, error) {
		b, ok, err := m.Document(ctx, name, first)
		first, found = 0, ok
		return b, ok, err
	})
	return body, found, err
}

func (n *memoryNetwork) DocumentNames(ctx context.Context) ([]string, error) {
	return read(ctx, n, func(m *model) ([]string, error) { return m.DocumentNames(ctx) })
}

func (n *memoryNetwork) DeleteDocument(ctx context.Context, name string) (bool, error) {
	return write(ctx, n, func(m *model) (bool, error) { return m.DeleteDocument(ctx, name) })
}

func (n *memoryNetwork) AwaitDefinition(ctx context.Context, after int64, wait time.Duration) (store.Definition, error) {
	first := wait
	return await(ctx, n, wait, func(m *model) (store.Definition, bool, error) {
		def, err := m.AwaitDefinition(ctx, after, first)
		first = 0
		return def, def.Version > after, err
	})
}

func (n *memoryNetwork) WriteDocuments(ctx context.Context, bodies map[string][]byte) error {
	_, err := write(ctx, n, func(m *model) (none, error) { return none{}, m.WriteDocuments(ctx, bodies) })
	return err
}

func (n *memoryNetwork) ReadDocuments(ctx context.Context, prefix string) (map[string][]byte, error) {
	return read(ctx, n, func(m *model) (map[string][]byte, error) { return m.ReadDocuments(ctx, prefix) })
}
