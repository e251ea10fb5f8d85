package sqlitestore

import (
	"bytes"
	"fmt"
	"os"
	"strconv"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// holderSize is the length of what sign writes, which is always the same, so
// that a full disk cannot get in its way.
const holderSize = 20

// sign writes into a lock file that is held that this process holds it. It is
// for people and for stoppedHolder: nothing depends on it, so errors are
// ignored.
func (l fileLock) sign() {
	want := fmt.Appendf(nil, "%-*d\n", holderSize-1, os.Getpid())
	var found [holderSize]byte
	if n, _ := l.f.ReadAt(found[:], 0); n == holderSize && bytes.Equal(found[:], want) {
		return
	}
	_, _ = l.f.WriteAt(want, 0)
}

// holder returns the pid of the process that signed last, or 0.
func (l fileLock) holder() int {
	var found [holderSize]byte
	n, _ := l.f.ReadAt(found[:], 0)
	pid, err := strconv.Atoi(string(bytes.TrimSpace(found[:n])))
	if err != nil {
		return 0
	}
	return pid
}

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
