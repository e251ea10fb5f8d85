package network

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/detached"
	"github.com/rushnet/rush/plugins"
)

// DetachLog is the file that detached workers, and the process that looks after
// them, print to unless Workers.DetachLog names another one: in the directory
// workers of DataDir, named after the network and the first of the workers.
func DetachLog(network rush.NetworkID, first rush.WorkerID) (string, error) {
	dir, err := DataDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, "workers", fmt.Sprintf("%s-%s.log", network, first)), nil
}

// errNotServed: main does not call Serve, so the host would be the program
// itself, which would start another host, and so on.
var errNotServed = errors.New("this process was started to look after detached workers, but its program does not call network.Serve or search.Serve first thing in main")

// startDetached starts the workers in a host, and returns when all of them are
// registered. When ctx ends before, or one cannot start, none is left running.
func (r *Rush) startDetached(ctx context.Context, w Workers) (err error) {
	tellRest := r.tellAlive(ctx, &w)
	defer func() { tellRest(err) }()
	order, err := r.order(w)
	if err != nil {
		return err
	}
	log, printed, err := openDetachLog(r.id, w)
	if err != nil {
		return err
	}
	defer log.Close()
	h, err := startHost(order, log)
	if err != nil {
		return err
	}
	defer h.leave()
	select {
	case err = <-h.answered:
	case <-ctx.Done():
		if err = h.giveUp(); err == nil {
			return nil // it was just about to answer
		}
		return context.Cause(ctx)
	}
	if !errors.Is(err, errNoAnswer) {
		return err
	}
	<-h.exited
	return fmt.Errorf("%w (%v); into %s it printed:\n%s", err, h.cmd.ProcessState, log.Name(), tailOf(log.Name(), printed))
}

// openDetachLog opens the file that a host prints to, and says how long it is.
func openDetachLog(network rush.NetworkID, w Workers) (*os.File, int64, error) {
	path, err := w.DetachLog, error(nil)
	if path == "" {
		path, err = DetachLog(network, w.IDs[0])
	}
	if err == nil {
		err = os.MkdirAll(filepath.Dir(path), 0o700)
	}
	if err != nil {
		return nil, 0, err
	}
	log, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, 0, err
	}
	size, err := log.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, 0, errors.Join(err, log.Close())
	}
	return log, size, nil
}

// tailOf returns the last of what was printed to a file from an offset on.
func tailOf(path string, from int64) string {
	const most = 4 << 10
	b, err := os.ReadFile(path)
	if err != nil {
		return err.Error()
	}
	b = b[min(from, int64(len(b))):]
	return strings.TrimSpace(string(b[max(0, len(b)-most):]))
}

// A host is the process that looks after detached workers, until it has
// answered.
type host struct {
	cmd      *exec.Cmd
	in, out  *os.File      // our ends of its standard input and output
	answered chan error    // gets its answer, or errNoAnswer
	exited   chan struct{} // closed when the process has ended
}

// errNoAnswer: the process ended without a word about its workers.
var errNoAnswer = errors.New("the process that was to look after the detached workers ended")

// startHost starts this program as a host and hands it the order. The process
// is waited for in the background for as long as it or this program lives.
func startHost(order []byte, log *os.File) (*host, error) {
	self, err := plugins.Self()
	if err != nil {
		return nil, err
	}
	from, in, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer from.Close()
	out, to, err := os.Pipe()
	if err != nil {
		return nil, errors.Join(err, in.Close())
	}
	defer to.Close()
	h := &host{cmd: exec.Command(self[0], self[1:]...), in: in, out: out, answered: make(chan error, 1), exited: make(chan struct{})}
	h.cmd.Env = append(os.Environ(), detached.Environment())
	h.cmd.Stdin, h.cmd.Stdout, h.cmd.Stderr, h.cmd.SysProcAttr = from, to, log, detached.Apart()
	if err := h.cmd.Start(); err != nil {
		h.leave()
		return nil, fmt.Errorf("start the process that is to look after them: %w", err)
	}
	go func() {
		defer close(h.exited)
		_ = h.cmd.Wait() // its state is looked at by who needs it
	}()
	go func() { _, _ = in.Write(order) }() // it may not read; then it does not answer
	go func() { h.answered <- h.answer() }()
	return h, nil
}

// answer reads lines until the host's answer.
func (h *host) answer() error {
	for lines := bufio.NewReader(h.out); ; {
		line, err := lines.ReadString('\n')
		if a, ok := parseAnswer(line); ok {
			if a.Error != "" {
				return errors.New(a.Error)
			}
			return nil
		}
		if err != nil {
			return errNoAnswer
		}
	}
}

// giveUp lets the host end the workers that it has started so far, and waits
// for its last word: nil if they are registered nevertheless, and stay.
func (h *host) giveUp() error {
	_ = h.in.Close()
	patience := time.AfterFunc(2*endGrace, func() { _ = h.cmd.Process.Kill() })
	defer patience.Stop()
	err := <-h.answered
	if err != nil {
		<-h.exited
	}
	return err
}

// leave closes our ends of the pipes: the host is on its own.
func (h *host) leave() { _ = errors.Join(h.in.Close(), h.out.Close()) }
