package plugins

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/hashicorp/go-plugin/runner"

	"github.com/rushnet/rush/internal/process"
)

// stderrTail is how much of a process's stderr is kept to say why it ended.
const stderrTail = 4096

// stdoutTail is how much is kept of what a program printed instead of a greeting.
const stdoutTail = 1024

// crashLine is how a Go program begins to tell that it crashes.
var crashLine = regexp.MustCompile(`^(panic|fatal error|SIG[A-Z]+): `)

// A groupRunner starts a plugin in a process group, and a session if it is to
// have one, of its own, and reads its output so that nothing it prints, of any length and at any
// time, disturbs go-plugin or blocks the plugin.
type groupRunner struct {
	name    string
	cmd     *exec.Cmd
	output  func(stream, line string) // from one goroutine for each stream
	outlive bool
	session bool
	timeout time.Duration // until it is a plugin, for explain
	began   time.Time     // set by Start

	stdin     *os.File // our end of the plugin's stdin: it closes when we die
	handshake *io.PipeReader
	readers   sync.WaitGroup // of stdout and stderr

	certificate string // that the plugin said it is known by; of the reader of stdout

	mu     sync.Mutex // guards what follows
	group  *process.Group
	killed bool // Kill came before Start
	tail   *process.Tail
	fatal  string // the first line on stderr with which a Go program tells that it crashes

	greeting *greeting     // nil until the program has said that it is a plugin
	refused  error         // what is wrong with the greeting
	before   *process.Tail // of what it printed on stdout until then
}

var _ runner.Runner = (*groupRunner)(nil)

// Start starts the process.
func (r *groupRunner) Start(context.Context) error {
	in, out, err := os.Pipe()
	if err != nil {
		return err
	}
	defer in.Close()
	r.cmd.Stdin, r.stdin, r.began = in, out, time.Now()
	group, err := r.launch()
	if err != nil {
		return errors.Join(err, out.Close())
	}
	var found *io.PipeWriter
	r.handshake, found = io.Pipe()
	r.readers.Go(func() { r.readStdout(group.Stdout(), found) })
	r.readers.Go(func() { r.readStderr(group.Stderr()) })
	return nil
}

func (r *groupRunner) launch() (*process.Group, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.killed {
		return nil, errors.New("it was stopped before it started")
	}
	var err error
	r.tail, r.before = process.NewTail(stderrTail), process.NewTail(stdoutTail)
	r.group, err = process.Start(r.cmd, &process.Options{
		Session: r.session, OnDeath: syscall.SIGTERM, Outlive: r.outlive, Descendants: !r.outlive,
	})
	return r.group, err
}

// started returns the process, or nil if there is none.
func (r *groupRunner) started() *process.Group {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.group
}

func (r *groupRunner) readStdout(stdout io.Reader, found *io.PipeWriter) {
	_ = process.Lines(stdout, 0, func(line []byte) {
		if told, ok := r.listen(line, found); ok {
			r.output("stdout", told)
		}
	})
	if r.greeted() == nil {
		// It is about to end, which says more about why than the kill that follows.
		endsWithin(r.started(), brokenWait)
	}
	_ = found.Close()
}

// endsWithin waits for the end of a process, but not longer than d.
func endsWithin(g *process.Group, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-g.Done():
		return true
	case <-timer.C:
		return false
	}
}

// listen takes the line if it is what makes the program a plugin, for which found
// waits, and returns what of it is output of the person's program.
func (r *groupRunner) listen(line []byte, found *io.PipeWriter) (told string, ok bool) {
	if r.greeted() != nil {
		return string(line), true
	}
	if certificate, before := readCertificate(line); certificate != "" {
		r.certificate = certificate
		return before, before != ""
	}
	g, isGreeting := readGreeting(line, r.certificate)
	if !isGreeting {
		r.mu.Lock()
		defer r.mu.Unlock()
		_, _ = r.before.Write(line)
		_, _ = r.before.Write([]byte{'\n'})
		return string(line), true
	}
	refused := g.check()
	r.mu.Lock()
	r.greeting, r.refused = &g, refused
	r.mu.Unlock()
	if refused == nil {
		_, _ = io.WriteString(found, g.line+"\n")
	}
	_ = found.Close() // it is all that go-plugin needs, and without it that gives up
	return g.precededBy, g.precededBy != ""
}

// greeted returns the greeting of a plugin that was started.
func (r *groupRunner) greeted() *greeting {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.greeting
}

func (r *groupRunner) refusal() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.refused
}

// explain says why a program did not become a plugin, of which go-plugin says err.
func (r *groupRunner) explain(err error) error {
	group := r.started()
	if group == nil {
		return err // it names the program
	}
	if refused := r.refusal(); refused != nil {
		return refused
	}
	if r.greeted() != nil {
		return err
	}
	exit := group.Wait() // go-plugin has killed it
	r.readers.Wait()
	const advice = "; expected one that says on its stdout that it is a plugin (in Go, one whose main calls plugins.Serve first)"
	what := "it ended before it was a plugin: " + exit.String()
	switch {
	case exit.Signal != syscall.SIGKILL.String():
	case time.Since(r.began) >= r.timeout:
		what = fmt.Sprintf("it was no plugin within %v, and was stopped", r.timeout)
	default:
		what = "it closed its stdout, or somebody killed it, before it was a plugin"
	}
	return errors.New(what + advice + r.printed())
}

// printed is what a program printed that did not become a plugin.
func (r *groupRunner) printed() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var told string
	if out := strings.TrimSpace(r.before.String()); out != "" {
		told += "; it printed:\n" + out
	}
	if out := strings.TrimSpace(r.tail.String()); out != "" {
		told += "; on its stderr:\n" + out
	}
	return told
}

func (r *groupRunner) readStderr(stderr io.Reader) {
	_ = process.Lines(stderr, 0, func(line []byte) {
		stream, line := unmark(line)
		r.mu.Lock()
		if r.fatal == "" && crashLine.Match(line) {
			r.fatal = string(line)
		}
		_, _ = r.tail.Write(line)
		_, _ = r.tail.Write([]byte{'\n'})
		r.mu.Unlock()
		r.output(stream, string(line))
	})
}

// stderr returns the last of what the process printed there.
func (r *groupRunner) stderr() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.tail == nil {
		return ""
	}
	return strings.TrimSpace(r.tail.String())
}

// forget begins the tail of stderr anew.
func (r *groupRunner) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tail, r.fatal = process.NewTail(stderrTail), ""
}

// crash returns what a Go program said when it crashed.
func (r *groupRunner) crash() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.fatal
}

// Diagnose says what the process printed when it did not become a plugin.
func (r *groupRunner) Diagnose(context.Context) string { return r.stderr() }

// Stdout gives go-plugin the handshake line only.
func (r *groupRunner) Stdout() io.ReadCloser { return r.handshake }

// Stderr gives go-plugin nothing: it is read here.
func (r *groupRunner) Stderr() io.ReadCloser { return io.NopCloser(strings.NewReader("")) }

// Name names the program.
func (r *groupRunner) Name() string { return r.name }

// ID is the process id.
func (r *groupRunner) ID() string {
	if g := r.started(); g != nil {
		return strconv.Itoa(g.Pid())
	}
	return ""
}

// Wait returns when the process has ended.
func (r *groupRunner) Wait(context.Context) error {
	exit := r.started().Wait()
	_ = r.stdin.Close()
	if exit.OK() {
		return nil
	}
	return errors.New(exit.String())
}

// Kill ends the process at once, with everything that it started in its
// session.
func (r *groupRunner) Kill(context.Context) error {
	r.mu.Lock()
	g := r.group
	r.killed = true
	r.mu.Unlock()
	if g == nil {
		return nil
	}
	_ = g.KillGroup(syscall.SIGKILL) // it may have ended by itself
	r.sweep(g)
	return nil
}

// sweep kills what the process left behind in its session.
func (r *groupRunner) sweep(g *process.Group) {
	if r.session && !r.outlive {
		process.KillSession(g.Pid())
	}
}

// PluginToHost translates nothing: both sides are on one machine.
func (r *groupRunner) PluginToHost(network, addr string) (string, string, error) {
	return network, addr, nil
}

// HostToPlugin translates nothing.
func (r *groupRunner) HostToPlugin(network, addr string) (string, string, error) {
	return network, addr, nil
}
