package sqlitestore

import "context"

// readers is a pool of connections for reading.
type readers struct {
	store *Store
	pool  chan *conn // nil: a connection that is yet to be opened
}

func newReaders(s *Store, size int) *readers {
	r := &readers{store: s, pool: make(chan *conn, size)}
	for range size {
		r.pool <- nil
	}
	return r
}

// take takes a connection, which must be given back.
func (r *readers) take(ctx context.Context) (*conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, r.store.at(err)
	}
	select {
	case <-r.store.closing:
		return nil, r.store.at(ErrClosed)
	default:
	}
	if err := r.store.present(); err != nil {
		return nil, err
	}
	select {
	case c := <-r.pool:
		if c != nil {
			return c, nil
		}
	case <-ctx.Done():
		return nil, r.store.at(ctx.Err())
	case <-r.store.closing:
		return nil, r.store.at(ErrClosed)
	}
	c, err := openConn(r.store.path, r.store.pragmas()+"; PRAGMA query_only = ON")
	if err != nil {
		r.pool <- nil
	}
	return c, err
}

// give gives a connection back; after an error it is replaced by a new one.
func (r *readers) give(c *conn, err error) {
	if err != nil {
		c.close()
		c = nil
	}
	r.pool <- c
}

// close waits for those who read.
func (r *readers) close() {
	for range cap(r.pool) {
		if c := <-r.pool; c != nil {
			c.close()
		}
	}
}
