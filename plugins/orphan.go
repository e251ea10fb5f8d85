package plugins

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/rushnet/rush/internal/process"
)

// A starter is the process that started this one, to which this one belongs.
type starter struct{ pid int }

func newStarter() *starter { return &starter{os.Getppid()} }

// watch calls gone when the starter is: its end of our standard input closes, or
// (on Linux) the kernel sends the parent-death signal. It calls it, too, when
// somebody asks this process to end.
func (s *starter) watch(stdin io.Reader, gone func()) {
	term := make(chan os.Signal, 1)
	signal.Notify(term, syscall.SIGTERM)
	// A print that nobody reads any more is not to end us before we have tidied up.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	closed := make(chan struct{})
	go func() {
		if _, err := io.Copy(io.Discard, stdin); err == nil {
			close(closed) // an error says only that we cannot watch: the program closed it
		}
	}()
	select {
	case <-term:
	case <-closed:
	}
	gone()
}

// exit ends this process. If nobody is left to do it, it kills what this process
// started first.
func (s *starter) exit() {
	if os.Getppid() != s.pid {
		process.EndDescendants()
	}
	os.Exit(1)
}

// orphaned returns what is to be done when the starter is gone.
func (s *starter) orphaned(cancel context.CancelCauseFunc, e *evaluatorServer) func() {
	return func() {
		cancel(errOrphaned)
		e.leaveIdle()
		time.AfterFunc(leaveGrace, s.exit)
	}
}
