package process

import (
	"errors"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

func setAttributes(attr *syscall.SysProcAttr, opts Options) { setGroup(attr, opts) }

// awaitExit blocks until the process has ended, and leaves it a zombie. Where
// that is not to be had it reaps it. The waitid of macOS would also tell of a
// process that was stopped (golang.org/issue/19314).
func (h handle) awaitExit(cmd *exec.Cmd) {
	err := awaitExitEvent(h.pgid)
	if err != nil && !errors.Is(err, unix.ESRCH) { // which says that it is a zombie
		_ = cmd.Wait()
	}
}

func awaitExitEvent(pid int) error {
	queue, err := unix.Kqueue()
	if err != nil {
		return err
	}
	defer unix.Close(queue)
	var watch unix.Kevent_t
	unix.SetKevent(&watch, pid, unix.EVFILT_PROC, unix.EV_ADD|unix.EV_ONESHOT)
	watch.Fflags = unix.NOTE_EXIT
	events := make([]unix.Kevent_t, 1)
	n, err := unix.Kevent(queue, []unix.Kevent_t{watch}, events, nil)
	for errors.Is(err, unix.EINTR) {
		n, err = unix.Kevent(queue, nil, events, nil)
	}
	if err == nil && n == 1 && events[0].Flags&unix.EV_ERROR != 0 {
		return syscall.Errno(events[0].Data)
	}
	return err
}
