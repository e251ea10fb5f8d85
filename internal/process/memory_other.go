//go:build !linux

package process

import (
	"fmt"
	"runtime"
)

// CanLimitMemory reports whether this system can limit what a process uses.
const CanLimitMemory = false

// LimitMemory limits the memory that a process may write to. Only Linux can.
func LimitMemory(_ int, bytes int64) error {
	if bytes == 0 {
		return nil
	}
	return fmt.Errorf("the memory of a process cannot be limited on %s; only on Linux", runtime.GOOS)
}
