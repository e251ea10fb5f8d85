package sqlitestore

import (
	"fmt"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/rushnet/rush/internal/store"
)

// A conn is one connection to the database file, with the statements that
// were prepared on it. One goroutine at a time may use it.
//
// It calls the library below modernc.org/sqlite's database/sql driver, whose
// conversions of rows and arguments take a quarter of a short transaction's
// time.
type conn struct {
	tls   *libc.TLS
	db    uintptr // *sqlite3
	path  string
	stmts map[string]*stmt // by their SQL

	logLength uintptr // *int32: the length of the -wal file in pages; see measureLog
}

// openConn opens the file, creating it if need be, and sets what is set for
// each connection.
func openConn(path string, pragmas string) (*conn, error) {
	c := &conn{tls: libc.NewTLS(), path: path, stmts: map[string]*stmt{}}
	name, err := libc.CString(path)
	if err != nil {
		c.tls.Close()
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	defer libc.Xfree(c.tls, name)
	c.db = c.out(func(db uintptr) int32 {
		return sqlite3.Xsqlite3_open_v2(c.tls, name, db, sqlite3.SQLITE_OPEN_READWRITE|
			sqlite3.SQLITE_OPEN_CREATE|sqlite3.SQLITE_OPEN_NOMUTEX|sqlite3.SQLITE_OPEN_EXRESCODE, 0)
	}, &err)
	if err == nil {
		err = c.exec(pragmas)
	}
	if err != nil {
		c.close()
		return nil, err
	}
	return c, nil
}

// out calls a function of the library that stores a pointer where its
// argument points to, and returns that pointer.
func (c *conn) out(call func(result uintptr) int32, err *error) uintptr {
	cell := libc.Xcalloc(c.tls, 1, libc.Tsize_t(unsafe.Sizeof(uintptr(0))))
	defer libc.Xfree(c.tls, cell)
	rc := call(cell)
	result := *(*uintptr)(pointer(cell))
	if rc != sqlite3.SQLITE_OK {
		if c.db == 0 {
			c.db = result // openV2 gives a connection to ask for the message
		}
		*err = c.errorOf(rc)
	}
	return result
}

// exec runs statements that return nothing.
func (c *conn) exec(sql string) error {
	text, err := libc.CString(sql)
	if err != nil {
		return fmt.Errorf("%s: %w", c.path, err)
	}
	defer libc.Xfree(c.tls, text)
	if rc := sqlite3.Xsqlite3_exec(c.tls, c.db, text, 0, 0, 0); rc != sqlite3.SQLITE_OK {
		return c.errorOf(rc)
	}
	return nil
}

// number runs a statement that returns a number.
func (c *conn) number(sql string) (v int64, err error) {
	s := c.stmt(sql)
	if s.next() {
		v = s.getInt()
	}
	return v, s.close()
}

// inTransaction reports whether a transaction was begun and not ended. Some
// errors end one by themselves.
func (c *conn) inTransaction() bool {
	return sqlite3.Xsqlite3_get_autocommit(c.tls, c.db) == 0
}

// rollback ends a transaction, if there is one, without its changes.
func (c *conn) rollback() {
	if c.inTransaction() {
		// An error here means that it is rolled back already, or by whoever
		// opens the file next.
		_ = c.exec("ROLLBACK")
	}
}

// close frees everything. It is safe after a failed open.
func (c *conn) close() {
	for _, s := range c.stmts {
		s.finalize()
	}
	if c.db != 0 {
		sqlite3.Xsqlite3_close_v2(c.tls, c.db)
	}
	libc.Xfree(c.tls, c.logLength)
	c.tls.Close()
}

// errorOf returns the error that the last call reported with the code rc.
func (c *conn) errorOf(rc int32) error {
	e := &sqliteError{path: c.path, code: int(rc), message: libc.GoString(sqlite3.Xsqlite3_errstr(c.tls, rc))}
	if c.db != 0 {
		e.message = libc.GoString(sqlite3.Xsqlite3_errmsg(c.tls, c.db))
		e.errno = int(sqlite3.Xsqlite3_system_errno(c.tls, c.db))
	}
	if e.passes() {
		return store.MarkUnavailable(e)
	}
	return e
}

// pointer turns an address that the library gave, which is outside the Go
// heap, into a pointer.
func pointer(p uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&p)) }

// bytesAt returns the n bytes at an address that the library gave.
func bytesAt(p uintptr, n int) []byte { return unsafe.Slice((*byte)(pointer(p)), n) }
