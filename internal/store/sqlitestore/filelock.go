package sqlitestore

import (
	"fmt"
	"os"
)

// A fileLock is a handle on a file that processes, and several handles in one
// process, lock against each other. The operating system lets go of it when
// the process ends, however it ends.
type fileLock struct{ f *os.File }

// openLock opens a lock file, creating it if need be.
func openLock(path string) (fileLock, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fileLock{}, fmt.Errorf("open the lock file: %w", err)
	}
	return fileLock{f}, nil
}

func (l fileLock) close() error { return l.f.Close() }
