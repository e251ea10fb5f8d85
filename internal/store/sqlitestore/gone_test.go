package sqlitestore

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rushnet/rush"
)

// What is written to a file that nobody else can open any more would be lost:
// a handle on it says so instead.
func TestAFileThatIsGoneIsAnError(t *testing.T) {
	t.Parallel()
	for name, remove := range map[string]func(path string) error{
		"deleted":      os.Remove,
		"moved":        func(path string) error { return os.Rename(filepath.Dir(path), filepath.Dir(path)+".old") },
		"put in place": func(path string) error { return errors.Join(os.Remove(path), os.WriteFile(path, nil, 0o600)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "data", "rush.db")
			s := open(t, path, nil)
			n := define(t, s)
			if _, err := n.Counts(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := remove(path); err != nil {
				t.Fatal(err)
			}
			_, read := n.Counts(t.Context())
			_, waited := n.Ended(t.Context(), rush.Cursor{}, 0, rush.AllFields, time.Hour)
			var wrote error
			for wrote == nil { // it is noticed within a millisecond
				_, wrote = push(t.Context(), n, "nonce", 1)
			}
			for verb, err := range map[string]error{"read": read, "wait": waited, "write": wrote} {
				if !errors.Is(err, ErrGone) || !strings.Contains(err.Error(), path) {
					t.Errorf("%s: found %v; expected ErrGone with the path", verb, err)
				}
			}
		})
	}
}
