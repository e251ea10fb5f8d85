package process_test

import (
	"os"
	"os/exec"
	"testing"

	"github.com/rushnet/rush/internal/process"
)

// A grandchild in a session of its own, whose parents have ended, is found.
func TestDescendantsInOtherSessionsAreKilled(t *testing.T) {
	t.Parallel()
	cmd := sh("setsid sh -c 'sleep 1000 & setsid sleep 1000 & echo up'")
	waitGone := watch(t, cmd)
	group := start(t, cmd, &process.Options{Descendants: true})
	readLine(t, group.Stdout())
	group.Wait()
	waitGone()
}

// The end of one process is not that of another one, which has a mark, too.
func TestOnlyDescendantsAreKilled(t *testing.T) {
	t.Parallel()
	other := exec.Command("cat")
	other.Env = append(os.Environ(), "RUSH_PROCESS_MARK=another")
	in, err := other.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := other.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = in.Close(); _ = other.Wait() })
	start(t, sh("exit 0"), &process.Options{Descendants: true}).Wait()
	if _, err := in.Write([]byte("still here\n")); err != nil {
		t.Fatal(err)
	}
	if got := readLine(t, out); got != "still here" {
		t.Errorf("found %q", got)
	}
}

// Who ends a process finds what that has started with a mark of its own, even if
// it was not allowed to do it itself.
func TestDescendantsOfAMarkedDescendantAreKilled(t *testing.T) {
	t.Parallel()
	cmd := exec.Command(os.Args[0], "sh", "-c", "setsid sleep 1000 & echo up; wait")
	cmd.Env = append(os.Environ(), asParent+"=marked")
	in, hold, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = in.Close(); _ = hold.Close() })
	cmd.Stdin = in
	waitGone := watch(t, cmd)
	group := start(t, cmd, &process.Options{Descendants: true})
	for range 2 { // "started" and "up", in either order
		readLine(t, group.Stdout())
	}
	group.Stop(0)
	waitGone()
}

// A program whose parent is gone ends all that it has started.
func TestEndDescendants(t *testing.T) {
	t.Parallel()
	cmd := exec.Command(os.Args[0], "sh", "-c", "setsid sleep 1000 & sleep 1000 & echo up; wait")
	cmd.Env = append(os.Environ(), asParent+"=ends all", "RUSH_PROCESS_MARK="+t.Name())
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	waitGone := watch(t, cmd)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for range 2 { // "started" and "up", in either order
		readLine(t, out)
	}
	_ = in.Close()
	waitGone()
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
}
