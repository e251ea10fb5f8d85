package storetest

import (
	"context"

	"github.com/rushnet/rush"
)

func (n *memoryNetwork) WriteHashes(ctx context.Context, keys []string, hashes []map[string][]byte) error {
	_, err := write(ctx, n, func(m *model) (none, error) { return none{}, m.WriteHashes(ctx, keys, hashes) })
	return err
}

func (n *memoryNetwork) ReadHashes(ctx context.Context, keys, fields []string) ([]map[string][]byte, error) {
	return read(ctx, n, func(m *model) ([]map[string][]byte, error) { return m.ReadHashes(ctx, keys, fields) })
}

func (n *memoryNetwork) DeleteHashes(ctx context.Context, keys []string) (int, error) {
	return write(ctx, n, func(m *model) (int, error) { return m.DeleteHashes(ctx, keys) })
}

func (n *memoryNetwork) ClaimPoint(ctx context.Context, point string, key rush.TaskKey) (rush.TaskKey, error) {
	return write(ctx, n, func(m *model) (rush.TaskKey, error) { return m.ClaimPoint(ctx, point, key) })
}
