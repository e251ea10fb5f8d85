// Package scratch makes directories for files that are of no use once the
// process that made them has ended, and removes those of processes that were
// killed before they could.
//
// Beside a directory, rush-NUMBER, is a file, rush-NUMBER.lock, that its process
// holds a lock on. The system gives that up with the process, however it ends,
// so that whoever gets the lock knows that the directory is nobody's.
package scratch

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

const (
	prefix = "rush-"
	suffix = ".lock"
)

// A Dir is a directory of this process, until Remove. Any goroutine may use it.
type Dir struct {
	path string
	lock *os.File
}

// New makes an empty directory in parent that only this user can read; "" is
// the system's directory for temporary files.
func New(parent string) (*Dir, error) {
	for {
		d, err := try(parent)
		if err != nil {
			return nil, fmt.Errorf("make a directory for temporary files: %w", err)
		}
		if d != nil {
			return d, nil
		}
	}
}

// try makes a directory; nil if its lock was swept before it was held.
func try(parent string) (*Dir, error) {
	lock, err := os.CreateTemp(parent, prefix+"*"+suffix)
	if err != nil {
		return nil, err
	}
	held, err := hold(lock)
	if err != nil || !held {
		return nil, errors.Join(err, lock.Close())
	}
	d := &Dir{strings.TrimSuffix(lock.Name(), suffix), lock}
	err = os.Mkdir(d.path, 0o700)
	if err == nil {
		return d, nil
	}
	err = errors.Join(lock.Close(), os.Remove(lock.Name()), notExist(err))
	return nil, err
}

// notExist drops the error that says that there is something of that name.
func notExist(err error) error {
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	return err
}

// hold locks a file that nobody else has locked or removed.
func hold(f *os.File) (bool, error) {
	locked, err := tryLock(f)
	if err != nil || !locked {
		return false, err
	}
	opened, err := f.Stat()
	if err != nil {
		return false, err
	}
	found, err := os.Stat(f.Name())
	return err == nil && os.SameFile(opened, found), nil
}

// Path returns where the directory is; "" for a nil one.
func (d *Dir) Path() string {
	if d == nil {
		return ""
	}
	return d.path
}

// Remove removes the directory with all that is in it. A nil one is none.
func (d *Dir) Remove() error {
	if d == nil {
		return nil
	}
	err := os.RemoveAll(d.path)
	return errors.Join(err, d.lock.Close(), notThere(os.Remove(d.lock.Name())))
}

// notThere drops the error that says that there is nothing of that name.
func notThere(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// Sweep removes this user's directories in parent whose processes have ended,
// and returns their paths. What cannot be looked at or removed is left.
func Sweep(parent string) (removed []string) {
	if parent == "" {
		parent = os.TempDir()
	}
	entries, err := os.ReadDir(parent)
	if err != nil {
		return nil
	}
	for _, e := range entries {
		if e.Type().IsRegular() && strings.HasPrefix(e.Name(), prefix) && strings.HasSuffix(e.Name(), suffix) && isMine(e) {
			if path := filepath.Join(parent, e.Name()); sweep(path) {
				removed = append(removed, strings.TrimSuffix(path, suffix))
			}
		}
	}
	return removed
}

// sweep removes the directory of a lock that nobody holds. The lock goes last,
// so that the next one finds what is left.
func sweep(path string) bool {
	lock, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return false
	}
	held, err := hold(lock)
	if err != nil || !held {
		_ = lock.Close()
		return false
	}
	dir := Dir{strings.TrimSuffix(path, suffix), lock}
	return dir.Remove() == nil
}
