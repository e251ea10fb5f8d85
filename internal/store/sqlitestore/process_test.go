package sqlitestore

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// A child is this test binary, started again to play another process. It does
// what childVariable says and ends with its standard input.
const childVariable = "SQLITESTORE_CHILD"

// children are what a child can do with a network. They write to standard
// output what the test waits for.
var children = map[string]func(ctx context.Context, s *Store, n store.Network) error{
	"work":  childWork,
	"write": childWrite,
	"wait":  childWait,
	"queue": childQueue,
	"loop":  childLoop,
	"beat":  childBeat,
}

func TestMain(m *testing.M) {
	what := os.Getenv(childVariable)
	if what == "" {
		os.Exit(m.Run())
	}
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		cancel()
	}()
	err := playChild(ctx, what, os.Args[1])
	if err != nil && ctx.Err() == nil {
		fmt.Fprintln(os.Stderr, "child:", err)
		os.Exit(1)
	}
}

func playChild(ctx context.Context, what, path string) error {
	off, err := childOff(ctx)
	if err != nil {
		return err
	}
	s, err := Open(off, path, nil)
	if err != nil {
		return err
	}
	defer s.Close()
	return children[what](ctx, s, s.Network("test"))
}

// A process is a child that runs.
type process struct {
	*exec.Cmd
	stdin io.Closer
	lines *bufio.Scanner // of its standard output
}

// startChild starts a child, with more in its environment, which is killed at
// the end of the test unless it has ended by then.
func startChild(t testing.TB, what, path string, more ...string) *process {
	t.Helper()
	cmd := exec.Command(os.Args[0], path)
	cmd.Env = append(append(os.Environ(), childVariable+"="+what), more...)
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p := &process{cmd, stdin, bufio.NewScanner(out)}
	t.Cleanup(p.kill)
	return p
}

// kill ends a child at once, as kill -9 does.
func (p *process) kill() {
	if p.ProcessState == nil {
		_ = p.Process.Kill()
		_ = p.Wait()
	}
}

// expect reads lines until one that begins so, and returns the rest of it.
func (p *process) expect(t testing.TB, prefix string) string {
	t.Helper()
	for p.lines.Scan() {
		if rest, found := strings.CutPrefix(p.lines.Text(), prefix); found {
			return rest
		}
	}
	t.Fatalf("the child ended without saying %q: %v", prefix, p.lines.Err())
	return ""
}

// open opens a store for a test.
func open(t *testing.T, path string, opts *Options) *Store {
	t.Helper()
	s, err := Open(t.Context(), path, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// define returns the network that children use, with a definition.
func define(t *testing.T, s *Store) store.Network {
	t.Helper()
	n := s.Network("test")
	if _, err := n.Define(t.Context(), store.Definition{Body: []byte("body")}); err != nil {
		t.Fatal(err)
	}
	return n
}

// push pushes tasks with a few bytes each.
func push(ctx context.Context, n store.Network, nonce string, count int) ([]rush.TaskKey, error) {
	tasks := make([]store.NewTask, count)
	for i := range tasks {
		tasks[i].XS = []byte{0x81, 0xa1, 'x', 0x01}
	}
	return n.Create(ctx, tasks, nonce)
}

// audit fails the test for each invariant that does not hold, and for a
// damaged file.
func audit(t *testing.T, s *Store, n store.Network) *store.Audit {
	t.Helper()
	a, err := n.Audit(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range store.Check(a) {
		t.Errorf("audit: %v", v)
	}
	err = s.read(t.Context(), func(tx *txn) error {
		check := tx.stmt("PRAGMA integrity_check")
		for check.next() {
			if found := check.getText(); found != "ok" {
				t.Errorf("integrity check: %s", found)
			}
		}
		return check.close()
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}
