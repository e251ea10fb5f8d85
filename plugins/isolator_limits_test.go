//go:build unix

package plugins_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rushnet/rush"
)

// watch returns a named pipe for hang, a function that waits until it hangs,
// and one that waits until nothing of it is left.
func watch(t *testing.T) (path string, hangs, gone func()) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "watch")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	// Until somebody has it open a read finds the end.
	keep, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = keep.Close() })
	read := func(want string) {
		t.Helper()
		_ = r.SetReadDeadline(time.Now().Add(patience))
		b := make([]byte, 16)
		n, err := r.Read(b)
		if got := string(b[:n]); got != want || (want == "") != (err == io.EOF) {
			t.Fatalf("read %q, %v; want %q", got, err, want)
		}
	}
	return path, func() { read("hangs\n") }, func() { _ = keep.Close(); read("") }
}

func TestATimeoutKillsTheWholeGroup(t *testing.T) {
	t.Parallel()
	i := isolate(t, 0, nil)
	path, hangs, gone := watch(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	var evaluating sync.WaitGroup
	evaluating.Go(func() {
		_, err := i.Evaluate(ctx, "hang", point(rush.Values{"watch": path}))
		c, ok := errors.AsType[*rush.Condition](err)
		if !ok || c.Class != rush.ClassTimeout || c.Message != "too long" || c.Signal == "" && c.ExitCode == nil {
			t.Errorf("got %+v, %v", c, err)
		}
	})
	hangs()
	cancel(&rush.Condition{Class: rush.ClassTimeout, Message: "too long"})
	evaluating.Wait()
	gone()
	tell(t, i)
}

func TestASilentObjectiveIsStopped(t *testing.T) {
	t.Parallel()
	i := isolate(t, 0, nil)
	e := point(rush.Values{"lines": 3, "hang": true})
	e.Options.Stall = 2 * time.Second
	_, err := i.Evaluate(t.Context(), "talk", e)
	c, ok := errors.AsType[*rush.Condition](err)
	if !ok || c.Class != rush.ClassTimeout || !strings.Contains(c.Message, "nothing for 2s") {
		t.Fatalf("got %v", err)
	}
}

// It takes longer than the longest silence that is allowed, but talks.
func TestATalkativeObjectiveMayTakeItsTime(t *testing.T) {
	t.Parallel()
	e := point(rush.Values{"lines": 50})
	e.Options.Stall = 2 * time.Second
	var lines []string
	i := isolate(t, 0, func(stream, line string) { lines = append(lines, stream+": "+line) })
	if _, err := i.Evaluate(t.Context(), "talk", e); err != nil {
		t.Fatal(err)
	}
	i.Close()
	if len(lines) != 25 || lines[24] != "stdout: line 48" {
		t.Errorf("it printed %d lines: %q", len(lines), lines)
	}
}

func TestMemoryIsLimited(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		e := point(rush.Values{"bytes": 1})
		e.Options.Memory = 1 << 30
		if _, err := isolate(t, 0, nil).Evaluate(t.Context(), "allocate", e); err == nil || !strings.Contains(err.Error(), "only on Linux") {
			t.Errorf("got error %v", err)
		}
		return
	}
	i := isolate(t, 0, nil)
	e := point(rush.Values{"bytes": int64(1 << 30)})
	e.Options.Memory = 1 << 29
	_, err := i.Evaluate(t.Context(), "allocate", e)
	c, ok := errors.AsType[*rush.Condition](err)
	if !ok || c.Class != rush.ClassCrashed || !strings.Contains(c.Message, "its memory was limited to 536870912 bytes") {
		t.Fatalf("got %v", err)
	}
	for _, memory := range []int64{1 << 29, 0} { // the second in the same process
		e = point(rush.Values{"bytes": int64(1 << 20)})
		e.Options.Memory = memory
		if _, err := i.Evaluate(t.Context(), "allocate", e); err != nil {
			t.Errorf("with a limit of %d: %v", memory, err)
		}
	}
}
