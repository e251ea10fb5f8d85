package sqlitestore

import (
	"bytes"
	"fmt"
	"os"
)

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
