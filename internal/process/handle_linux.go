package process

import (
	"errors"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

func setAttributes(attr *syscall.SysProcAttr, opts Options) {
	setGroup(attr, opts)
	if opts.Outlive {
		return
	}
	attr.Pdeathsig = syscall.SIGKILL
	if opts.OnDeath != 0 {
		attr.Pdeathsig = opts.OnDeath
	}
}

// awaitExit blocks until the process has ended, and leaves it a zombie. Where
// that is not to be had it reaps it.
func (h handle) awaitExit(cmd *exec.Cmd) {
	err := error(unix.EINTR)
	for errors.Is(err, unix.EINTR) {
		err = unix.Waitid(unix.P_PID, h.pgid, nil, unix.WEXITED|unix.WNOWAIT, nil)
	}
	if err != nil {
		_ = cmd.Wait()
	}
}
