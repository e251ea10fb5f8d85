package sqlitestore

import (
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

const (
	// checkpointPages is how much the -wal file grows until what it has
	// gathered is brought into the database, beside the writing: 16 MB.
	checkpointPages = 8192
	// checkpointLimit is the length at which writers wait for that, so that
	// the file can begin anew: 64 MB. Little is left to be done by then.
	checkpointLimit = 4 * checkpointPages
)

// A checkpointer brings the -wal file into the database. A checkpoint waits
// for the disk twice: most are made by a goroutine of their own, while
// transactions go on behind it. As none of those finds the file at rest, some
// are made by the writer.
type checkpointer struct {
	store *Store
	begin chan struct{}
	ended chan struct{}
	next  int32 // the length at which to begin; the writer's own
}

func newCheckpointer(s *Store) *checkpointer {
	k := &checkpointer{store: s, begin: make(chan struct{}, 1), ended: make(chan struct{}), next: checkpointPages}
	go k.run()
	return k
}

// run makes checkpoints whenever it is told to.
func (k *checkpointer) run() {
	defer close(k.ended)
	var c *conn
	for {
		select {
		case <-k.begin:
			if c == nil {
				c, _ = openConn(k.store.path, k.store.pragmas())
			}
			if c != nil {
				c.checkpoint()
			}
		case <-k.store.closing:
			if c != nil {
				c.close()
			}
			return
		}
	}
}

// checkpoint brings into the database what no reader needs in the -wal file
// any more. An error means that the next one has more to do.
func (c *conn) checkpoint() {
	sqlite3.Xsqlite3_wal_checkpoint_v2(c.tls, c.db, 0, sqlite3.SQLITE_CHECKPOINT_PASSIVE, 0, 0)
}

// measureLog has the library note the length of the -wal file after each
// commit of this connection.
func (c *conn) measureLog() {
	c.logLength = libc.Xcalloc(c.tls, 1, libc.Tsize_t(unsafe.Sizeof(int32(0))))
	hook := *(*uintptr)(unsafe.Pointer(&struct {
		f func(tls *libc.TLS, length, db, name uintptr, pages int32) int32
	}{noteLength}))
	sqlite3.Xsqlite3_wal_hook(c.tls, c.db, hook, c.logLength)
}

// noteLength is a sqlite3_wal_hook callback. Its argument is where the length
// goes.
func noteLength(_ *libc.TLS, length, _, _ uintptr, pages int32) int32 {
	*(*int32)(pointer(length)) = pages
	return sqlite3.SQLITE_OK
}

// committed is called by the writer after a commit, while it holds the lock.
func (k *checkpointer) committed(c *conn) {
	length := *(*int32)(pointer(c.logLength))
	switch {
	case length < k.next-checkpointPages: // the file began anew
		k.next = checkpointPages
	case length >= checkpointLimit && length >= k.next:
		c.checkpoint()
		k.next = length + checkpointPages
	case length >= k.next:
		select {
		case k.begin <- struct{}{}:
		default: // one is under way
		}
		k.next = length + checkpointPages
	}
}
