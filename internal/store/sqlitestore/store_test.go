package sqlitestore

import (
	"path/filepath"
	"testing"

	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/store/storetest"
)

// opener returns handles on one file.
func opener(t *testing.T) storetest.Opener {
	path := filepath.Join(t.TempDir(), "rush.db")
	return func(t *testing.T) store.Store {
		s, err := Open(t.Context(), path, nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
		return s
	}
}

func TestContract(t *testing.T) { storetest.Run(t, opener(t)) }

func TestLarge(t *testing.T) {
	t.Parallel()
	storetest.RunLarge(t, opener(t))
}

func TestRandomVerbs(t *testing.T) {
	t.Parallel()
	storetest.RunRandom(t, opener(t))
}
