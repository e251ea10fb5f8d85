package store

import "context"

// Hashes are records of named fields that a network keeps beside its tasks,
// for whatever a person's program wants to share. They go with a reset, like
// tasks.
type Hashes interface {
	// WriteHashes sets fields of the hashes with these keys, which are made if
	// need be; there is a map of fields for each key. Fields
	// that are not named stay as they are. A hash without fields is none. All
	// are written or none, unless there are more than a driver's chunk (at
	// least 1,000): then the chunks are written in order.
	WriteHashes(ctx context.Context, keys []string, hashes []map[string][]byte) error

	// ReadHashes reads hashes in the order of the keys, with those of the
	// fields that they have; nil fields are all. A map is nil for a key under
	// which there is no hash.
	ReadHashes(ctx context.Context, keys, fields []string) ([]map[string][]byte, error)

	// DeleteHashes deletes hashes and returns how many there were.
	DeleteHashes(ctx context.Context, keys []string) (int, error)
}
