package sqlitestore

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// sign does nothing: the kernel knows who holds a lock.
func (l fileLock) sign() {}

// holder returns the pid of the process that holds the lock exclusively, or 0
// when there is none or the system does not tell: see proc_locks(5).
func (l fileLock) holder() int {
	info, err := l.f.Stat()
	if err != nil {
		return 0
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0
	}
	locks, err := os.ReadFile("/proc/locks")
	if err != nil {
		return 0
	}
	return lockHolder(string(locks), stat.Ino)
}

// lockHolder finds the holder of an exclusive flock in the text of /proc/locks,
// which has a line for each lock, such as
//
//	1: FLOCK  ADVISORY  WRITE 8105 08:01:1234 0 EOF
//
// and for each that is waited for, with an arrow after the colon. Devices are
// not compared: some file systems show others there than in stat.
func lockHolder(locks string, inode uint64) int {
	suffix := ":" + strconv.FormatUint(inode, 10)
	for line := range strings.Lines(locks) {
		f := strings.Fields(line)
		if len(f) >= 6 && f[1] == "FLOCK" && f[3] == "WRITE" && strings.HasSuffix(f[5], suffix) {
			pid, _ := strconv.Atoi(f[4])
			return pid
		}
	}
	return 0
}

// stopped reports whether a process was stopped by a signal (T) or by a
// debugger (t): see proc_pid_stat(5).
func stopped(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return false
	}
	// The state follows the command's name, which may contain anything.
	_, rest, found := bytes.Cut(stat[bytes.LastIndexByte(stat, ')')+1:], []byte(" "))
	return found && len(rest) > 0 && (rest[0] == 'T' || rest[0] == 't')
}
