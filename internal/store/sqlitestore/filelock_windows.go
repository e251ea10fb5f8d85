package sqlitestore

import (
	"errors"
	"fmt"

	"golang.org/x/sys/windows"
)

// lockedAt is where the locked byte is: far behind the contents, which others
// may go on reading and writing, as Windows keeps them from a locked range.
const lockedAt = 1 << 30

// exclusive blocks until nobody else holds a lock on the file.
func (l fileLock) exclusive() error { return l.lock(windows.LOCKFILE_EXCLUSIVE_LOCK) }

// tryExclusive locks the file if nobody else holds a lock on it.
func (l fileLock) tryExclusive() (bool, error) { return l.try(windows.LOCKFILE_EXCLUSIVE_LOCK) }

// tryShared locks the file if nobody else holds it exclusively.
func (l fileLock) tryShared() (bool, error) { return l.try(0) }

func (l fileLock) try(flags uint32) (bool, error) {
	err := l.lock(flags | windows.LOCKFILE_FAIL_IMMEDIATELY)
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) || errors.Is(err, windows.ERROR_IO_PENDING) {
		return false, nil
	}
	return err == nil, err
}

func (l fileLock) lock(flags uint32) error {
	place := windows.Overlapped{OffsetHigh: lockedAt}
	if err := windows.LockFileEx(windows.Handle(l.f.Fd()), flags, 0, 1, 0, &place); err != nil {
		return fmt.Errorf("lock %s: %w", l.f.Name(), err)
	}
	return nil
}

func (l fileLock) unlock() error {
	place := windows.Overlapped{OffsetHigh: lockedAt}
	if err := windows.UnlockFileEx(windows.Handle(l.f.Fd()), 0, 1, 0, &place); err != nil {
		return fmt.Errorf("unlock %s: %w", l.f.Name(), err)
	}
	return nil
}
