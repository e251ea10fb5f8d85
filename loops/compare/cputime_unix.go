//go:build unix

package compare

import (
	"syscall"
	"time"
)

// processorTime says what processor time the process has taken so far; nil where
// the system does not.
func processorTime() func() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return nil
	}
	return func() time.Duration {
		_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u) // which it just did
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
}
