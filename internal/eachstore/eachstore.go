// Package eachstore runs a test once on every kind of store, for the packages
// above the stores.
package eachstore

import (
	"path/filepath"
	"testing"

	"github.com/rushnet/rush/internal/redistest"
)

// Run runs the test as a parallel subtest on each store and gives it the URL.
// The Redis server is shared by all tests of the binary; the embedded store is
// the subtest's own.
func Run(t *testing.T, test func(t *testing.T, url string)) {
	t.Helper()
	t.Run("embedded", func(t *testing.T) {
		t.Parallel()
		test(t, filepath.Join(t.TempDir(), "rush.db"))
	})
	t.Run("redis", func(t *testing.T) {
		t.Parallel()
		test(t, redistest.URL(t))
	})
}
