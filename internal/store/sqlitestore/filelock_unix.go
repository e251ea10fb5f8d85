//go:build unix

package sqlitestore

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

// exclusive blocks until nobody else holds a lock on the file. Those who wait
// are served in their order.
func (l fileLock) exclusive() error { return l.flock(unix.LOCK_EX) }

// tryExclusive locks the file if nobody else holds a lock on it.
func (l fileLock) tryExclusive() (bool, error) { return l.try(unix.LOCK_EX) }

// tryShared locks the file if nobody else holds it exclusively.
func (l fileLock) tryShared() (bool, error) { return l.try(unix.LOCK_SH) }

func (l fileLock) unlock() error { return l.flock(unix.LOCK_UN) }

func (l fileLock) try(how int) (bool, error) {
	err := l.flock(how | unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		return false, nil
	}
	return err == nil, err
}

func (l fileLock) flock(how int) error {
	for {
		err := unix.Flock(int(l.f.Fd()), how)
		if err == nil {
			return nil
		}
		if err != unix.EINTR {
			return fmt.Errorf("lock %s: %w", l.f.Name(), err)
		}
	}
}
