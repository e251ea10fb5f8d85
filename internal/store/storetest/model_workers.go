package storetest

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// worker returns a worker, alive or not, or nil.
func (m *model) worker(id rush.WorkerID) *modelWorker {
	for _, w := range m.workers {
		if w.ID == id {
			return w
		}
	}
	return nil
}

// alive returns a worker that is alive, or nil.
func (m *model) alive(id rush.WorkerID) *modelWorker {
	if w := m.worker(id); w != nil && w.State.Alive() {
		return w
	}
	return nil
}

// left reports whether there was a worker that has ended.
func (m *model) left(id rush.WorkerID) bool {
	w := m.worker(id)
	return m.gone[id] || w != nil && !w.State.Alive()
}

// lapsed reports whether a worker has not beaten for too long.
func (w *modelWorker) lapsed(at time.Time) bool { return at.Sub(w.Beat) > w.Expiry }

func (m *model) Register(_ context.Context, w rush.Worker) error {
	m.create()
	if old := m.alive(w.ID); old != nil {
		if old.PID == w.PID && old.Host == w.Host {
			return nil
		}
		return m.wrap(fmt.Errorf("worker %s: %w", w.ID, rush.ErrExists))
	}
	m.workers = slices.DeleteFunc(m.workers, func(old *modelWorker) bool { return old.ID == w.ID })
	delete(m.gone, w.ID)
	if !w.State.Alive() {
		w.State = rush.WorkerRunning
	}
	w.Registered, w.Beat = m.clock(), m.clock()
	m.workers = append(m.workers, &modelWorker{Worker: w})
	m.lastSign = m.clock()
	m.event(w.ID, slog.LevelInfo, "registered", rush.Values{"pid": int64(w.PID), "host": w.Host})
	return nil
}

func (m *model) Rejoin(_ context.Context, id rush.WorkerID) error {
	w := m.worker(id)
	switch {
	case !m.exists:
		return m.absent()
	case w != nil && w.State.Alive():
		return nil
	case w == nil || w.State != rush.WorkerLost:
		return m.wrap(fmt.Errorf("worker %s: %w", id, rush.ErrLost))
	}
	w.State, w.Reason, w.Ended, w.Beat = rush.WorkerRunning, "", time.Time{}, m.clock()
	if w.wasPaused {
		w.State = rush.WorkerPaused
	}
	w.nonce, w.turn = 0, store.Turn{}
	w.Rejoined++
	m.lastSign = m.clock()
	m.event(id, slog.LevelInfo, "rejoined", nil)
	return nil
}

func (m *model) Beat(_ context.Context, id rush.WorkerID) (rush.Signal, error) {
	w, err := m.signaled(id)
	if err != nil {
		return rush.SignalNone, err
	}
	w.Beat, m.lastSign = m.clock(), m.clock()
	return w.signal, nil
}

// signaled returns a worker that must be alive.
func (m *model) signaled(id rush.WorkerID) (*modelWorker, error) {
	if err := m.absent(); err != nil {
		return nil, err
	}
	w := m.alive(id)
	if w == nil {
		return nil, m.wrap(fmt.Errorf("worker %s: %w", id, rush.ErrLost))
	}
	return w, nil
}

func (m *model) SetPaused(_ context.Context, id rush.WorkerID, paused bool) error {
	w, err := m.signaled(id)
	if err != nil {
		return err
	}
	before, word := w.State, "resumed"
	w.State = rush.WorkerRunning
	if paused {
		w.State, word = rush.WorkerPaused, "paused"
	}
	if w.State != before {
		m.event(id, slog.LevelInfo, word, nil)
	}
	return nil
}

func (m *model) SignalWorkers(_ context.Context, ids []rush.WorkerID, s rush.Signal) (got []rush.WorkerID, err error) {
	for _, w := range m.workers {
		if !w.State.Alive() || ids != nil && !slices.Contains(ids, w.ID) {
			continue
		}
		if w.signal == rush.SignalKill && s != rush.SignalKill {
			continue
		}
		if w.signal != s {
			m.event(w.ID, slog.LevelInfo, "signaled", rush.Values{"signal": string(s)})
		}
		w.signal = s
		got = append(got, w.ID)
	}
	return got, m.absent()
}

func (m *model) EndWorker(_ context.Context, end store.WorkerEnd) ([]rush.TaskKey, error) {
	w := m.alive(end.ID)
	if w == nil {
		return nil, m.absent()
	}
	w.wasPaused = w.State == rush.WorkerPaused
	w.State, w.Reason, w.Ended = end.State, end.Reason, m.clock()
	if end.State != rush.WorkerLost {
		w.signal = rush.SignalNone
	}
	m.event(end.ID, endLevel(end.State), string(end.State), rush.Values{"reason": end.Reason})
	m.closeMail(end)
	for key, holder := range m.claims {
		if holder == end.ID {
			m.claims[key] = ""
		}
	}
	m.moveQueue(end.ID)
	keys := m.runs(end.ID)
	for _, key := range keys {
		if t := m.tasks[key]; !end.Requeue && (!end.Retry || !t.hasRetries()) {
			m.finish(t, end.Condition)
		}
	}
	for _, key := range slices.Backward(keys) {
		if t := m.tasks[key]; t.State == rush.Running {
			t.Condition, t.Finished = end.Condition, m.micros()
			m.requeue(t)
		}
	}
	return keys, nil
}

// runs returns what a worker runs.
func (m *model) runs(id rush.WorkerID) (keys []rush.TaskKey) {
	for _, key := range m.in(rush.Running) {
		if m.tasks[key].Worker == id {
			keys = append(keys, key)
		}
	}
	return keys
}

func (m *model) Sweep(ctx context.Context, by rush.WorkerID, condition []byte) (lost []store.LostWorker, err error) {
	at := m.clock()
	if by != "" {
		if at = (time.Time{}); m.worker(by) != nil {
			at = m.worker(by).Beat
		}
	}
	for _, w := range slices.Clone(m.workers) {
		if !w.State.Alive() || !w.lapsed(at) {
			continue
		}
		end := store.WorkerEnd{ID: w.ID, State: rush.WorkerLost, Reason: "its heartbeat lapsed", Condition: condition, Retry: true}
		keys, err := m.EndWorker(ctx, end)
		if err != nil {
			return lost, err
		}
		lost = append(lost, store.LostWorker{ID: w.ID, Tasks: keys})
	}
	return lost, m.absent()
}

func (m *model) DeleteWorkers(_ context.Context, ids []rush.WorkerID) (deleted []rush.WorkerID, err error) {
	for _, id := range ids {
		if m.alive(id) != nil {
			return nil, m.wrap(fmt.Errorf("worker %s: %w", id, rush.ErrAlive))
		}
	}
	for _, w := range slices.Clone(m.workers) {
		if w.State.Alive() || ids != nil && !slices.Contains(ids, w.ID) {
			continue
		}
		m.workers = slices.DeleteFunc(m.workers, func(other *modelWorker) bool { return other == w })
		m.gone[w.ID] = true
		m.event(w.ID, slog.LevelInfo, "deleted", nil)
		deleted = append(deleted, w.ID)
	}
	return deleted, m.absent()
}

func (m *model) AwaitAlive(context.Context, []rush.WorkerID, time.Duration) (alive []rush.WorkerID, err error) {
	for _, w := range m.workers {
		if w.State.Alive() {
			alive = append(alive, w.ID)
		}
	}
	return alive, m.absent()
}

func (m *model) List(context.Context) (workers []rush.Worker, err error) {
	for _, w := range m.workers {
		w.Running = m.runs(w.ID)
		workers = append(workers, w.Worker)
	}
	return workers, m.absent()
}
