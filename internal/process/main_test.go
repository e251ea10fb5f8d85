//go:build unix

package process_test

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/rushnet/rush/internal/process"
)

// patience is for how long a test waits for what should come at once.
const patience = time.Minute

// asParent, set in the environment, makes the test binary a program that starts
// its arguments and is then killed.
const asParent = "RUSH_PROCESS_TEST_PARENT"

func TestMain(m *testing.M) {
	if how := os.Getenv(asParent); how != "" {
		if err := beParent(how, os.Args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

// beParent starts a process that inherits file 3, says so, and waits for stdin to end.
func beParent(how string, args []string) error {
	opts := &process.Options{Outlive: how == "outlive", Descendants: how == "marked"}
	if how == "term" {
		opts.OnDeath = syscall.SIGTERM
	}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.ExtraFiles = []*os.File{os.NewFile(3, "watch")}
	group, err := process.Start(cmd, opts)
	if err != nil {
		return err
	}
	fmt.Println("started", group.Pid())
	_, err = os.Stdin.Read(make([]byte, 1))
	if how == "ends all" {
		process.EndDescendants()
		return nil
	}
	return err
}

// sh is a shell with a script.
func sh(script string, args ...string) *exec.Cmd {
	return exec.Command("sh", append([]string{"-c", script, "sh"}, args...)...)
}

func start(t *testing.T, cmd *exec.Cmd, opts *process.Options) *process.Group {
	t.Helper()
	group, err := process.Start(cmd, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { group.Stop(0) })
	return group
}

// watch gives cmd file 3, which all its descendants inherit, and returns a
// function that waits until none of them is left.
func watch(t *testing.T, cmd *exec.Cmd) (waitGone func()) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.ExtraFiles = []*os.File{w}
	t.Cleanup(func() { _ = r.Close() })
	return func() {
		t.Helper()
		_ = w.Close()
		_ = r.SetReadDeadline(time.Now().Add(patience))
		if n, err := r.Read(make([]byte, 1)); n != 0 || err.Error() != "EOF" {
			t.Fatalf("a descendant is still there: read %d bytes, error %v", n, err)
		}
	}
}

// readLine reads to the end of a line.
func readLine(t *testing.T, r interface{ Read([]byte) (int, error) }) string {
	t.Helper()
	var line strings.Builder
	for b := make([]byte, 1); ; {
		n, err := r.Read(b)
		if n == 1 && b[0] == '\n' {
			return line.String()
		}
		if err != nil {
			t.Fatalf("after %q: %v", line.String(), err)
		}
		line.Write(b[:n])
	}
}
