package storetest_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rushnet/rush/internal/redistest"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/store/redisstore"
	"github.com/rushnet/rush/internal/store/sqlitestore"
	"github.com/rushnet/rush/internal/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(redistest.Main(m)) }

// Both drivers give the answers of the model, and so the same ones.
func TestSoakDriversAgree(t *testing.T) {
	t.Parallel()
	url, file := redistest.URL(t), filepath.Join(t.TempDir(), "rush.db")
	storetest.Compare(t,
		func(t *testing.T) store.Store {
			s, err := redisstore.Open(t.Context(), url)
			return opened(t, s, err)
		},
		func(t *testing.T) store.Store {
			s, err := sqlitestore.Open(t.Context(), file, nil)
			return opened(t, s, err)
		})
}

// opened has a store closed at the end of the test.
func opened(t *testing.T, s store.Store, err error) store.Store {
	t.Helper()
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
