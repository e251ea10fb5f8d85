package sqlitestore

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// finishSome makes finished tasks.
func finishSome(t *testing.T, n store.Network, nonce string, count int) {
	t.Helper()
	tasks := make([]store.NewTask, count)
	for i := range tasks {
		tasks[i].State, tasks[i].YS = rush.Finished, []byte{0x80}
	}
	if _, err := n.Create(t.Context(), tasks, nonce); err != nil {
		t.Fatal(err)
	}
}

func page(t *testing.T, n store.Network, from rush.Cursor) rush.Page {
	t.Helper()
	p, err := n.Ended(t.Context(), from, 0, rush.NoFields, 0)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// A cursor of a network that is gone is not taken for one of a new network of
// its name, however that came by it.
func TestACursorOfAnEarlierNetworkIsTold(t *testing.T) {
	t.Parallel()
	for name, replace := range map[string]func(t *testing.T, s *Store) error{
		"created anew": func(t *testing.T, s *Store) error {
			define(t, s)
			return nil
		},
		"renamed": func(t *testing.T, s *Store) error {
			if _, err := s.Network("other").Define(t.Context(), store.Definition{}); err != nil {
				return err
			}
			return s.Rename(t.Context(), "other", "test")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, filepath.Join(t.TempDir(), "rush.db"), nil)
			n := define(t, s)
			finishSome(t, n, "first", 3)
			old := page(t, n, rush.Cursor{}).Next
			if err := s.Destroy(t.Context(), "test"); err != nil {
				t.Fatal(err)
			}
			if err := replace(t, s); err != nil {
				t.Fatal(err)
			}
			finishSome(t, s.Network("test"), "second", 5)
			if p := page(t, n, old); !p.Reset || len(p.Endings) != 5 {
				t.Errorf("got %+v, want a reset and 5 endings", p)
			}
		})
	}
}

func TestARepeatedRenameChangesNothing(t *testing.T) {
	t.Parallel()
	s := open(t, filepath.Join(t.TempDir(), "rush.db"), nil)
	define(t, s)
	for range 2 {
		if err := s.Rename(t.Context(), "test", "new"); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Rename(t.Context(), "new", "new"); err != nil {
		t.Errorf("rename to its own name: %v", err)
	}
	if err := s.Rename(t.Context(), "new", "not a name"); err == nil {
		t.Error("a name with blanks was accepted")
	}
}

// A worker without an expiry is not lost for being silent.
func TestAWorkerWithoutAnExpiryStays(t *testing.T) {
	t.Parallel()
	s := open(t, filepath.Join(t.TempDir(), "rush.db"), nil)
	n := define(t, s)
	for id, expiry := range map[rush.WorkerID]time.Duration{"mortal": time.Nanosecond, "silent": 0} {
		if err := n.Register(t.Context(), rush.Worker{ID: id, Expiry: expiry}); err != nil {
			t.Fatal(err)
		}
	}
	for {
		lost, err := n.Sweep(t.Context(), "", nil)
		if err != nil {
			t.Fatal(err)
		}
		if len(lost) > 0 {
			if len(lost) != 1 || lost[0].ID != "mortal" {
				t.Errorf("lost: %+v", lost)
			}
			return
		}
	}
}

// A task that was finished elsewhere, as a copied one, keeps its worker's name
// without that being one of the network's workers.
func TestACopiedTaskKeepsItsWorker(t *testing.T) {
	t.Parallel()
	s := open(t, filepath.Join(t.TempDir(), "rush.db"), nil)
	n := define(t, s)
	_, err := n.Create(t.Context(), []store.NewTask{{State: rush.Finished, YS: []byte{0x80}, Worker: "elsewhere"}}, "nonce")
	if err != nil {
		t.Fatal(err)
	}
	records, err := n.Records(t.Context(), []rush.TaskKey{0}, rush.FieldWorker)
	if err != nil || records[0].Worker != "elsewhere" {
		t.Errorf("got %+v, %v", records, err)
	}
	if workers, err := n.List(t.Context()); err != nil || len(workers) != 0 {
		t.Errorf("workers: got %+v, %v", workers, err)
	}
	if err := n.Register(t.Context(), rush.Worker{ID: "elsewhere", PID: 1}); err != nil {
		t.Errorf("register under that name: %v", err)
	}
	audit(t, s, n)
}
