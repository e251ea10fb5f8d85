package redisstore

import (
	"context"
	"errors"
	"net"
	"strconv"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// lookAgain is the longest time that a waiter blocks before it looks by
// itself, in case the token for it got lost.
const lookAgain = 5 * time.Second

// blockers are the connections of those that wait. Each waiter has a client
// of its own, so that waiting takes no connection from other verbs and can be
// interrupted: go-redis itself does not leave a read before its deadline.
type blockers struct {
	target *target
	look   time.Duration // lookAgain, but for tests

	mu     sync.Mutex
	free   []*blocker            // under mu
	all    map[*blocker]struct{} // under mu
	closed bool                  // under mu
}

func newBlockers(t *target) *blockers {
	return &blockers{target: t, look: lookAgain, all: map[*blocker]struct{}{}}
}

// wait blocks until one of the lists has a token, which it takes, and returns
// the list; or "" when time is over.
func (p *blockers) wait(ctx context.Context, timeout time.Duration, lists ...string) (string, error) {
	b, err := p.take()
	if err != nil {
		return "", err
	}
	list, err := b.wait(ctx, min(timeout, p.look), lists)
	if open := p.give(b, err); err != nil && !open {
		return "", redis.ErrClosed
	}
	return list, err
}

func (p *blockers) take() (*blocker, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, redis.ErrClosed
	}
	if n := len(p.free); n > 0 {
		b := p.free[n-1]
		p.free = p.free[:n-1]
		return b, nil
	}
	b := newBlocker(p.target, p.look)
	p.all[b] = struct{}{}
	return b, nil
}

// give keeps a blocker for the next waiter, unless its connection broke. It
// reports whether there may be a next one.
func (p *blockers) give(b *blocker, err error) (open bool) {
	p.mu.Lock()
	open = !p.closed
	keep := err == nil && open
	if keep {
		p.free = append(p.free, b)
	} else {
		delete(p.all, b)
	}
	p.mu.Unlock()
	if !keep {
		b.close()
	}
	return open
}

// close interrupts all who wait, and those that come later.
func (p *blockers) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	for _, b := range p.free {
		delete(p.all, b)
		b.close()
	}
	p.free = nil
	for b := range p.all { // their waiters close them
		b.interrupt()
	}
}

// A blocker is a client for one waiter at a time.
type blocker struct {
	client redis.UniversalClient

	mu          sync.Mutex
	conns       map[net.Conn]struct{} // under mu
	interrupted bool                  // under mu
}

func newBlocker(t *target, look time.Duration) *blocker {
	b := &blocker{conns: map[net.Conn]struct{}{}}
	opts := t.options
	opts.PoolSize, opts.MinIdleConns, opts.PipelinePoolSize = 1, 0, -1
	opts.MaxRetries = -1
	opts.ReadTimeout = look + 5*time.Second // for a server that hangs
	opts.ContextTimeoutEnabled = false      // wait minds the context
	dial := redis.NewDialer(&redis.Options{DialTimeout: max(opts.DialTimeout, 5*time.Second), TLSConfig: opts.TLSConfig})
	opts.Dialer = func(ctx context.Context, network, addr string) (net.Conn, error) {
		return b.keep(dial(ctx, network, addr))
	}
	b.client = redis.NewUniversalClient(&opts)
	return b
}

// keep notes a new connection, to be able to close it.
func (b *blocker) keep(c net.Conn, err error) (net.Conn, error) {
	if err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.interrupted {
		c.Close()
		return nil, net.ErrClosed
	}
	b.conns[c] = struct{}{}
	return &keptConn{Conn: c, blocker: b}, nil
}

// interrupt ends the wait and all that the blocker is good for.
func (b *blocker) interrupt() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.interrupted = true
	for c := range b.conns {
		c.Close()
	}
}

func (b *blocker) close() { _ = b.client.Close() } // nothing was written that could get lost

func (b *blocker) wait(ctx context.Context, timeout time.Duration, lists []string) (string, error) {
	stop := context.AfterFunc(ctx, b.interrupt)
	args := make([]any, 0, len(lists)+2)
	args = append(args, "blpop")
	for _, list := range lists {
		args = append(args, list)
	}
	// Fractions of a second, which go-redis' own BLPop does not send. 0 would
	// be forever.
	args = append(args, strconv.FormatFloat(max(timeout, time.Millisecond).Seconds(), 'f', 3, 64))
	cmd := redis.NewStringSliceCmd(ctx, args...)
	err := b.client.Process(ctx, cmd)
	if !stop() && ctx.Err() != nil {
		return "", ctx.Err()
	}
	if errors.Is(err, redis.Nil) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return cmd.Val()[0], nil
}

// A keptConn leaves its blocker's list when it is closed.
type keptConn struct {
	net.Conn
	blocker *blocker
}

func (c *keptConn) Close() error {
	c.blocker.mu.Lock()
	delete(c.blocker.conns, c.Conn)
	c.blocker.mu.Unlock()
	return c.Conn.Close()
}
