package sqlitestore

import (
	"errors"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// scratchSize is how many bytes of arguments a statement holds without an
// allocation.
const scratchSize = 4096

// A stmt is a prepared statement. Arguments are bound in the order of the
// parameters and columns are read in the order of the result, so that neither
// has to be numbered:
//
//	s := c.stmt("SELECT a, b FROM t WHERE id = ?").int(id)
//	for s.next() {
//		a, b = s.getInt(), s.getBlob()
//	}
//	return s.close()
type stmt struct {
	c       *conn
	p       uintptr // *sqlite3_stmt
	param   int32   // bound so far
	column  int32   // read so far, of this row
	scratch uintptr // holds text and blobs while the statement runs
	used    int     // of scratch
	err     error   // the first one since c.stmt
}

// stmt returns the statement, ready to be bound. Its user must step it to the
// end or close it before asking for the same SQL again.
func (c *conn) stmt(sql string) *stmt {
	if s := c.stmts[sql]; s != nil {
		s.param, s.column, s.used, s.err = 0, 0, 0, nil
		return s
	}
	s := &stmt{c: c}
	text, err := libc.CString(sql)
	if err != nil {
		s.err = err
		return s
	}
	defer libc.Xfree(c.tls, text)
	s.p = c.out(func(result uintptr) int32 {
		return sqlite3.Xsqlite3_prepare_v3(c.tls, c.db, text, -1, sqlite3.SQLITE_PREPARE_PERSISTENT, result, 0)
	}, &s.err)
	if s.err == nil {
		c.stmts[sql] = s
	}
	return s
}

func (s *stmt) finalize() {
	sqlite3.Xsqlite3_finalize(s.c.tls, s.p)
	libc.Xfree(s.c.tls, s.scratch)
}

// int binds an integer.
func (s *stmt) int(v int64) *stmt {
	s.param++
	return s.check(sqlite3.Xsqlite3_bind_int64(s.c.tls, s.p, s.param, v))
}

// bool binds 1 or 0.
func (s *stmt) bool(v bool) *stmt {
	if v {
		return s.int(1)
	}
	return s.int(0)
}

// optInt binds an integer, or null for 0.
func (s *stmt) optInt(v int64) *stmt {
	if v == 0 {
		return s.null()
	}
	return s.int(v)
}

func (s *stmt) null() *stmt {
	s.param++
	return s.check(sqlite3.Xsqlite3_bind_null(s.c.tls, s.p, s.param))
}

// blob binds bytes, or null for nil.
func (s *stmt) blob(v []byte) *stmt {
	if v == nil {
		return s.null()
	}
	s.param++
	if len(v) == 0 {
		return s.check(sqlite3.Xsqlite3_bind_zeroblob(s.c.tls, s.p, s.param, 0))
	}
	p, free := s.keep(len(v))
	if p == 0 {
		return s
	}
	copy(bytesAt(p, len(v)), v)
	s.check(sqlite3.Xsqlite3_bind_blob(s.c.tls, s.p, s.param, p, int32(len(v)), lifetime(free)))
	if free {
		libc.Xfree(s.c.tls, p)
	}
	return s
}

// text binds a string.
func (s *stmt) text(v string) *stmt {
	s.param++
	p, free := s.keep(len(v))
	if p == 0 {
		return s
	}
	copy(bytesAt(p, len(v)), v)
	s.check(sqlite3.Xsqlite3_bind_text(s.c.tls, s.p, s.param, p, int32(len(v)), lifetime(free)))
	if free {
		libc.Xfree(s.c.tls, p)
	}
	return s
}

// optText binds a string, or null for the empty one.
func (s *stmt) optText(v string) *stmt {
	if v == "" {
		return s.null()
	}
	return s.text(v)
}

// keep returns room for n bytes: in the scratch memory, which lasts until the
// statement is bound anew, or, if they do not fit, new memory that the caller
// frees after the library has copied it.
func (s *stmt) keep(n int) (p uintptr, free bool) {
	if s.err != nil {
		return 0, false
	}
	if s.scratch == 0 {
		s.scratch = libc.Xmalloc(s.c.tls, scratchSize)
	}
	if s.scratch != 0 && s.used+n <= scratchSize {
		p = s.scratch + uintptr(s.used)
		s.used += n
		return p, false
	}
	if p = libc.Xmalloc(s.c.tls, libc.Tsize_t(n)); p == 0 {
		s.err = errors.New("out of memory")
	}
	return p, true
}

// lifetime tells the library whether to copy what is bound.
func lifetime(transient bool) uintptr {
	if transient {
		return sqlite3.SQLITE_TRANSIENT
	}
	return sqlite3.SQLITE_STATIC
}

func (s *stmt) check(rc int32) *stmt {
	if rc != sqlite3.SQLITE_OK && s.err == nil {
		s.err = s.c.errorOf(rc)
	}
	return s
}

// next goes to the next row. At the end and on an error, which close returns,
// it is false.
func (s *stmt) next() bool {
	if s.err != nil {
		return false
	}
	s.column = 0
	switch rc := sqlite3.Xsqlite3_step(s.c.tls, s.p); rc {
	case sqlite3.SQLITE_ROW:
		return true
	case sqlite3.SQLITE_DONE:
		return false
	default:
		s.err = s.c.errorOf(rc)
		return false
	}
}

// close ends the execution and returns the first error since the beginning.
func (s *stmt) close() error {
	if s.p != 0 {
		sqlite3.Xsqlite3_reset(s.c.tls, s.p) // repeats the error of the last step
	}
	return s.err
}

// run executes the statement and ignores its rows.
func (s *stmt) run() error {
	for s.next() {
	}
	return s.close()
}

// getInt reads an integer; null is 0.
func (s *stmt) getInt() int64 {
	v := sqlite3.Xsqlite3_column_int64(s.c.tls, s.p, s.column)
	s.column++
	return v
}

func (s *stmt) getBool() bool { return s.getInt() != 0 }

// getBlob reads bytes; null is nil.
func (s *stmt) getBlob() []byte {
	i := s.column
	s.column++
	p := sqlite3.Xsqlite3_column_blob(s.c.tls, s.p, i)
	if p == 0 {
		if sqlite3.Xsqlite3_column_type(s.c.tls, s.p, i) == sqlite3.SQLITE_NULL {
			return nil
		}
		return []byte{}
	}
	n := int(sqlite3.Xsqlite3_column_bytes(s.c.tls, s.p, i))
	b := make([]byte, n)
	copy(b, bytesAt(p, n))
	return b
}

// getText reads a string; null is empty.
func (s *stmt) getText() string {
	i := s.column
	s.column++
	p := sqlite3.Xsqlite3_column_text(s.c.tls, s.p, i)
	if p == 0 {
		return ""
	}
	return string(bytesAt(p, int(sqlite3.Xsqlite3_column_bytes(s.c.tls, s.p, i))))
}

// isNull reports whether the next column is null, without reading it.
func (s *stmt) isNull() bool {
	return sqlite3.Xsqlite3_column_type(s.c.tls, s.p, s.column) == sqlite3.SQLITE_NULL
}
