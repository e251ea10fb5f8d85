package redisstore

import (
	"context"
	"slices"
	"time"

	"github.com/rushnet/rush/internal/store"
)

// PutDocument stores a document; see store.Documents.
func (n *network) PutDocument(ctx context.Context, name string, body []byte, overwrite bool) error {
	_, err := n.create(ctx, "put_document", newNonce(), name, body, flag(overwrite))
	return err
}

// Document returns a document; see store.Documents.
func (n *network) Document(ctx context.Context, name string, wait time.Duration) (body []byte, found bool, err error) {
	err = n.awaitDocuments(ctx, "document", name, wait, func(r *reply) bool {
		if found = r.array() > 0; found {
			body = r.bytes()
		}
		return found
	})
	return body, found, err
}

// AwaitDefinition returns a new version of the definition; see
// store.Documents.
func (n *network) AwaitDefinition(ctx context.Context, after int64, wait time.Duration) (def store.Definition, err error) {
	err = n.awaitDocuments(ctx, "await_definition", after, wait, func(r *reply) bool {
		r.array()
		def = store.Definition{Version: r.int(), Body: r.bytes(), Limit: r.int(), Reserved: r.int()}
		return def.Version > after
	})
	return def, err
}

// awaitDocuments calls a verb, and again after each change of the documents,
// until its answer has what is looked for or wait is over. Who waits creates
// the network.
func (n *network) awaitDocuments(ctx context.Context, verb string, arg any, wait time.Duration, found func(r *reply) bool) error {
	until, waiter := time.Now().Add(wait), ""
	if wait > 0 {
		waiter = newNonce()
	}
	for first := true; ; first = false {
		var r *reply
		var err error
		if first && wait > 0 {
			r, err = n.create(ctx, verb, arg, waiter)
		} else {
			r, err = n.call(ctx, verb, 0, arg, waiter)
		}
		if err != nil {
			return err
		}
		done := found(r)
		if err := n.wrap(verb, r.finish()); err != nil {
			return err
		}
		left := time.Until(until)
		if done || left <= 0 {
			return nil
		}
		if _, err := n.block(ctx, left, n.key(wakeDocumentKey, waiter)); err != nil {
			return n.wrap(verb, err)
		}
	}
}

// DocumentNames lists the documents; see store.Documents.
func (n *network) DocumentNames(ctx context.Context) ([]string, error) {
	r, err := n.call(ctx, "document_names")
	if err != nil {
		return nil, err
	}
	names := make([]string, r.array())
	for i := range names {
		names[i] = r.string()
	}
	slices.Sort(names)
	return names, n.wrap("document_names", r.finish())
}

// DeleteDocument deletes a document; see store.Documents.
func (n *network) DeleteDocument(ctx context.Context, name string) (bool, error) {
	r, err := n.call(ctx, "delete_document", newNonce(), name)
	if err != nil {
		return false, err
	}
	deleted := r.int() == 1
	return deleted, n.wrap("delete_document", r.finish())
}

// WriteDocuments stores and deletes documents; see store.Documents.
func (n *network) WriteDocuments(ctx context.Context, bodies map[string][]byte) error {
	var stored, deleted []any
	for name, body := range bodies {
		if body == nil {
			deleted = append(deleted, name)
		} else {
			stored = append(stored, name, body)
		}
	}
	args := slices.Concat([]any{newNonce(), len(stored) / 2}, stored, deleted)
	_, err := n.create(ctx, "write_documents", args...)
	return err
}

// ReadDocuments reads documents; see store.Documents.
func (n *network) ReadDocuments(ctx context.Context, prefix string) (map[string][]byte, error) {
	r, err := n.call(ctx, "read_documents", prefix)
	if err != nil {
		return nil, err
	}
	bodies := map[string][]byte{}
	for range r.array() / 2 {
		name := r.string()
		bodies[name] = r.bytes()
	}
	return bodies, n.wrap("read_documents", r.finish())
}
