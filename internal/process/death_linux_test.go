package process_test

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/rushnet/rush/internal/process"
)

// parent runs the test binary as a program that starts args and hands file 3 on.
func parent(t *testing.T, how string, args ...string) (program *exec.Cmd, waitGone func(), stdout io.Reader) {
	t.Helper()
	program = exec.Command(os.Args[0], args...)
	program.Env = append(os.Environ(), asParent+"="+how)
	program.Stderr = os.Stderr
	waitGone = watch(t, program)
	stdout, err := program.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdin, err := program.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = stdin.Close(); _ = program.Process.Kill(); _ = program.Wait() })
	return program, waitGone, stdout
}

func TestTheProcessDiesWithTheProgram(t *testing.T) {
	t.Parallel()
	program, waitGone, stdout := parent(t, "kill", "sleep", "1000")
	readLine(t, stdout)
	_ = program.Process.Kill()
	waitGone()
}

func TestTheProcessIsAskedToEndWithTheProgram(t *testing.T) {
	t.Parallel()
	program, waitGone, stdout := parent(t, "term", "sh", "-c", "trap 'echo asked; kill -9 0' TERM; echo up; sleep 1000 & wait")
	for range 2 { // "started" and "up", in either order
		readLine(t, stdout)
	}
	_ = program.Process.Kill()
	if line := readLine(t, stdout); line != "asked" {
		t.Errorf("got %q, want asked", line)
	}
	waitGone()
}

func TestTheProcessOutlivesTheProgramWhenTold(t *testing.T) {
	t.Parallel()
	program, waitGone, stdout := parent(t, "outlive", "sleep", "1000")
	var pid int
	if _, err := fmt.Sscanf(readLine(t, stdout), "started %d", &pid); err != nil {
		t.Fatal(err)
	}
	_ = program.Process.Kill()
	_ = program.Wait()
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Errorf("it did not outlive: %v", err)
	}
	waitGone()
}

// golang.org/issue/27505: the death signal comes when the thread that forked
// ends. A goroutine that never unlocks its thread takes it along.
func TestTheProcessSurvivesTheThreadOfWhoStartedIt(t *testing.T) {
	t.Parallel()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	cmd := exec.Command("cat")
	cmd.Stdin = r
	var group *process.Group
	started := make(chan int)
	go func() {
		runtime.LockOSThread()
		group, err = process.Start(cmd, nil)
		started <- unix.Gettid()
	}()
	tid := <-started
	if err != nil {
		t.Fatal(err)
	}
	defer group.Stop(0)
	task := fmt.Sprintf("/proc/self/task/%d", tid)
	for end := time.Now().Add(patience); ; runtime.Gosched() {
		if _, err := os.Stat(task); err != nil {
			break
		}
		if tid == os.Getpid() || time.Now().After(end) { // the first thread of a program is never ended
			t.Logf("thread %d lives on", tid)
			break
		}
	}
	if _, err := w.WriteString("alive\n"); err != nil {
		t.Fatal(err)
	}
	if line := readLine(t, group.Stdout()); line != "alive" {
		t.Errorf("got %q, want alive", line)
	}
}
