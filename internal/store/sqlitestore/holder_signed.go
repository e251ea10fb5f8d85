//go:build !linux

package sqlitestore

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
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
