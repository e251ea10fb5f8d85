package sqlitestore

import "golang.org/x/sys/unix"

// processStopped is SSTOP of sys/proc.h.
const processStopped = 4

// stopped reports whether a process was stopped by a signal.
func stopped(pid int) bool {
	info, err := unix.SysctlKinfoProc("kern.proc.pid", pid)
	return err == nil && info.Proc.P_stat == processStopped
}
