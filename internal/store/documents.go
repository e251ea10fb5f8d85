package store

import (
	"context"
	"time"
)

// Documents are named bodies that a network keeps beside its definition, such
// as the configurations of workers and the values of their environment. A reset keeps them.
type Documents interface {
	// PutDocument stores a body under a name, creating the network if need
	// be. Without overwrite it fails with rush.ErrExists when another body is
	// stored under the name; storing the same again changes nothing.
	PutDocument(ctx context.Context, name string, body []byte, overwrite bool) error

	// Document returns a body, waiting up to wait for there to be one. Who
	// waits creates the network if need be. found is false if there is none.
	Document(ctx context.Context, name string, wait time.Duration) (body []byte, found bool, err error)

	// DocumentNames lists the names, sorted.
	DocumentNames(ctx context.Context) ([]string, error)

	// DeleteDocument deletes a document, and says whether there was one.
	DeleteDocument(ctx context.Context, name string) (bool, error)

	// WriteDocuments stores all of the bodies in one step, those that are nil
	// being deleted; other documents stay. It creates the network if need be.
	WriteDocuments(ctx context.Context, bodies map[string][]byte) error

	// ReadDocuments returns, as they are at one moment, the documents whose names
	// begin with the prefix.
	ReadDocuments(ctx context.Context, prefix string) (map[string][]byte, error)

	// AwaitDefinition returns the definition as soon as its version is larger
	// than after; what is stored by then when wait is over. Who waits creates
	// the network if need be.
	AwaitDefinition(ctx context.Context, after int64, wait time.Duration) (Definition, error)
}
