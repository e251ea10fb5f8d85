package sqlitestore

import (
	"bytes"
	"context"
	"time"

	"github.com/rushnet/rush"
)

// SetProgress keeps how far a running task is.
func (n *network) SetProgress(ctx context.Context, key rush.TaskKey, attempt int, value []byte) error {
	return n.write(ctx, "set the progress", func(t *txn) error {
		was, err := t.progress(key)
		if err != nil {
			return err
		}
		if was.State != rush.Running || attempt != 0 && attempt != was.Attempt {
			return &rush.TaskError{Key: key, Err: rush.ErrState}
		}
		if len(value) == 0 {
			value = nil
		}
		t.topics |= topicProgress
		return t.stmt("UPDATE tasks SET progress = ? WHERE id = ?").blob(value).int(t.id(int64(key))).run()
	})
}

// AwaitProgress waits for news of a task.
func (n *network) AwaitProgress(ctx context.Context, seen rush.Record, wait time.Duration) (now rush.Record, err error) {
	err = n.await(ctx, topicProgress|topicLog, wait, func(t *txn) (bool, error) {
		now, err = t.progress(seen.Key)
		return now.State != seen.State || now.Attempt != seen.Attempt || !bytes.Equal(now.Progress, seen.Progress), err
	})
	return now, n.wrap("await the progress", err)
}

// progress reads how far a task is.
func (t *txn) progress(key rush.TaskKey) (rush.Record, error) {
	r, none := rush.Record{Key: key}, &rush.TaskError{Key: key, Err: rush.ErrNoTask}
	if !holds(key) {
		return r, none
	}
	s := t.stmt("SELECT state, attempt, progress FROM tasks WHERE id = ?").int(t.id(int64(key)))
	found := s.next()
	if found {
		r.State, r.Attempt, r.Progress = taskState(s.getInt()), int(s.getInt()), s.getBlob()
	}
	if err := s.close(); err != nil || found {
		return r, err
	}
	return r, none
}
