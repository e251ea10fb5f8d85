package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/network"
)

// A home is where a test's rush commands run: a directory with search files,
// a data directory, a store.
type home struct {
	t     *testing.T
	dir   string
	store string
	env   []string // added to that of the commands
}

func newHome(t *testing.T, store string) *home {
	t.Helper()
	return &home{t: t, dir: t.TempDir(), store: store}
}

// write writes a file into the home and returns its path.
func (h *home) write(name, text string) string {
	h.t.Helper()
	path := filepath.Join(h.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
		h.t.Fatal(err)
	}
	return path
}

// A process is a rush command that runs.
type process struct {
	t      *testing.T
	cmd    *exec.Cmd
	stdout bytes.Buffer
	stderr lockedBuffer
	done   chan struct{}
}

// A lockedBuffer may be read while a process writes to it.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// start starts a rush command: this test binary, under that name.
func (h *home) start(args ...string) *process {
	h.t.Helper()
	self, err := os.Executable()
	if err != nil {
		h.t.Fatal(err)
	}
	p := &process{t: h.t, cmd: &exec.Cmd{
		Path: self, Args: append([]string{"rush"}, args...), Dir: h.dir,
		Env: append(os.Environ(), "RUSH_STORE="+h.store, "XDG_DATA_HOME="+filepath.Join(h.dir, "data")),
	}, done: make(chan struct{})}
	p.cmd.Env = append(p.cmd.Env, h.env...)
	p.cmd.Stdout, p.cmd.Stderr = &p.stdout, &p.stderr
	p.cmd.WaitDelay = time.Second
	if err := p.cmd.Start(); err != nil {
		h.t.Fatal(err)
	}
	go func() {
		defer close(p.done)
		_ = p.cmd.Wait() // the exit code is looked at by who waits
	}()
	h.t.Cleanup(func() {
		_ = p.cmd.Process.Kill()
		<-p.done
	})
	return p
}

func (p *process) signal(s os.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		p.t.Fatal(err)
	}
}

// wait waits for the command's end and returns its exit code.
func (p *process) wait() int {
	p.t.Helper()
	select {
	case <-p.done:
		return p.cmd.ProcessState.ExitCode()
	case <-time.After(time.Minute):
		p.t.Fatalf("rush %s did not end\n%s", strings.Join(p.cmd.Args[1:], " "), p.output())
		return 0
	}
}

func (p *process) output() string { return p.stdout.String() + p.stderr.String() }

// run runs a command to its end, expects the exit code, and returns what it
// printed.
func (h *home) run(code int, args ...string) string {
	h.t.Helper()
	p := h.start(args...)
	if got := p.wait(); got != code {
		h.t.Fatalf("rush %s ended with %d, expected %d\n%s", strings.Join(args, " "), got, code, p.output())
	}
	return p.output()
}

// sound expects doctor to be content with all networks of the store.
func (h *home) sound() {
	h.t.Helper()
	h.run(exitDone, "doctor")
}

// open waits until the home's store has the network, and opens it.
func (h *home) open(id rush.NetworkID) *network.Rush {
	h.t.Helper()
	st, err := network.OpenStore(h.t.Context(), h.store)
	if err != nil {
		h.t.Fatal(err)
	}
	defer st.Close()
	until(h.t, "there is a network", func() bool {
		found, err := st.Exists(h.t.Context(), id)
		return err == nil && found
	})
	net, err := network.Open(h.t.Context(), network.Config{Store: h.store, Network: id})
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { _ = net.Close() })
	return net
}

// until looks again and again until ok.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	limit := time.After(2 * time.Minute)
	for !ok() {
		select {
		case <-tick.C:
		case <-limit:
			t.Fatalf("%s: it did not come to that", what)
		}
	}
}

// ended waits until so many tasks of the network have ended.
func (h *home) ended(id rush.NetworkID, n int64) {
	h.t.Helper()
	net := h.open(id)
	until(h.t, "tasks end", func() bool {
		c, err := net.Counts(h.t.Context())
		return err == nil && c.Ended() >= n
	})
}

// counts returns the network's counts.
func (h *home) counts(id rush.NetworkID) rush.Counts {
	h.t.Helper()
	c, err := h.open(id).Counts(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

// pids returns the processes of the network's living workers.
func (h *home) pids(id rush.NetworkID) []int {
	h.t.Helper()
	workers, err := h.open(id).Workers(context.Background())
	if err != nil {
		h.t.Fatal(err)
	}
	var pids []int
	for _, w := range workers {
		if w.State.Alive() {
			pids = append(pids, w.PID)
		}
	}
	return pids
}

// kill9 ends a process at once, if there is one.
func kill9(pid int) {
	if process, err := os.FindProcess(pid); err == nil {
		_ = process.Kill()
	}
}

// gone waits until none of the processes is left.
func gone(t *testing.T, pids []int) {
	t.Helper()
	until(t, "processes end", func() bool {
		for _, pid := range pids {
			process, err := os.FindProcess(pid)
			if err == nil && !errors.Is(process.Signal(syscall.Signal(0)), os.ErrProcessDone) {
				return false
			}
		}
		return true
	})
}
