//go:build unix

package command_test

import (
	"context"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"
)

// newWatch returns a named pipe that a script opens for writing, and a function
// that waits until nobody has it open any more.
func newWatch(t *testing.T) (path string, waitGone func()) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "watch")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0) // does not wait for a writer
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	return path, func() {
		t.Helper()
		_ = r.SetReadDeadline(time.Now().Add(patience))
		if n, err := r.Read(make([]byte, 1)); n != 0 || err != io.EOF {
			t.Fatalf("a process is still there: read %d bytes, error %v", n, err)
		}
	}
}

// A lineHandler calls a function for every record.
type lineHandler struct {
	slog.Handler
	each func(slog.Record)
}

func (h lineHandler) Enabled(context.Context, slog.Level) bool { return true }

func (h lineHandler) Handle(_ context.Context, r slog.Record) error {
	h.each(r)
	return nil
}

// onLine is a log that calls a function with its first record.
func onLine(stop func()) *slog.Logger {
	var once sync.Once
	return slog.New(lineHandler{slog.DiscardHandler, func(slog.Record) { once.Do(stop) }})
}
