package redistest

import (
	"os/exec"
	"runtime"
	"syscall"
)

// own starts a process, reports whether that went well, and waits for its end.
// The kernel kills the process when this one ends, however it does. More
// precisely, when the thread that started it ends: hence the lock.
func own(cmd *exec.Cmd, started chan<- error, done chan<- struct{}) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	run(cmd, started, done)
}
