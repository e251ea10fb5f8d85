package process

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// CanLimitMemory reports whether this system can limit what a process uses.
const CanLimitMemory = true

// LimitMemory limits the memory that a process may write to (what it has
// allocated, its stacks; not files that it reads, nor its code) to so many
// bytes, from now on; 0 is no limit. What it starts afterwards is limited as
// well, each for itself.
func LimitMemory(pid int, bytes int64) error {
	var old unix.Rlimit
	if err := unix.Prlimit(pid, unix.RLIMIT_DATA, nil, &old); err != nil {
		return fmt.Errorf("read the limit of memory of process %d: %w", pid, err)
	}
	limit := unix.Rlimit{Cur: old.Max, Max: old.Max} // raising the latter takes a privilege
	if bytes > 0 {
		limit.Cur = min(uint64(bytes), old.Max)
	}
	if err := unix.Prlimit(pid, unix.RLIMIT_DATA, &limit, nil); err != nil {
		return fmt.Errorf("limit the memory of process %d: %w", pid, err)
	}
	return nil
}
