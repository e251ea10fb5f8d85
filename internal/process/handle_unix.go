//go:build unix

package process

import (
	"os"
	"syscall"
)

// A handle is the number of a process group.
type handle struct{ pgid int }

func hold(p *os.Process, _ Options) (handle, error) { return handle{p.Pid}, nil }

func (h handle) signal(sig syscall.Signal) error {
	return doneIf(syscall.Kill(-h.pgid, sig), syscall.ESRCH)
}

func (h handle) release() {}

// setGroup asks for a group, or for a session, which is one too.
func setGroup(attr *syscall.SysProcAttr, opts Options) {
	attr.Setsid = opts.Session
	attr.Setpgid = !opts.Session
}

func signalName(state *os.ProcessState) string {
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return status.Signal().String()
	}
	return ""
}
