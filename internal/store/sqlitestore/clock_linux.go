package sqlitestore

import (
	"encoding/binary"

	"golang.org/x/sys/unix"
)

// uptime returns microseconds since the machine was started, those of its sleep
// included. All processes see the same.
func (c *clock) uptime() int64 {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_BOOTTIME, &t); err != nil {
		return c.wall().UnixMicro() // of a kernel without it; zero is 0 then
	}
	return t.Nano() / 1000
}

// join reads the clock from its file. Everybody who has it open holds a shared
// lock on it: who could lock it exclusively is the first, and writes it. One
// that cannot be written, on a full disk, is not shared.
func (c *clock) join(path string) (first bool, err error) {
	lock, err := openLock(path)
	if err != nil {
		return false, err
	}
	c.held = &lock
	if first, err = lock.tryExclusive(); err != nil {
		return false, err
	}
	c.zero = c.wall().UnixMicro() - c.uptime()
	var b [8]byte
	if first {
		binary.BigEndian.PutUint64(b[:], uint64(c.zero))
		_, _ = lock.f.WriteAt(b[:], 0)
	} else if _, err := lock.f.ReadAt(b[:], 0); err == nil {
		c.zero = int64(binary.BigEndian.Uint64(b[:]))
	}
	_, err = lock.tryShared() // nobody else locks it exclusively: the write lock is held
	return first, err
}
