package redisstore

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/wire"
)

// appendChunk is how many entries of the log one script appends, and lookChunk
// how many it looks at, so that it does not hold others up.
const (
	appendChunk = 1_000
	lookChunk   = 1_000
)

// AppendLog adds entries to the log; see store.Logs.
func (n *network) AppendLog(ctx context.Context, entries []rush.LogEntry, nonce string) error {
	if nonce == "" {
		return n.wrap("append_log", errors.New("the nonce is empty; expected one that is unique to the call"))
	}
	chunk := 0
	for part := range slices.Chunk(entries, appendChunk) {
		args := make([]any, 0, 1+8*len(part))
		args = append(args, "log:"+nonce+":"+strconv.Itoa(chunk))
		for i := range part {
			e := &part[i]
			attrs, err := wire.Encode(e.Attrs)
			if err != nil {
				return n.wrap("append_log", fmt.Errorf("attributes of %q: %w", e.Message, err))
			}
			args = append(args, ago(e.Time), string(e.Worker), int64(e.Task), string(e.Kind), int(e.Level), e.Logger, e.Message, attrs)
		}
		if _, err := n.call(ctx, "append_log", args...); err != nil {
			return err
		}
		chunk++
	}
	return nil
}

// ago is how many microseconds have passed since then.
func ago(then time.Time) int64 {
	if then.IsZero() {
		return 0
	}
	return max(0, time.Since(then).Microseconds())
}

// ReadLog reads a stretch of the log; see store.Logs.
func (n *network) ReadLog(ctx context.Context, from rush.Cursor, filter rush.LogFilter, most int, wait time.Duration) (rush.LogPage, error) {
	page, err := n.readLog(ctx, from, filter, most, wait)
	return page, n.wrap("read_log", err)
}

func (n *network) readLog(ctx context.Context, from rush.Cursor, filter rush.LogFilter, most int, wait time.Duration) (rush.LogPage, error) {
	if most <= 0 {
		most = readChunk
	}
	q := logQuery{most: most, wanted: encodeFilter(filter)}
	page := rush.LogPage{Next: from}
	if wait > 0 {
		q.reader = n.store.readers.take()
		defer n.store.readers.give(q.reader)
	}
	for until := time.Now().Add(wait); ; {
		if err := n.lookOn(ctx, q, &page); err != nil {
			return rush.LogPage{Next: from}, err
		}
		left := time.Until(until)
		switch {
		case len(page.Entries) > 0 && (len(page.Entries) == most || !page.More), page.Reset && !page.More:
			return page, nil
		case page.More:
			continue
		case left <= 0:
			return page, nil
		}
		if _, err := n.block(ctx, left, n.key(wakeLogKey, q.reader)); err != nil {
			return rush.LogPage{Next: from}, err
		}
	}
}

// A logQuery is what is asked of the log.
type logQuery struct {
	most   int
	wanted []byte // the filter, encoded
	reader string // under which to wait, or empty
}

// lookOn calls read_log.lua from the page's end on, and adds what it found.
func (n *network) lookOn(ctx context.Context, q logQuery, page *rush.LogPage) error {
	reader := q.reader
	if len(page.Entries) > 0 || page.Reset {
		reader = "" // it is not going to wait
	}
	v, err := n.do(ctx, "read_log", page.Next.Epoch, page.Next.Offset, q.most-len(page.Entries), lookChunk, q.wanted, reader)
	if err != nil {
		return err
	}
	r := unpack(v)
	r.array()
	page.Next = rush.Cursor{Epoch: r.int(), Offset: r.int()}
	end := r.int()
	dropped := r.int()
	if r.int() == 1 {
		page.Entries, page.Dropped, page.Reset = nil, 0, true
	}
	page.Dropped += dropped
	page.Entries = append(page.Entries, readEntries(r)...)
	page.More = page.Next.Offset < end
	return r.finish()
}

// TailLog reads the last entries of the log; see store.Logs.
func (n *network) TailLog(ctx context.Context, most int, filter rush.LogFilter) (rush.LogPage, error) {
	page, err := n.tailLog(ctx, most, filter)
	return page, n.wrap("tail_log", err)
}

func (n *network) tailLog(ctx context.Context, most int, filter rush.LogFilter) (page rush.LogPage, err error) {
	wanted, before := encodeFilter(filter), int64(-1)
	for {
		v, err := n.do(ctx, "tail_log", before, max(most-len(page.Entries), 0), lookChunk, wanted)
		if err != nil {
			return rush.LogPage{}, err
		}
		r := unpack(v)
		r.array()
		epoch, looked, first, end := r.int(), r.int(), r.int(), r.int()
		if before < 0 {
			page.Next = rush.Cursor{Epoch: epoch, Offset: end}
		}
		if epoch == page.Next.Epoch { // else it was reset meanwhile
			page.Entries = append(page.Entries, readEntries(r)...)
		}
		if r.err != nil || epoch != page.Next.Epoch || len(page.Entries) >= most || looked <= first {
			slices.Reverse(page.Entries)
			return page, r.err
		}
		before = looked
	}
}

// KeepLog sets how many entries of the log are kept; see store.Logs.
func (n *network) KeepLog(ctx context.Context, entries int64) error {
	_, err := n.call(ctx, "keep_log", max(entries, 0))
	return err
}

// encodeFilter returns a filter as lib/log.lua reads it.
func encodeFilter(f rush.LogFilter) []byte {
	v := rush.Values{}
	if f.Level != nil {
		v["l"] = int64(f.Level.Level())
	}
	setList(v, "w", f.Workers)
	setList(v, "t", f.Tasks)
	setList(v, "k", f.Kinds)
	setList(v, "g", f.Loggers)
	if len(v) == 0 {
		return []byte{}
	}
	b, err := wire.Encode(v)
	if err != nil {
		panic(err) // of strings and integers
	}
	return b
}

func setList[T any](v rush.Values, name string, list []T) {
	if list == nil {
		return
	}
	values := make([]any, len(list))
	for i, item := range list {
		values[i] = item
	}
	v[name] = values
}

// readEntries reads an array of entries of the log.
func readEntries(r *reply) []rush.LogEntry {
	n := r.array()
	if n == 0 {
		return nil
	}
	entries := make([]rush.LogEntry, n)
	for i := range entries {
		r.array()
		e := &entries[i]
		e.Offset = r.int()
		e.Time = wire.Time(r.number())
		e.Worker, e.Task, e.Kind = r.worker(r.bytes()), rush.TaskKey(r.number()), rush.LogKind(r.string())
		e.Level, e.Logger, e.Message = slog.Level(r.number()), r.string(), r.string()
		if attrs := r.bytes(); len(attrs) > 0 {
			var err error
			e.Attrs, err = wire.Decode(attrs)
			r.check(err)
		}
	}
	return entries
}
