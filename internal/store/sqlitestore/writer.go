package sqlitestore

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"
)

const (
	// stoppedPatience is how long somebody else may hold the lock file until
	// it is asked whether that process was stopped by a signal.
	stoppedPatience = 2 * time.Second
	// groupSize is how many waiting requests share a transaction at most.
	groupSize = 64
)

// A writer carries out all writes of a Store in one goroutine, which is kept
// because SQLite needs a deep stack.
type writer struct {
	store    *Store
	lock     fileLock
	requests chan *request
	wal      *checkpointer
	closing  <-chan struct{}
	ended    chan struct{}

	// While the goroutine waits for the lock:
	blocked atomic.Bool
	current atomic.Pointer[request]
	watch   *time.Timer

	// The goroutine's own:
	conn  *conn
	txn   txn
	group []*request
	woken []wakeup
	seen  time.Time // when the file was last found to be there
}

func openWriter(s *Store) (*writer, error) {
	lock, err := openLock(s.path + "-lock")
	if err != nil {
		return nil, err
	}
	w := &writer{
		store: s, lock: lock, closing: s.closing,
		requests: make(chan *request), wal: newCheckpointer(s), ended: make(chan struct{}),
	}
	w.watch = time.AfterFunc(stoppedPatience, w.inspect)
	go w.run()
	return w, nil
}

// setUp opens the connection and prepares the file.
func (w *writer) setUp(ctx context.Context) error {
	return w.do(ctx, &request{setUp: func() error {
		c, err := w.store.setUpFile()
		if err != nil {
			return err
		}
		c.measureLog()
		w.conn = c
		return w.store.joinClock(c)
	}})
}

func (w *writer) run() {
	defer close(w.ended)
	for {
		select {
		case r := <-w.requests:
			w.serve(r)
		case <-w.closing:
			w.watch.Stop()
			if w.conn != nil {
				w.conn.close()
			}
			w.store.clock.close()
			_ = w.lock.close()
			return
		}
	}
}

// close waits for the goroutine to end.
func (w *writer) close(patience time.Duration) error {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-w.ended:
		<-w.wal.ended
		return nil
	case <-timer.C:
		if pid := w.lock.holder(); pid > 0 {
			return fmt.Errorf("close the store %s: process %d holds its lock", w.store.path, pid)
		}
		return fmt.Errorf("close the store %s: another process holds its lock", w.store.path)
	}
}

// serve locks the file and carries out a request and those that wait with it.
func (w *writer) serve(first *request) {
	if err := w.acquire(first); err != nil {
		first.fail(err)
		return
	}
	w.group, w.woken = w.group[:0], w.woken[:0]
	if first.setUp != nil {
		if first.take() {
			w.group, first.err = append(w.group, first), first.setUp()
		}
	} else {
		w.transact(first)
	}
	_ = w.lock.unlock()
	for i, r := range w.group {
		r.done <- r.err
		w.group[i] = nil
	}
	w.store.hub.committed(w.woken)
	w.store.signals.committed(w.woken)
	w.store.entries.committed(w.woken)
}

// acquire locks the file for a request. While somebody else holds the lock,
// inspect is called now and then.
func (w *writer) acquire(r *request) error {
	locked, err := w.lock.tryExclusive()
	if err != nil {
		return err
	}
	if !locked {
		w.current.Store(r)
		w.blocked.Store(true)
		w.watch.Reset(stoppedPatience)
		err = w.lock.exclusive()
		w.watch.Stop()
		w.blocked.Store(false)
		w.current.Store(nil)
		if err != nil {
			return err
		}
	}
	if err := w.present(); err != nil {
		_ = w.lock.unlock()
		return err
	}
	w.lock.sign()
	return nil
}

// present fails when the file is gone. It looks once a millisecond at most,
// for a look takes a good part of a short transaction's time; what was written
// just after the file was deleted goes where all that was in it went.
func (w *writer) present() error {
	now := time.Now()
	if now.Sub(w.seen) < time.Millisecond {
		return nil
	}
	err := w.store.present()
	if err == nil {
		w.seen = now
	}
	return err
}

// inspect fails everybody who waits for the lock if the process that holds it
// was stopped by a signal. It runs beside the writer's goroutine, which goes on
// waiting.
func (w *writer) inspect() {
	if !w.blocked.Load() {
		return
	}
	if err := w.lock.stoppedHolder(w.store.path); err != nil {
		if r := w.current.Load(); r != nil {
			r.fail(err)
		}
		for r := w.next(); r != nil; r = w.next() {
			r.fail(err)
		}
	}
	w.watch.Reset(stoppedPatience)
}

// next returns a request that waits, or nil.
func (w *writer) next() *request {
	select {
	case r := <-w.requests:
		return r
	default:
		return nil
	}
}

// transact carries out a request, and others that wait by the time it is
// done, in one transaction. Those that were taken are in the group then.
func (w *writer) transact(first *request) {
	begun := false
	for r := first; r != nil; r = w.next() {
		if !r.take() {
			continue
		}
		w.group = append(w.group, r)
		if !begun {
			if r.err = w.conn.stmt("BEGIN IMMEDIATE").run(); r.err != nil {
				return
			}
			begun = true
		}
		w.perform(r)
		if len(w.group) == groupSize || !w.conn.inTransaction() {
			break
		}
	}
	if begun {
		w.commit()
	}
}

// perform makes the change of the group's newest request, or takes it back.
func (w *writer) perform(r *request) {
	alone := len(w.group) == 1
	if !alone {
		if r.err = w.conn.stmt("SAVEPOINT request").run(); r.err != nil {
			return
		}
	}
	w.txn.begin(w.store, w.conn)
	if r.err = r.change(&w.txn); r.err == nil {
		w.woken = w.txn.appendWakeup(w.woken)
	} else if w.txn.interned {
		w.store.names.forget()
	}
	switch {
	case alone && r.err != nil:
		w.conn.rollback()
	case alone || !w.conn.inTransaction():
	case r.err != nil:
		_ = w.conn.stmt("ROLLBACK TO request").run()
		_ = w.conn.stmt("RELEASE request").run()
	default:
		r.err = w.conn.stmt("RELEASE request").run()
	}
}

// commit ends the transaction of the group. If it fails, so do all.
func (w *writer) commit() {
	var err error
	if w.conn.inTransaction() {
		err = w.conn.stmt("COMMIT").run()
	} else if last := w.group[len(w.group)-1]; len(w.group) > 1 {
		err = last.err // which ended the transaction by itself
	}
	if err == nil {
		w.wal.committed(w.conn)
		return
	}
	w.conn.rollback()
	w.store.names.forget()
	w.woken = w.woken[:0]
	for _, r := range w.group {
		if r.err == nil {
			r.err = err
		}
	}
}
