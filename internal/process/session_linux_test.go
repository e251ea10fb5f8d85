package process_test

import (
	"fmt"
	"io"
	"os/exec"
	"syscall"
	"testing"
	"testing/iotest"
	"time"

	"golang.org/x/sys/unix"

	"github.com/rushnet/rush/internal/process"
)

func TestKillSessionKillsAllItsGroups(t *testing.T) {
	t.Parallel()
	// Three groups: -m gives each job its own.
	cmd := exec.Command("bash", "-mc", "sleep 1000 & sh -c 'sleep 1000; :' & trap '' TERM; echo up; wait")
	waitGone := watch(t, cmd)
	group := start(t, cmd, &process.Options{Session: true})
	readLine(t, group.Stdout())
	if !process.KillSession(group.Pid()) {
		t.Error("got false, want true")
	}
	waitGone()
	if got := group.Wait().String(); got != "signal killed" {
		t.Errorf("got %s, want signal killed", got)
	}
	if !process.KillSession(group.Pid()) {
		t.Error("a session without processes: got false, want true")
	}
}

func TestKillSessionSparesItsOwn(t *testing.T) {
	t.Parallel()
	own, err := unix.Getsid(0)
	if err != nil {
		t.Fatal(err)
	}
	for _, sid := range []int{own, 0, -1} {
		if process.KillSession(sid) {
			t.Errorf("KillSession(%d): got true, want false", sid)
		}
	}
}

// leaver starts a process that leaves the group and keeps the pipes; the shell
// then waits at a fifo and prints more.
func leaver(t *testing.T, more string, opts *process.Options) (group *process.Group, outside int, waitGone func()) {
	t.Helper()
	cmd := sh("setsid sh -c 'echo $$; exec sleep 1000' & read x < \"$1\"; "+more, fifo(t))
	waitGone = watch(t, cmd)
	group = start(t, cmd, opts)
	outside = atoi(t, readLine(t, group.Stdout()))
	writeLine(t, cmd.Args[4])
	return group, outside, waitGone
}

func TestADescendantOutsideTheGroupHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	group, outside, waitGone := leaver(t, "exit 0", &process.Options{Delay: 50 * time.Millisecond})
	if rest, err := io.ReadAll(group.Stdout()); len(rest) != 0 || err != nil {
		t.Errorf("got %q and error %v, want the end", rest, err)
	}
	group.Wait()
	if err := syscall.Kill(outside, syscall.SIGKILL); err != nil {
		t.Errorf("it should have been left alone: %v", err)
	}
	waitGone()
}

func TestALateReaderMissesNothing(t *testing.T) {
	t.Parallel()
	group, outside, waitGone := leaver(t, "printf %0300d 7", &process.Options{Delay: time.Nanosecond})
	group.Wait()
	out, err := io.ReadAll(iotest.OneByteReader(group.Stdout()))
	if want := fmt.Sprintf("%0300d", 7); err != nil || string(out) != want {
		t.Errorf("got %q and error %v, want %q", out, err, want)
	}
	if err := syscall.Kill(outside, syscall.SIGKILL); err != nil {
		t.Errorf("it should have been left alone: %v", err)
	}
	waitGone()
}
