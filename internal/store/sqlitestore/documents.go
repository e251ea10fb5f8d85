package sqlitestore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// PutDocument stores a document.
func (n *network) PutDocument(ctx context.Context, name string, body []byte, overwrite bool) error {
	return n.writeOrCreate(ctx, "put a document", true, func(t *txn) error {
		stored, found, err := t.document(name)
		switch {
		case err != nil || found && bytes.Equal(stored, body):
			return err
		case found && !overwrite:
			return fmt.Errorf("document %s: %w", name, rush.ErrExists)
		}
		t.topics |= topicDocuments
		return t.stmt("REPLACE INTO documents (network, name, body) VALUES (?, ?, ?)").int(t.net.id).text(name).blob(body).run()
	})
}

func (t *txn) document(name string) (body []byte, found bool, err error) {
	s := t.stmt("SELECT body FROM documents WHERE network = ? AND name = ?").int(t.net.id).text(name)
	if found = s.next(); found {
		body = s.getBlob()
	}
	return body, found, s.close()
}

// Document returns a document.
func (n *network) Document(ctx context.Context, name string, wait time.Duration) (body []byte, found bool, err error) {
	err = n.awaitDocuments(ctx, "read a document", wait, func(t *txn) (bool, error) {
		body, found, err = t.document(name)
		return found, err
	})
	return body, found, err
}

// AwaitDefinition returns a new version of the definition.
func (n *network) AwaitDefinition(ctx context.Context, after int64, wait time.Duration) (def store.Definition, err error) {
	err = n.awaitDocuments(ctx, "await the definition", wait, func(t *txn) (bool, error) {
		def, err = t.definition()
		return def.Version > after, err
	})
	return def, err
}

// awaitDocuments looks at the network until it has what is looked for or wait
// is over. Who waits creates the network.
func (n *network) awaitDocuments(ctx context.Context, verb string, wait time.Duration, look func(t *txn) (bool, error)) error {
	err := n.await(ctx, topicDocuments, wait, look)
	if wait > 0 && errors.Is(err, rush.ErrNoNetwork) {
		if err = n.writeOrCreate(ctx, verb, true, func(*txn) error { return nil }); err != nil {
			return err
		}
		err = n.await(ctx, topicDocuments, wait, look)
	}
	return n.wrap(verb, err)
}

// DocumentNames lists the documents.
func (n *network) DocumentNames(ctx context.Context) (names []string, err error) {
	err = n.read(ctx, "list documents", func(t *txn) error {
		names = nil
		s := t.stmt("SELECT name FROM documents WHERE network = ? ORDER BY name").int(t.net.id)
		for s.next() {
			names = append(names, s.getText())
		}
		return s.close()
	})
	return names, err
}

// DeleteDocument deletes a document.
func (n *network) DeleteDocument(ctx context.Context, name string) (deleted bool, err error) {
	err = n.write(ctx, "delete a document", func(t *txn) error {
		s := t.stmt("DELETE FROM documents WHERE network = ? AND name = ? RETURNING 1").int(t.net.id).text(name)
		for deleted = false; s.next(); {
			deleted = true
		}
		return s.close()
	})
	return deleted, err
}

// WriteDocuments stores and deletes documents.
func (n *network) WriteDocuments(ctx context.Context, bodies map[string][]byte) error {
	return n.writeOrCreate(ctx, "write documents", true, func(t *txn) error {
		t.topics |= topicDocuments
		for name, body := range bodies {
			s := t.stmt("DELETE FROM documents WHERE network = ? AND name = ?").int(t.net.id).text(name)
			if body != nil {
				s = t.stmt("REPLACE INTO documents (network, name, body) VALUES (?, ?, ?)").int(t.net.id).text(name).blob(body)
			}
			if err := s.run(); err != nil {
				return err
			}
		}
		return nil
	})
}

// ReadDocuments reads documents.
func (n *network) ReadDocuments(ctx context.Context, prefix string) (bodies map[string][]byte, err error) {
	err = n.read(ctx, "read documents", func(t *txn) error {
		bodies = map[string][]byte{}
		s := t.stmt("SELECT name, body FROM documents WHERE network = ?").int(t.net.id)
		for s.next() {
			if name, body := s.getText(), s.getBlob(); strings.HasPrefix(name, prefix) {
				bodies[name] = body
			}
		}
		return s.close()
	})
	return bodies, err
}
