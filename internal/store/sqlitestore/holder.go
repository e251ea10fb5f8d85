package sqlitestore

import (
	"fmt"
	"os"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// stoppedHolder returns an error that says what to do if the process that
// holds the lock was stopped by a signal, else nil.
func (l fileLock) stoppedHolder(path string) error {
	pid := l.holder()
	if pid <= 0 || pid == os.Getpid() || !stopped(pid) {
		return nil
	}
	return store.MarkUnavailable(fmt.Errorf("process %d was stopped by a signal while it was writing to %s: let it go on with `kill -CONT %d`, or end it with `kill -KILL %d`, which loses nothing: %w",
		pid, path, pid, pid, rush.ErrTimeout))
}
