package sqlitestore

import (
	"context"
	"sync/atomic"
)

// A change is what a verb does in a transaction. An error takes back what it
// did. It runs on the writer's goroutine; the verb reads what it left behind
// when write has returned.
type change func(t *txn) error

// A request is a change that waits for the writer.
type request struct {
	change change
	setUp  func() error // instead of a change: runs without a transaction
	state  atomic.Int32
	err    error // of the change
	done   chan error
}

// The states of a request. Who moves it out of waiting answers it.
const (
	requestWaiting int32 = iota
	requestTaken
	requestLeft
)

// take reports whether the writer is to carry the request out.
func (r *request) take() bool { return r.state.CompareAndSwap(requestWaiting, requestTaken) }

// leave reports whether the caller may go, the request not being begun.
func (r *request) leave() bool { return r.state.CompareAndSwap(requestWaiting, requestLeft) }

// fail answers a request that is not begun.
func (r *request) fail(err error) {
	if r.leave() {
		r.done <- err
	}
}

// write carries out a change in one transaction. When ctx ends before it was
// begun, nothing is changed and the error of ctx is returned; a change that was
// begun is waited for, which takes milliseconds. So an error always means that
// nothing was changed.
func (s *Store) write(ctx context.Context, change change) error {
	return s.writer.do(ctx, &request{change: change})
}

// do has a request carried out.
func (w *writer) do(ctx context.Context, r *request) error {
	if err := ctx.Err(); err != nil {
		return w.store.at(err)
	}
	r.done = make(chan error, 1)
	select {
	case w.requests <- r:
	case <-ctx.Done():
		return w.store.at(ctx.Err())
	case <-w.closing:
		return w.store.at(ErrClosed)
	}
	var early error
	select {
	case err := <-r.done:
		return err
	case <-ctx.Done():
		early = ctx.Err()
	case <-w.closing:
		early = ErrClosed
	}
	if r.leave() {
		return w.store.at(early)
	}
	return <-r.done
}
