package frozenstore

import (
	"context"
	"fmt"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// What follows is what a file does not hold, so that there is none of it.

// List lists no workers.
func (n *network) List(context.Context) ([]rush.Worker, error) { return nil, n.there() }

// AwaitAlive waits in vain for a worker.
func (n *network) AwaitAlive(ctx context.Context, seen []rush.WorkerID, wait time.Duration) ([]rush.WorkerID, error) {
	if err := n.there(); err != nil || len(seen) > 0 {
		return nil, err
	}
	return nil, idle(ctx, wait)
}

// ReadLog reads no entries.
func (n *network) ReadLog(ctx context.Context, from rush.Cursor, _ rush.LogFilter, _ int, wait time.Duration) (rush.LogPage, error) {
	if err := n.there(); err != nil {
		return rush.LogPage{}, err
	}
	return rush.LogPage{Next: from}, idle(ctx, wait)
}

// TailLog reads no entries.
func (n *network) TailLog(context.Context, int, rush.LogFilter) (rush.LogPage, error) {
	return rush.LogPage{}, n.there()
}

// Document finds none.
func (n *network) Document(ctx context.Context, _ string, wait time.Duration) ([]byte, bool, error) {
	if err := n.there(); err != nil {
		return nil, false, err
	}
	return nil, false, idle(ctx, wait)
}

// DocumentNames lists none.
func (n *network) DocumentNames(context.Context) ([]string, error) { return nil, n.there() }

// ReadDocuments reads none.
func (n *network) ReadDocuments(context.Context, string) (map[string][]byte, error) {
	return map[string][]byte{}, n.there()
}

// ReadHashes finds none.
func (n *network) ReadHashes(_ context.Context, keys, _ []string) ([]map[string][]byte, error) {
	return make([]map[string][]byte, len(keys)), n.there()
}

// ObjectLimits are none.
func (n *network) ObjectLimits(context.Context) (store.ObjectLimits, error) {
	return store.ObjectLimits{}, n.there()
}

// Objects finds none.
func (n *network) Objects(_ context.Context, hashes []string, _ bool) ([]store.Object, error) {
	objects := make([]store.Object, len(hashes))
	for i, hash := range hashes {
		objects[i].Hash = hash
	}
	return objects, n.there()
}

// ListObjects lists none.
func (n *network) ListObjects(context.Context) ([]store.Object, error) { return nil, n.there() }

// ObjectTags lists none.
func (n *network) ObjectTags(context.Context) ([]string, error) { return nil, n.there() }

// ObjectTrash lists none.
func (n *network) ObjectTrash(context.Context) ([]string, error) { return nil, n.there() }

// AwaitMail finds no worker.
func (n *network) AwaitMail(_ context.Context, id rush.WorkerID, _ store.Seen, _ time.Duration) (store.Mail, error) {
	return store.Mail{}, fmt.Errorf("network %s: worker %s: %w", n.id, id, rush.ErrLost)
}

// Responses finds none.
func (n *network) Responses(context.Context, rush.MessageID, []rush.WorkerID, time.Duration) ([]store.Response, error) {
	return nil, fmt.Errorf("network %s: %w: %s is an exported file, which holds no messages", n.id, rush.ErrNoResponse, n.store.path)
}

// ResponseIDs lists none.
func (n *network) ResponseIDs(context.Context, rush.WorkerID) ([]rush.MessageID, error) {
	return nil, n.there()
}
