package store_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

func TestUnavailable(t *testing.T) {
	t.Parallel()
	_, noSocket := net.Dial("unix", filepath.Join(t.TempDir(), "nobody.sock"))
	for name, tc := range map[string]struct {
		err  error
		want bool
	}{
		"nothing":                        {nil, false},
		"a connection that was refused":  {&net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}, true},
		"a connection that was reset":    {&net.OpError{Op: "read", Err: os.NewSyscallError("read", syscall.ECONNRESET)}, true},
		"a connection that was closed":   {io.EOF, true},
		"half an answer":                 {io.ErrUnexpectedEOF, true},
		"a socket that is not there":     {noSocket, true},
		"a name that is not known":       {&net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host"}}, true},
		"a server that is slow":          {&net.OpError{Op: "read", Err: os.ErrDeadlineExceeded}, true},
		"what a driver marked":           {store.MarkUnavailable(errors.New("LOADING")), true},
		"the caller left":                {context.Canceled, false},
		"the caller left while dialing":  {&net.OpError{Op: "dial", Err: context.Canceled}, false},
		"the caller's time is over":      {context.DeadlineExceeded, false},
		"there is no such network":       {rush.ErrNoNetwork, false},
		"a wait that timed out":          {rush.ErrTimeout, false},
		"any other error":                {errors.New("it is broken"), false},
		"a driver's mark on another":     {store.MarkUnavailable(rush.ErrState), true},
		"the caller's time, and a reset": {fmt.Errorf("%w: %w", context.DeadlineExceeded, syscall.ECONNRESET), true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := store.Unavailable(tc.err); got != tc.want {
				t.Errorf("got %v for %v, want %v", got, tc.err, tc.want)
			}
			if tc.err == nil {
				return
			}
			if got := store.Unavailable(fmt.Errorf("network n: next: %w", tc.err)); got != tc.want {
				t.Errorf("got %v for %v wrapped, want %v", got, tc.err, tc.want)
			}
		})
	}
}

func TestMarkUnavailableKeepsTheError(t *testing.T) {
	t.Parallel()
	err := store.MarkUnavailable(fmt.Errorf("after %v: %w", time.Second, io.EOF))
	if err.Error() != "after 1s: EOF" || !errors.Is(err, io.EOF) {
		t.Errorf("got %v, want the error that was marked", err)
	}
}
