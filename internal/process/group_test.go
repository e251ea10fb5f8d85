//go:build unix

package process_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush/internal/process"
)

func TestStartGivesInputAndOutput(t *testing.T) {
	t.Parallel()
	group := start(t, sh("cat; echo oops >&2; exit 3"), &process.Options{Input: []byte("in\n")})
	stderr := process.NewTail(100)
	copied := make(chan error)
	go func() { _, err := io.Copy(stderr, group.Stderr()); copied <- err }()
	out, err := process.ReadAll(group.Stdout(), 1000)
	if err != nil || string(out) != "in\n" {
		t.Errorf("stdout: got %q and error %v, want %q", out, err, "in\n")
	}
	if err := <-copied; err != nil || stderr.String() != "oops" {
		t.Errorf("stderr: got %q and error %v, want oops", stderr, err)
	}
	if diff := cmp.Diff(process.Exit{Code: 3}, group.Wait()); diff != "" {
		t.Errorf("exit (-want +got):\n%s", diff)
	}
	if n, err := group.Stdout().Read(make([]byte, 1)); n != 0 || err != io.EOF {
		t.Errorf("reading past the end: got %d, %v, want 0, EOF", n, err)
	}
}

func TestExits(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		script, want string
		ok           bool
	}{
		{"exit 0", "exit code 0", true},
		{"exit 255", "exit code 255", false},
		{"kill -KILL $$", "signal killed", false},
		{"kill -SEGV $$", "signal segmentation fault", false},
	} {
		t.Run(tc.script, func(t *testing.T) {
			t.Parallel()
			exit := start(t, sh(tc.script), nil).Wait()
			if exit.String() != tc.want || exit.OK() != tc.ok {
				t.Errorf("got %v (OK %v), want %s (OK %v)", exit, exit.OK(), tc.want, tc.ok)
			}
		})
	}
}

func TestLargeInputThatNobodyReads(t *testing.T) {
	t.Parallel()
	group := start(t, sh("exec 0<&-; echo done"), &process.Options{Input: make([]byte, 1<<20)})
	out, err := process.ReadAll(group.Stdout(), 1000)
	if exit := group.Wait(); err != nil || string(out) != "done\n" || !exit.OK() {
		t.Errorf("got %q, %v, %v", out, err, exit)
	}
}

func TestLargeInputAndOutputAtOnce(t *testing.T) {
	t.Parallel()
	in := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
	group := start(t, exec.Command("cat"), &process.Options{Input: in})
	out, err := process.ReadAll(group.Stdout(), 1<<20)
	if err != nil || !bytes.Equal(in, out) {
		t.Errorf("got %d bytes and error %v, want the %d of the input", len(out), err, len(in))
	}
}

func TestABackgroundChildDoesNotSurvive(t *testing.T) {
	t.Parallel()
	// The child keeps all pipes open and takes no hint.
	cmd := sh(`sh -c 'trap "" TERM HUP; echo up; while :; do sleep 1000; done' & read x < "$1"; exit 4`, fifo(t))
	waitGone := watch(t, cmd)
	group := start(t, cmd, nil)
	if line := readLine(t, group.Stdout()); line != "up" {
		t.Fatalf("got %q, want up", line)
	}
	writeLine(t, cmd.Args[4])
	if exit := group.Wait(); exit.Code != 4 {
		t.Errorf("got %v, want exit code 4", exit)
	}
	waitGone()
	if rest, err := io.ReadAll(group.Stdout()); len(rest) != 0 || err != nil {
		t.Errorf("stdout: got %q and error %v, want its end", rest, err)
	}
	if err := group.KillGroup(syscall.SIGTERM); !errors.Is(err, os.ErrProcessDone) {
		t.Errorf("a signal after the end: got %v, want %v", err, os.ErrProcessDone)
	}
}

func TestStop(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, script string
		grace        time.Duration
		want         string
	}{
		{"asks first", "trap 'exit 5' TERM; echo up; while :; do sleep 1000 & wait; done", patience, "exit code 5"},
		{"ends who does not listen", "trap '' TERM; echo up; while :; do sleep 1000; done", 20 * time.Millisecond, "signal killed"},
		{"does not ask without grace", "trap 'exit 5' TERM; echo up; while :; do sleep 1000 & wait; done", 0, "signal killed"},
		{"ends who was stopped", "trap '' TERM; echo up; kill -STOP $$; exit 1", 20 * time.Millisecond, "signal killed"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			cmd := sh(tc.script)
			waitGone := watch(t, cmd)
			group := start(t, cmd, nil)
			readLine(t, group.Stdout())
			if got := group.Stop(tc.grace).String(); got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
			waitGone()
			if again := group.Stop(tc.grace).String(); again != tc.want {
				t.Errorf("stopped again: got %s, want %s", again, tc.want)
			}
		})
	}
}

func TestTheCallersFilesAreUsed(t *testing.T) {
	t.Parallel()
	out, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	cmd := sh("echo here; echo there >&2")
	cmd.Stdout, cmd.Stderr = out, out
	group := start(t, cmd, nil)
	group.Wait()
	if got, err := os.ReadFile(out.Name()); err != nil || string(got) != "here\nthere\n" {
		t.Errorf("got %q and error %v", got, err)
	}
	if group.Stdout() != nil || group.Stderr() != nil {
		t.Errorf("there are pipes: %v, %v", group.Stdout(), group.Stderr())
	}
}

func TestStartFails(t *testing.T) {
	t.Parallel()
	noDir := sh("exit 0")
	noDir.Dir = filepath.Join(t.TempDir(), "missing")
	writer := sh("exit 0")
	writer.Stdout = &bytes.Buffer{}
	for _, tc := range []struct {
		name string
		cmd  *exec.Cmd
		want string
	}{
		{"no program", exec.Command("/no/such/program"), "/no/such/program: no such file"},
		{"no directory", noDir, "its working directory: stat " + noDir.Dir},
		{"no file", writer, "cmd.Stdout is a *bytes.Buffer, expected nil or an *os.File"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := process.Start(tc.cmd, &process.Options{Input: []byte("x")})
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got error %v, want one that says %q", err, tc.want)
			}
		})
	}
}

// Signals to many groups at once, while they end: none may hit another's group.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	const n = 40
	groups := make([]*process.Group, n)
	for i := range groups {
		groups[i] = start(t, exec.Command("sleep", "1000"), nil)
	}
	ended := make(chan string)
	for i, g := range groups {
		go func() { ended <- g.Stop(time.Duration(i%2) * patience).String() }()
	}
	count := map[string]int{}
	for range groups {
		count[<-ended]++
	}
	if diff := cmp.Diff(map[string]int{"signal terminated": n / 2, "signal killed": n / 2}, count); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
