package sqlitestore

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// EndWorker takes a worker out of the network.
func (n *network) EndWorker(ctx context.Context, end store.WorkerEnd) (keys []rush.TaskKey, err error) {
	err = n.write(ctx, "end worker "+string(end.ID), func(t *txn) error {
		w, err := t.worker(end.ID)
		if err != nil || !w.alive() {
			keys = nil
			return err
		}
		keys, err = t.endWorker(w.number, &end)
		return err
	})
	return keys, err
}

// endWorker ends a worker that is alive.
func (t *txn) endWorker(worker int64, end *store.WorkerEnd) ([]rush.TaskKey, error) {
	state := workerStateNumber(end.State)
	if end.State.Alive() || state == 0 {
		return nil, fmt.Errorf("a worker cannot end as %q; expected terminated, killed or lost", end.State)
	}
	err := t.stmt("UPDATE workers SET was_paused = (state = 2), state = ?, reason = ?, ended = ?, signal = CASE WHEN ? THEN signal ELSE 0 END, nonce = 0, answer = NULL, popped = NULL, kept = NULL WHERE id = ?").
		int(state).text(end.Reason).int(t.now).bool(end.State == rush.WorkerLost).int(worker).run()
	if err != nil {
		return nil, err
	}
	t.topics |= topicSignals | topicWork | topicAlive
	level := slog.LevelWarn
	if end.State == rush.WorkerTerminated {
		level = slog.LevelInfo
	}
	if err := t.event(end.ID, level, string(end.State), rush.Values{"reason": end.Reason}); err != nil {
		return nil, err
	}
	if err := errors.Join(t.returnClaims(worker), t.closeMail(end)); err != nil {
		return nil, err
	}
	if err := t.moveQueue(end.ID); err != nil {
		return nil, err
	}
	ids, err := t.runningAt(worker)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	return t.abandon(ids, end)
}

// returnClaims puts the numbers that a worker holds into the pool.
func (t *txn) returnClaims(worker int64) error {
	if t.net.claimed == 0 {
		return nil
	}
	s := t.stmt("UPDATE claims SET worker = NULL WHERE id BETWEEN ? AND ? AND worker = ? RETURNING 1").bounds(t.net.id).int(worker)
	for s.next() {
		t.net.claimed--
		t.net.pooled++
	}
	return s.close()
}

// runningAt returns what a worker runs, in ascending order.
func (t *txn) runningAt(worker int64) (ids []int64, err error) {
	s := t.stmt("SELECT id FROM tasks INDEXED BY tasks_held WHERE holder = ? ORDER BY id").int(-worker)
	for s.next() {
		ids = append(ids, s.getInt())
	}
	return ids, s.close()
}

// abandon fails what a worker still ran, or queues it again.
func (t *txn) abandon(ids []int64, end *store.WorkerEnd) ([]rush.TaskKey, error) {
	condition, err := abandonCondition(end)
	if err != nil {
		return nil, err
	}
	done := store.Done{Condition: condition}
	var keys []rush.TaskKey
	var again []taskRow
	for _, id := range ids {
		row, _, err := t.task(int64(number(id)))
		if err != nil {
			return nil, err
		}
		keys = append(keys, number(id))
		if err := t.leave(&row); err != nil {
			return nil, err
		}
		if end.Requeue || end.Retry && row.hasRetries() {
			again = append(again, row)
		} else if err := t.finish(&row, &done); err != nil {
			return nil, err
		}
	}
	position := t.front(len(again))
	for i := range again {
		if err := t.requeueEnded(&again[i], position+int64(i), &done, false); err != nil {
			return nil, err
		}
	}
	return keys, nil
}

// abandonCondition returns the condition of what an ended worker ran.
func abandonCondition(end *store.WorkerEnd) ([]byte, error) {
	if end.Condition != nil {
		return end.Condition, nil
	}
	class := rush.ClassLost
	if end.State == rush.WorkerKilled {
		class = rush.ClassKilled
	}
	return defaultCondition(&rush.Condition{Class: class, Message: fmt.Sprintf("worker %s ended: %s", end.ID, end.Reason)})
}

// Sweep ends every worker whose heartbeat has lapsed.
func (n *network) Sweep(ctx context.Context, by rush.WorkerID, condition []byte) (lost []store.LostWorker, err error) {
	const verb = "sweep"
	lapsed := false
	err = n.read(ctx, verb, func(t *txn) error {
		ids, err := t.lapsed(by)
		lapsed = len(ids) > 0
		return err
	})
	if err != nil || !lapsed {
		return nil, err
	}
	err = n.write(ctx, verb, func(t *txn) error {
		lost = nil
		ids, err := t.lapsed(by)
		for _, w := range ids {
			if err != nil {
				return err
			}
			var keys []rush.TaskKey
			keys, err = t.endWorker(w.number, &store.WorkerEnd{
				ID: w.id, State: rush.WorkerLost, Reason: "its heartbeat lapsed", Condition: condition, Retry: true,
			})
			lost = append(lost, store.LostWorker{ID: w.id, Tasks: keys})
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return lost, nil
}

// A lapsedWorker is a worker whose heartbeat has lapsed.
type lapsedWorker struct {
	number int64
	id     rush.WorkerID
}

// lapsed lists the workers whose heartbeat has lapsed, by their registration.
// One without an expiry does not lapse. The time counts until the last beat of
// by, if that is not empty.
func (t *txn) lapsed(by rush.WorkerID) (workers []lapsedWorker, err error) {
	now := t.now
	if by != "" {
		if now, err = t.lastBeat(by); err != nil {
			return nil, err
		}
	}
	s := t.stmt(`SELECT id, name FROM workers WHERE network = ? AND state IN (1, 2) AND expiry > 0
		AND (? - beat) * 1000 > expiry ORDER BY position`).int(t.net.id).int(now)
	for s.next() {
		workers = append(workers, lapsedWorker{s.getInt(), rush.WorkerID(s.getText())})
	}
	return workers, s.close()
}

// lastBeat returns when a worker beat last; 0 for an unknown one.
func (t *txn) lastBeat(id rush.WorkerID) (beat int64, err error) {
	s := t.stmt("SELECT beat FROM workers WHERE network = ? AND name = ?").int(t.net.id).text(string(id))
	if s.next() {
		beat = s.getInt()
	}
	return beat, s.close()
}
