package redisstore

import (
	"bytes"
	"context"
	"time"

	"github.com/rushnet/rush"
)

// SetProgress keeps how far a running task is; see store.Progress.
func (n *network) SetProgress(ctx context.Context, key rush.TaskKey, attempt int, value []byte) error {
	_, err := n.do(ctx, "set_progress", int64(key), attempt, value)
	return n.wrap("set_progress", err)
}

// Report keeps what a running task had after a step; see store.Progress.
func (n *network) Report(ctx context.Context, key rush.TaskKey, attempt int, step int64, ys []byte) error {
	_, err := n.do(ctx, "report", int64(key), attempt, step, ys)
	return n.wrap("report", err)
}

// AwaitProgress waits for news of a task; see store.Progress.
func (n *network) AwaitProgress(ctx context.Context, seen rush.Record, wait time.Duration) (rush.Record, error) {
	reader := ""
	if wait > 0 {
		reader = n.store.readers.take()
		defer n.store.readers.give(reader)
	}
	for until := time.Now().Add(wait); ; {
		now, err := n.progress(ctx, seen.Key, reader)
		left := time.Until(until)
		if err != nil || left <= 0 || news(&now, &seen) {
			return now, n.wrap("await_progress", err)
		}
		if _, err := n.block(ctx, left, n.key(wakeReaderKey, reader)); err != nil {
			return now, n.wrap("await_progress", err)
		}
	}
}

func news(now, seen *rush.Record) bool {
	return now.State != seen.State || now.Attempt != seen.Attempt || !bytes.Equal(now.Progress, seen.Progress)
}

func (n *network) progress(ctx context.Context, key rush.TaskKey, reader string) (rush.Record, error) {
	rec := rush.Record{Key: key}
	v, err := n.do(ctx, "await_progress", int64(key), reader)
	if err != nil {
		return rec, err
	}
	r := unpack(v)
	r.array()
	r.check(setHead(&rec, r.bytes(), false))
	rec.Progress = notEmpty(r.bytes())
	return rec, r.finish()
}
