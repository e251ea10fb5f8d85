package sqlitestore

import (
	"context"
	"fmt"
	"log/slog"
	"slices"

	"github.com/rushnet/rush"
)

// SignalWorkers leaves a signal for workers.
func (n *network) SignalWorkers(ctx context.Context, ids []rush.WorkerID, s rush.Signal) (got []rush.WorkerID, err error) {
	if signalNumber(s) == 0 {
		return nil, n.wrap("signal workers", fmt.Errorf("unknown signal %q; expected %q or %q", s, rush.SignalTerminate, rush.SignalKill))
	}
	err = n.write(ctx, "signal workers", func(t *txn) error {
		got, err = t.signal(ids, s)
		return err
	})
	return got, err
}

func (t *txn) signal(ids []rush.WorkerID, signal rush.Signal) (got []rush.WorkerID, err error) {
	var changed []rush.WorkerID
	alive := t.stmt("SELECT name, signal FROM workers WHERE network = ? AND state IN (1, 2) AND signal <= ? ORDER BY position").
		int(t.net.id).int(signalNumber(signal))
	for alive.next() {
		if id := rush.WorkerID(alive.getText()); ids == nil || slices.Contains(ids, id) {
			got = append(got, id)
			if alive.getInt() != signalNumber(signal) {
				changed = append(changed, id)
			}
		}
	}
	if err := alive.close(); err != nil {
		return nil, err
	}
	for _, id := range got {
		err := t.stmt("UPDATE workers SET signal = ? WHERE network = ? AND name = ?").
			int(signalNumber(signal)).int(t.net.id).text(string(id)).run()
		if err != nil {
			return nil, err
		}
	}
	for _, id := range changed {
		if err := t.event(id, slog.LevelInfo, "signaled", rush.Values{"signal": string(signal)}); err != nil {
			return nil, err
		}
	}
	t.topics |= topicSignals | topicWork
	return got, nil
}

// SetPaused says whether a worker takes tasks.
func (n *network) SetPaused(ctx context.Context, id rush.WorkerID, paused bool) error {
	return n.write(ctx, "set paused", func(t *txn) error {
		w, err := t.present(id)
		if err != nil {
			return err
		}
		state, word := workerRunning, "resumed"
		if paused {
			state, word = workerPaused, "paused"
		}
		if w.state != state {
			if err := t.event(id, slog.LevelInfo, word, nil); err != nil {
				return err
			}
		}
		t.topics |= topicWork
		return t.stmt("UPDATE workers SET state = ? WHERE id = ?").int(state).int(w.number).run()
	})
}
