package sqlitestore

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

// fullDisks returns a disk of a few megabytes in memory, which only root can
// mount.
func fullDisks() []scarcity {
	if os.Getuid() != 0 {
		return nil
	}
	return []scarcity{{"a small disk", func(t *testing.T) (*Store, func()) {
		dir := t.TempDir()
		if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=6m"); err != nil {
			t.Fatalf("mount a small disk: %v", err)
		}
		t.Cleanup(func() {
			if err := unix.Unmount(dir, 0); err != nil {
				t.Errorf("unmount the small disk: %v", err)
			}
		})
		ballast := filepath.Join(dir, "ballast")
		if err := os.WriteFile(ballast, make([]byte, 1<<20), 0o600); err != nil {
			t.Fatal(err)
		}
		return open(t, filepath.Join(dir, "rush.db"), nil), func() {
			if err := os.Remove(ballast); err != nil {
				t.Fatal(err)
			}
		}
	}}}
}
