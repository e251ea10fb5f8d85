package logstore

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/rushnet/rush"
)

const (
	maxBatch    = 1000        // entries that are written at once
	flushWait   = time.Second // how long a record of the flush level is waited for
	firstRetry  = 50 * time.Millisecond
	lastRetry   = 2 * time.Second
	ownLogger   = "rush/log" // of what a queue has to tell itself
	writeExpiry = 30 * time.Second
)

// A queue is the entries that wait to be written, and the goroutine that
// writes them.
//
//	run ─┬─ gather  wait for entries, until they are to be written
//	     └─ write   append a batch; again, with the same nonce, until it worked
type queue struct {
	w    Writer
	opts *Options

	wake   chan struct{} // has room for one
	ctx    context.Context
	cancel context.CancelFunc // ends run at once
	ended  chan struct{}

	mu      sync.Mutex // guards what follows
	waiting []rush.LogEntry
	total   int64 // entries ever accepted
	written int64 // of those, entries that are done with
	dropped int64 // not yet told
	lost    int64 // dropped ever
	urgent  int64 // entries up to here are wanted at once
	closing bool
	err     error         // of the last try to write, nil when it worked
	done    chan struct{} // closed and made anew when written grows
}

func startQueue(ctx context.Context, w Writer, opts *Options) *queue {
	q := &queue{w: w, opts: opts, wake: make(chan struct{}, 1), ended: make(chan struct{}), done: make(chan struct{})}
	q.ctx, q.cancel = context.WithCancel(context.WithoutCancel(ctx))
	go q.run()
	return q
}

// put adds an entry and returns how many there were then.
func (q *queue) put(e rush.LogEntry) int64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closing || len(q.waiting) >= q.opts.Queue {
		q.dropped++
		q.lost++
		return q.total
	}
	q.waiting = append(q.waiting, e)
	q.total++
	if len(q.waiting) == 1 || len(q.waiting) >= q.opts.Buffer {
		q.nudge()
	}
	return q.total
}

func (q *queue) nudge() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// Flush writes everything that was logged before it, and waits until that is
// done. It returns what keeps it from being done when ctx ends.
func (q *queue) Flush(ctx context.Context) error {
	q.mu.Lock()
	upTo := q.total
	q.mu.Unlock()
	return q.flush(ctx, upTo)
}

func (q *queue) flush(ctx context.Context, upTo int64) error {
	for {
		q.mu.Lock()
		written, done, err := q.written, q.done, q.err
		q.urgent = max(q.urgent, upTo)
		q.nudge()
		q.mu.Unlock()
		if written >= upTo {
			return nil
		}
		select {
		case <-done:
		case <-q.ended:
			return fmt.Errorf("write to the log: %w", errors.Join(errClosed, err))
		case <-ctx.Done():
			return fmt.Errorf("write to the log: %d entries are not written yet: %w", upTo-written, errors.Join(ctx.Err(), err))
		}
	}
}

var errClosed = errors.New("the handler was closed")

// Close writes what is left and ends the handler; what is logged afterwards is
// dropped. When ctx ends first it gives up, and says how much is lost.
func (q *queue) Close(ctx context.Context) error {
	q.mu.Lock()
	q.closing = true
	q.mu.Unlock()
	err := q.Flush(ctx)
	if err == nil {
		err = q.tellDropped(ctx)
	}
	q.cancel()
	<-q.ended
	return err
}

// tellDropped writes how many entries were dropped since this was last told.
func (q *queue) tellDropped(ctx context.Context) error {
	q.mu.Lock()
	told := q.takeDroppedLocked()
	q.mu.Unlock()
	if told == nil {
		return nil
	}
	return q.w.AppendLog(ctx, told, uuid.NewString())
}

// Dropped returns how many entries were dropped because the store was too slow
// or away.
func (q *queue) Dropped() int64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.lost
}

func (q *queue) run() {
	defer close(q.ended)
	for q.gather() {
		q.mu.Lock()
		batch := q.waiting[:min(len(q.waiting), maxBatch)]
		told := append(q.takeDroppedLocked(), batch...)
		q.mu.Unlock()
		if !q.write(told) {
			return
		}
		q.mu.Lock()
		q.waiting = append(make([]rush.LogEntry, 0, len(q.waiting)-len(batch)), q.waiting[len(batch):]...)
		q.written += int64(len(batch))
		close(q.done)
		q.done = make(chan struct{})
		q.mu.Unlock()
	}
}

// takeDroppedLocked returns an entry that tells what was dropped, if anything.
func (q *queue) takeDroppedLocked() []rush.LogEntry {
	if q.dropped == 0 {
		return nil
	}
	e := rush.LogEntry{
		Time: time.Now(), Worker: q.opts.Worker, Task: rush.NoTask, Kind: rush.LogRecord, Level: slog.LevelWarn, Logger: ownLogger,
		Message: "entries of the log were dropped: they came faster than the store took them", Attrs: rush.Values{"dropped": q.dropped},
	}
	q.dropped = 0
	return []rush.LogEntry{e}
}

// gather blocks until something is to be written: a full buffer, an entry
// that waited for long enough, or a flush. It is false when the queue is over.
func (q *queue) gather() bool {
	var late <-chan time.Time
	for {
		q.mu.Lock()
		n, urgent := len(q.waiting), q.urgent > q.written
		q.mu.Unlock()
		if n > 0 && (n >= q.opts.Buffer || urgent) {
			return true
		}
		if n > 0 && late == nil {
			timer := time.NewTimer(q.opts.FlushEvery)
			defer timer.Stop()
			late = timer.C
		}
		select {
		case <-q.wake:
		case <-late:
			return true
		case <-q.ctx.Done():
			return false
		}
	}
}

// write appends a batch. It goes on trying until that worked, the network is
// gone, or the queue is over, which is false.
func (q *queue) write(batch []rush.LogEntry) bool {
	nonce := uuid.NewString()
	for wait := firstRetry; ; wait = min(2*wait, lastRetry) {
		ctx, cancel := context.WithTimeout(q.ctx, writeExpiry)
		err := q.w.AppendLog(ctx, batch, nonce)
		cancel()
		q.mu.Lock()
		q.err = err
		if errors.Is(err, rush.ErrNoNetwork) { // nobody will ever read it
			q.lost += int64(len(batch))
			err = nil
		}
		q.mu.Unlock()
		if err == nil {
			return true
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-q.ctx.Done():
			timer.Stop()
			return false
		}
	}
}
