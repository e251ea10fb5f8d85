package sqlitestore

import (
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// A scarcity is a way to run out of room. open opens a store that will, and
// returns what makes room.
type scarcity struct {
	name string
	open func(t *testing.T) (s *Store, makeRoom func())
}

// scarcities returns the ways that there are here: SQLite's own limit, and
// where the test may mount one a disk that is really full.
func scarcities() []scarcity {
	return append(fullDisks(), scarcity{"a limited file", func(t *testing.T) (*Store, func()) {
		s := open(t, filepath.Join(t.TempDir(), "rush.db"), nil)
		limit := func(pages int) {
			err := s.writer.do(t.Context(), &request{setUp: func() error {
				return s.writer.conn.exec(fmt.Sprintf("PRAGMA max_page_count = %d", pages))
			}})
			if err != nil {
				t.Fatal(err)
			}
		}
		limit(500)
		return s, func() { limit(1 << 30) }
	}})
}

// A full disk fails a call as a whole, with words that say what to do; the
// store can still be read, and goes on when there is room.
func TestAFullDisk(t *testing.T) {
	t.Parallel()
	for _, way := range scarcities() {
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			s, makeRoom := way.open(t)
			n := define(t, s)
			before, nonce, err := pushUntilFull(t, n)
			if !errors.Is(err, ErrFull) || !store.Unavailable(err) {
				t.Fatalf("got error %v, want ErrFull", err)
			}
			if after, err := n.Counts(t.Context()); err != nil || after != before {
				t.Errorf("counts after the failure: got %+v, %v, want those before it: %+v", after, err, before)
			}
			audit(t, s, n)

			makeRoom()
			keys, err := push(t.Context(), n, nonce, 2000)
			if err != nil {
				t.Fatalf("push when there is room again: %v", err)
			}
			if keys[0] != rush.TaskKey(before.Created) {
				t.Errorf("the first number is %d after %d tasks", keys[0], before.Created)
			}
			audit(t, s, n)
		})
	}
}

// pushUntilFull pushes until that fails, and returns how the network stood
// before, and the nonce of the push that failed.
func pushUntilFull(t *testing.T, n store.Network) (before rush.Counts, nonce string, full error) {
	t.Helper()
	for i := 0; full == nil; i++ {
		var err error
		if before, err = n.Counts(t.Context()); err != nil {
			t.Fatal(err)
		}
		nonce = fmt.Sprint("push ", i)
		_, full = push(t.Context(), n, nonce, 2000)
	}
	return before, nonce, full
}
