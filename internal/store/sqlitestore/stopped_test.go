//go:build linux || darwin

package sqlitestore

import (
	"errors"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// stopInWrite starts a child and stops it, as kill -STOP does, while it holds
// the lock file.
func stopInWrite(t *testing.T, s *Store) *process {
	t.Helper()
	child := startChild(t, "write", s.path)
	child.expect(t, "writing")
	if err := child.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	for !stopped(child.Process.Pid) {
		if t.Context().Err() != nil {
			t.Fatal("the child did not stop")
		}
	}
	return child
}

func TestAStoppedHolderIsNamed(t *testing.T) {
	t.Parallel()
	s := open(t, filepath.Join(t.TempDir(), "rush.db"), nil)
	n := define(t, s)
	child := stopInWrite(t, s)
	pid := strconv.Itoa(child.Process.Pid)
	for i := range 2 {
		_, err := push(t.Context(), n, "nonce", 1)
		if !errors.Is(err, rush.ErrTimeout) || !store.Unavailable(err) {
			t.Fatalf("push %d: got error %v, want ErrTimeout", i, err)
		}
		for _, want := range []string{"process " + pid + " was stopped", "kill -CONT " + pid, s.path} {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("the error %q does not say %q", err, want)
			}
		}
	}
	if _, err := n.Counts(t.Context()); err != nil {
		t.Errorf("a reader needs no lock: %v", err)
	}

	if err := child.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	child.stdin.Close()
	child.expect(t, "written <nil>")
	if keys, err := push(t.Context(), n, "nonce", 1); err != nil || keys[0] != 0 {
		t.Errorf("push when it goes on: got %v, %v, want task 0", keys, err)
	}
}

func TestAKilledHolderLetsGo(t *testing.T) {
	t.Parallel()
	s := open(t, filepath.Join(t.TempDir(), "rush.db"), nil)
	n := define(t, s)
	child := stopInWrite(t, s)
	pushed := make(chan error, 1)
	go func() {
		_, err := push(t.Context(), n, "nonce", 1)
		pushed <- err
	}()
	child.kill()
	if err := <-pushed; err != nil {
		t.Error(err)
	}
	audit(t, s, n)
}
