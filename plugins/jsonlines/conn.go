package jsonlines

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/process"
)

// MaxLine is how many bytes a line may have. A program that prints a longer one
// is not listened to any more.
const MaxLine = 1 << 30

// stderrTail is how much of a program's stderr is kept.
const stderrTail = 4096

// waiting is how many lines may be on their way to a program that does not read
// them, until Send waits.
const waiting = 16

// heldDelay is for how long a descendant that has left the group, and keeps
// stdout or stderr open, delays the end.
const heldDelay = 500 * time.Millisecond

// ErrClosed says that nothing comes from the program any more: it has ended, or
// closed its stdout.
var ErrClosed = errors.New("the program says nothing any more: it ended, or closed its stdout")

// Options say how a program is talked with. nil and the zero value are valid.
type Options struct {
	// Names make a line of stdout a message: a JSON object that has one of them.
	// Every other line is the program's own print. Without names every JSON object
	// is a message.
	Names []string
	// Output gets the prints, line by line; stream is stdout or stderr. It is
	// called by one goroutine at a time for each stream, and the program waits when
	// it takes long. Nil drops them.
	Output func(stream, line string)
	// Active is called whenever something was read from the program, by the
	// goroutines of both streams. Nil is valid.
	Active func()
	// Session gives the program a session of its own, see [process.Options].
	Session bool
}

// A Conn is a program that was started, and the lines to and from it. Receive and
// Pending are for one goroutine at a time; any goroutine may call the others.
type Conn struct {
	// Fixed at construction.
	group   *process.Group
	opts    Options
	stdin   *os.File
	working sync.WaitGroup // the goroutines that read and write

	in    chan []message // what was read at once; closed at the end of stdout
	out   chan []byte
	over  chan struct{} // closed: nobody receives or sends any more
	leave func()        // closes over
	input chan struct{} // closed: nothing more will be sent
	shut  func()        // closes input

	received []message // the receiver's: taken from in, not yet returned

	mu    sync.Mutex // guards what follows
	tail  *process.Tail
	fault error // what broke the conversation; nil while nothing did
}

// Start starts a program. cmd is as for exec.Command, without stdin, stdout and
// stderr, and belongs to the Conn from then on. The caller is to call End or Stop.
func Start(cmd *exec.Cmd, opts *Options) (*Conn, error) {
	c := &Conn{
		in: make(chan []message), out: make(chan []byte, waiting), tail: process.NewTail(stderrTail),
		over: make(chan struct{}), input: make(chan struct{}),
	}
	c.leave = sync.OnceFunc(func() { close(c.over) })
	c.shut = sync.OnceFunc(func() { close(c.input) })
	if opts != nil {
		c.opts = *opts
	}
	if c.opts.Output == nil {
		c.opts.Output = func(string, string) {}
	}
	if c.opts.Active == nil {
		c.opts.Active = func() {}
	}
	theirs, ours, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", cmd.Path, err)
	}
	defer theirs.Close()
	cmd.Stdin, c.stdin = theirs, ours
	if c.group, err = process.Start(cmd, &process.Options{Session: c.opts.Session, Delay: heldDelay}); err != nil {
		return nil, errors.Join(err, ours.Close())
	}
	c.working.Go(c.readStdout)
	c.working.Go(c.readStderr)
	c.working.Go(c.write)
	c.working.Go(func() {
		<-c.group.Done()
		_ = ours.Close() // ends a write if somebody outside the group holds the other end
	})
	return c, nil
}

// Send sends a line, which is one JSON object without its end of line, and
// returns when it is on its way. That the program never reads it is told by
// Receive, when the program has ended. It fails when ctx ends, or the
// conversation has.
func (c *Conn) Send(ctx context.Context, line []byte) error {
	if i := bytes.IndexByte(line, '\n'); i >= 0 {
		return fmt.Errorf("send a line: it has an end of line at byte %d, expected JSON on one line", i)
	}
	select {
	case <-c.input:
		return ErrClosed
	case <-c.over:
		return ErrClosed
	default:
	}
	select {
	case c.out <- append(bytes.Clone(line), '\n'):
		return nil
	case <-c.group.Done():
		return ErrClosed
	case <-c.input:
		return ErrClosed
	case <-c.over:
		return ErrClosed
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Receive returns the next message. It fails with ErrClosed when there will be
// none, with ctx's cause when ctx ends, and with a *LineError, after which the
// conversation goes on, for a line that begins like a message and is no JSON.
func (c *Conn) Receive(ctx context.Context) (rush.Values, error) {
	for len(c.received) == 0 {
		select {
		case batch, open := <-c.in:
			if !open {
				return nil, c.closed()
			}
			c.received = batch
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
	m := c.received[0]
	c.received = c.received[1:]
	return m.values, m.err
}

// Pending reports whether a message is there already: in a conversation in turns,
// one that came when it was not the program's turn.
func (c *Conn) Pending() bool {
	if len(c.received) == 0 {
		select {
		case c.received = <-c.in:
		default:
		}
	}
	return len(c.received) > 0
}

func (c *Conn) closed() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.fault != nil {
		return fmt.Errorf("%w: %w", ErrClosed, c.fault)
	}
	return ErrClosed
}

// Alive reports whether the program runs, and the lines to it could be written.
func (c *Conn) Alive() bool {
	select {
	case <-c.group.Done():
		return false
	default:
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.fault == nil
}

// Done is closed when the program has ended, and the rest of its group with it.
func (c *Conn) Done() <-chan struct{} { return c.group.Done() }

// PID returns the number of the process.
func (c *Conn) PID() int { return c.group.Pid() }

// CloseInput closes the program's stdin, once it was given what was sent: it is to
// end. Messages may still be received.
func (c *Conn) CloseInput() { c.shut() }

// End closes the program's stdin, and stops the program if it has not ended by
// itself after grace; it returns how it ended. What it still has to say is not
// received any more.
func (c *Conn) End(grace time.Duration) process.Exit {
	c.shut()
	c.leave()
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case <-c.group.Done():
	case <-timer.C:
	}
	return c.Stop(grace)
}

// Stop ends the program with its group: SIGTERM, and SIGKILL after grace; 0 kills
// at once. It returns how it ended, once nothing of it is left.
func (c *Conn) Stop(grace time.Duration) process.Exit {
	c.shut()
	c.leave()
	exit := c.group.Stop(grace)
	if c.opts.Session {
		process.KillSession(c.group.Pid())
	}
	c.working.Wait()
	return exit
}

// Kill ends the program at once with its group, and waits for nothing.
func (c *Conn) Kill() { _ = c.group.KillGroup(syscall.SIGKILL) }

// Stderr returns the last of what the program printed there: since Forget was
// called, 4 KiB at most.
func (c *Conn) Stderr() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return strings.TrimSpace(c.tail.String())
}

// Forget begins anew with what Stderr returns.
func (c *Conn) Forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tail = process.NewTail(stderrTail)
}
