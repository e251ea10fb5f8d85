package objects_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/redistest"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/objects"
)

// eachAlone is each, on stores that no other test removes folders of.
func eachAlone(t *testing.T, test func(f *fixture)) {
	t.Parallel()
	t.Run("embedded", func(t *testing.T) { test(fixtureOn(t, filepath.Join(t.TempDir(), "rush.db"))) })
	t.Run("redis", func(t *testing.T) { test(fixtureOn(t, redistest.Start(t, redistest.Options{}).URL())) })
}

// forgetful loses what it is told to forget.
type forgetful struct{ store.Store }

func (forgetful) ForgetObjectFolders(context.Context, []string) error { return errLost }

// folder is where the object's file is.
func (f *fixture) folder(info objects.Info) string { return filepath.Dir(info.Path) }

// wantListed expects the folder to be listed, or not to be.
func (f *fixture) wantListed(folder string, want bool) {
	f.Helper()
	paths, err := f.st.ObjectFolders(f.Context())
	if err != nil || slices.Contains(paths, folder) != want {
		f.Errorf("the folders to be removed are %q, %v; expected %s among them: %v", paths, err, folder, want)
	}
}

// The files of a network go when it is destroyed, also when who destroyed it,
// or who removed them, died before it could say so.
func TestTheFolderOfADestroyedNetworkIsRemoved(t *testing.T) {
	eachAlone(t, func(f *fixture) {
		f.limit(1)
		folder := f.folder(f.put("a", "one"))
		f.check(f.st.Destroy(f.Context(), f.net.ID()))
		if len(f.files()) != 1 {
			f.Errorf("there are %q; expected the file, which nobody has removed yet", f.files())
		}
		if _, err := objects.RemoveFolders(f.Context(), forgetful{f.st}); !errors.Is(err, errLost) {
			f.Errorf("got error %v", err)
		}
		f.wantListed(folder, true)
		said, err := objects.RemoveFolders(f.Context(), f.st)
		if err != nil || !strings.Contains(strings.Join(said, "\n"), folder) {
			f.Errorf("removing said %q, %v; expected it to name %s", said, err, folder)
		}
		f.wantListed(folder, false)
		if entries, err := os.ReadDir(f.dir); err != nil || len(entries) > 0 {
			f.Errorf("there are %v, %v; expected nothing", entries, err)
		}
	})
}

// A folder that another machine has stays listed for that.
func TestTheFolderOfAnotherMachineIsLeft(t *testing.T) {
	eachAlone(t, func(f *fixture) {
		f.limit(1)
		folder := f.folder(f.put("a", "one"))
		f.check(f.st.Expire(f.Context(), f.net.ID(), time.Microsecond))
		away := f.dir + ".away"
		f.check(os.Rename(f.dir, away))
		for gone := false; !gone; {
			_, err := f.net.Counts(f.Context())
			gone = errors.Is(err, rush.ErrNoNetwork)
		}
		if _, err := objects.RemoveFolders(f.Context(), f.st); err != nil {
			f.Error(err)
		}
		f.wantListed(folder, true)
		f.check(os.Rename(away, f.dir))
		if _, err := objects.RemoveFolders(f.Context(), f.st); err != nil || len(f.files()) > 0 {
			f.Errorf("got error %v, and there are %q", err, f.files())
		}
		f.wantListed(folder, false)
	})
}

// Who puts an object into a network that was destroyed meanwhile leaves nothing.
func TestPutsIntoADestroyedNetworkLeaveNothing(t *testing.T) {
	eachAlone(t, func(f *fixture) {
		f.limit(1)
		f.put("a", "one")
		f.check(f.st.Destroy(f.Context(), f.net.ID()))
		if _, err := objects.RemoveFolders(f.Context(), f.st); err != nil {
			f.Error(err)
		}
		if _, err := f.Put(f.Context(), "a", strings.NewReader("two")); !errors.Is(err, rush.ErrNoNetwork) {
			f.Errorf("got error %v; expected that there is no network", err)
		}
		_, err := f.net.Define(f.Context(), store.Definition{}) // another of that name
		f.check(err)
		if _, err := f.Put(f.Context(), "a", strings.NewReader("two")); !errors.Is(err, rush.ErrNoNetwork) {
			f.Errorf("got error %v; expected that it was another network", err)
		}
		if entries, err := os.ReadDir(f.dir); err != nil || len(entries) > 0 {
			f.Errorf("there are %v, %v; expected nothing", entries, err)
		}
	})
}
