package sqlitestore

import (
	"errors"
	"fmt"
	"syscall"

	sqlite3 "modernc.org/sqlite/lib"

	"github.com/rushnet/rush"
)

// ErrFull is wrapped by errors that say that the disk has no room for a
// change. The change was not made; it can be made when there is room again.
var ErrFull = errors.New("there is no room for it")

// ErrClosed is wrapped by the errors of a Store that was closed.
var ErrClosed = errors.New("the store was closed")

// A sqliteError is what the library reports.
type sqliteError struct {
	path    string
	code    int // extended result code
	errno   int // of the operating system, 0 if none
	message string
}

// Error says what happened to the file and what to do.
func (e *sqliteError) Error() string {
	switch {
	case e.full():
		return fmt.Sprintf("the disk of %s is full: nothing was changed; free some space there and repeat (%s)", e.path, e.detail())
	case e.code == sqlite3.SQLITE_NOTADB:
		return fmt.Sprintf("%s is not a database file of rush: name another file, or move this one away (%s)", e.path, e.detail())
	case e.primary() == sqlite3.SQLITE_CORRUPT:
		return fmt.Sprintf("%s is damaged: restore it from a copy, or save what can be read with `sqlite3 %s .recover` (%s)", e.path, e.path, e.detail())
	case e.primary() == sqlite3.SQLITE_BUSY:
		return fmt.Sprintf("%s is locked by another program (an open transaction in a database tool?): close it and repeat (%s)", e.path, e.detail())
	case e.primary() == sqlite3.SQLITE_READONLY, e.primary() == sqlite3.SQLITE_CANTOPEN, e.primary() == sqlite3.SQLITE_PERM:
		return fmt.Sprintf("%s cannot be opened for writing: check the permissions of the file and its directory (%s)", e.path, e.detail())
	case e.primary() == sqlite3.SQLITE_IOERR:
		return fmt.Sprintf("%s cannot be read or written: nothing was changed; check its disk and repeat (%s)", e.path, e.detail())
	}
	return fmt.Sprintf("%s: %s", e.path, e.detail())
}

// Unwrap returns ErrFull or rush.ErrSchema, if the error is one of them.
func (e *sqliteError) Unwrap() error {
	switch {
	case e.full():
		return ErrFull
	case e.code == sqlite3.SQLITE_NOTADB:
		return rush.ErrSchema
	}
	return nil
}

// passes reports whether the same call can succeed later.
func (e *sqliteError) passes() bool { return e.full() || e.primary() == sqlite3.SQLITE_BUSY }

func (e *sqliteError) primary() int { return e.code & 0xff }

func (e *sqliteError) full() bool {
	return e.primary() == sqlite3.SQLITE_FULL ||
		e.primary() == sqlite3.SQLITE_IOERR && syscall.Errno(e.errno) == syscall.ENOSPC
}

func (e *sqliteError) detail() string {
	if e.errno != 0 && e.primary() == sqlite3.SQLITE_IOERR {
		return fmt.Sprintf("SQLite %d: %s: %v", e.code, e.message, syscall.Errno(e.errno))
	}
	return fmt.Sprintf("SQLite %d: %s", e.code, e.message)
}
