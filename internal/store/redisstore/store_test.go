package redisstore_test

import (
	"os"
	"testing"

	"github.com/rushnet/rush/internal/redistest"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/store/redisstore"
	"github.com/rushnet/rush/internal/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(redistest.Main(m)) }

// open opens a store that is closed at the end of the test.
func open(t testing.TB, url string) *redisstore.Store {
	t.Helper()
	s, err := redisstore.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// opener opens stores on the server that the tests share.
func opener(t testing.TB) storetest.Opener {
	url := redistest.URL(t)
	return func(t *testing.T) store.Store { return open(t, url) }
}

func TestContract(t *testing.T) { storetest.Run(t, opener(t)) }

func TestLarge(t *testing.T) {
	t.Parallel()
	storetest.RunLarge(t, opener(t))
}

func TestRandom(t *testing.T) {
	t.Parallel()
	storetest.RunRandom(t, opener(t))
}
