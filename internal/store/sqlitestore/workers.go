package sqlitestore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/wire"
)

// A workerRow is what verbs need of a worker's row.
type workerRow struct {
	number int64 // workers.id
	state  int64
	signal int64
	nonce  int64
	tasks  int64
	busy   int64 // nanoseconds
	pid    int64
	host   string
}

func (w *workerRow) alive() bool { return w.state == workerRunning || w.state == workerPaused }

// worker reads a worker's row; without a number if there is none.
func (t *txn) worker(id rush.WorkerID) (w workerRow, err error) {
	number := t.knownWorker(id)
	if number != 0 {
		if w, err = t.workerRow(number); w.number != 0 || err != nil {
			return w, err
		}
	}
	if number, err = t.findWorker(id); number == 0 || err != nil {
		return workerRow{}, err
	}
	return t.workerRow(number)
}

func (t *txn) workerRow(number int64) (w workerRow, err error) {
	s := t.stmt("SELECT id, state, signal, nonce, tasks, busy, pid, host FROM workers WHERE id = ?").int(number)
	if s.next() {
		w = workerRow{
			number: s.getInt(), state: s.getInt(), signal: s.getInt(), nonce: s.getInt(),
			tasks: s.getInt(), busy: s.getInt(), pid: s.getInt(), host: s.getText(),
		}
	}
	return w, s.close()
}

// livingWorker returns the worker that is to run a new task.
func (t *txn) livingWorker(id rush.WorkerID) (workerRow, error) {
	w, err := t.worker(id)
	switch {
	case err != nil:
		return w, err
	case w.state <= 0:
		return w, fmt.Errorf("worker %q: %w: it has to register first", id, rush.ErrNoWorker)
	case !w.alive():
		return w, fmt.Errorf("worker %q: %w: it is %s", id, rush.ErrNoWorker, workerState(w.state))
	}
	return w, nil
}

// present returns a worker that is alive, else rush.ErrLost.
func (t *txn) present(id rush.WorkerID) (workerRow, error) {
	w, err := t.worker(id)
	if err == nil && !w.alive() {
		err = fmt.Errorf("worker %s: %w", id, rush.ErrLost)
	}
	return w, err
}

// internWorker gives a number to the name of a worker that need not be
// registered.
func (t *txn) internWorker(id rush.WorkerID) (int64, error) {
	w, err := t.worker(id)
	if w.number != 0 || err != nil {
		return w.number, err
	}
	t.interned = true
	err = t.stmt("INSERT INTO workers (network, name, state) VALUES (?, ?, 0)").int(t.net.id).text(string(id)).run()
	if err != nil {
		return 0, err
	}
	return t.findWorker(id)
}

// Register makes a worker alive.
func (n *network) Register(ctx context.Context, w rush.Worker) error {
	if err := w.ID.Validate(); err != nil {
		return n.wrap("register", err)
	}
	return n.writeOrCreate(ctx, "register worker "+string(w.ID), true, func(t *txn) error { return t.register(&w) })
}

func (t *txn) register(w *rush.Worker) error {
	known, err := t.worker(w.ID)
	if err != nil {
		return err
	}
	if known.alive() {
		if known.pid == int64(w.PID) && known.host == w.Host {
			return nil
		}
		return fmt.Errorf("%w: process %d on %s has that id", rush.ErrExists, known.pid, known.host)
	}
	if _, err := t.internWorker(w.ID); err != nil {
		return err
	}
	t.net.registrations++
	t.topics |= topicAlive
	t.net.alive = t.now
	if err := t.saveRegistration(w); err != nil {
		return err
	}
	return t.event(w.ID, slog.LevelInfo, "registered", rush.Values{"pid": w.PID, "host": w.Host})
}

func (t *txn) saveRegistration(w *rush.Worker) error {
	state := workerRunning
	if w.State == rush.WorkerPaused {
		state = workerPaused
	}
	queues, err := json.Marshal(w.Queues)
	if err != nil {
		return err
	}
	return t.stmt(`UPDATE workers SET state = ?, signal = 0, registered = ?, beat = ?, ended = 0, heartbeat = ?, expiry = ?,
		tasks = 0, busy = 0, rejoined = 0, nonce = 0, answer = NULL, popped = NULL, kept = NULL, position = ?, reason = NULL, local = ?, pid = ?, host = ?,
		platform = ?, user = ?, dir = ?, version = ?, loop = ?, queues = ? WHERE network = ? AND name = ?`).
		int(state).int(t.now).int(t.now).int(int64(w.Heartbeat)).int(int64(w.Expiry)).
		int(t.net.registrations).bool(w.Local).int(int64(w.PID)).text(w.Host).
		text(w.Platform).text(w.User).text(w.Dir).text(w.Version).text(w.Loop).text(string(queues)).
		int(t.net.id).text(string(w.ID)).run()
}

// Rejoin makes a lost worker alive again.
func (n *network) Rejoin(ctx context.Context, id rush.WorkerID) error {
	return n.write(ctx, "rejoin", func(t *txn) error {
		w, err := t.worker(id)
		if err != nil || w.alive() {
			return err
		}
		if w.state != workerLost {
			return fmt.Errorf("worker %s: %w", id, rush.ErrLost)
		}
		t.net.alive = t.now
		t.topics |= topicSignals | topicAlive
		if err := t.event(id, slog.LevelInfo, "rejoined", nil); err != nil {
			return err
		}
		return t.stmt(`UPDATE workers SET state = CASE WHEN was_paused THEN ? ELSE ? END, beat = ?, ended = 0, reason = NULL,
			rejoined = rejoined + 1 WHERE id = ?`).int(workerPaused).int(workerRunning).int(t.now).int(w.number).run()
	})
}

// Beat renews a worker's heartbeat.
func (n *network) Beat(ctx context.Context, id rush.WorkerID) (signal rush.Signal, err error) {
	err = n.write(ctx, "beat", func(t *txn) error {
		w, err := t.present(id)
		if err != nil {
			return err
		}
		signal = signalOf(w.signal)
		t.net.alive = t.now
		return t.stmt("UPDATE workers SET beat = ? WHERE id = ?").int(t.now).int(w.number).run()
	})
	return signal, err
}

// AwaitAlive returns the workers that are alive as soon as they are others.
func (n *network) AwaitAlive(ctx context.Context, seen []rush.WorkerID, wait time.Duration) (alive []rush.WorkerID, err error) {
	known := slices.Sorted(slices.Values(seen))
	err = n.await(ctx, topicAlive, wait, func(t *txn) (bool, error) {
		alive, err = t.living(nil)
		return !slices.Equal(slices.Sorted(slices.Values(alive)), known), err
	})
	return alive, n.wrap("await workers", err)
}

// List returns the workers.
func (n *network) List(ctx context.Context) (workers []rush.Worker, err error) {
	err = n.read(ctx, "list workers", func(t *txn) error {
		workers, err = t.listWorkers()
		return err
	})
	return workers, err
}

func (t *txn) listWorkers() ([]rush.Worker, error) {
	var workers []rush.Worker
	places := map[int64]int{} // in workers, by number
	s := t.stmt(`SELECT id, name, state, reason, local, pid, host, platform, user, dir, version, loop, queues,
		heartbeat, expiry, registered, beat, ended, tasks, busy, rejoined
		FROM workers WHERE network = ? AND state > 0 ORDER BY position`).int(t.net.id)
	var invalid error
	for s.next() {
		places[s.getInt()] = len(workers)
		w, err := scanWorker(s)
		invalid = errors.Join(invalid, err)
		workers = append(workers, w)
	}
	if err := errors.Join(s.close(), invalid); err != nil {
		return nil, err
	}
	return workers, t.eachRunning(func(worker int64, key rush.TaskKey) {
		if i, found := places[worker]; found {
			workers[i].Running = append(workers[i].Running, key)
		}
	})
}

func scanWorker(s *stmt) (rush.Worker, error) {
	w := rush.Worker{
		ID: rush.WorkerID(s.getText()), State: workerState(s.getInt()), Reason: s.getText(), Local: s.getBool(),
		PID: int(s.getInt()), Host: s.getText(), Platform: s.getText(), User: s.getText(), Dir: s.getText(),
		Version: s.getText(), Loop: s.getText(),
	}
	if err := json.Unmarshal([]byte(s.getText()), &w.Queues); err != nil {
		return w, fmt.Errorf("worker %s: read its queues: %w", w.ID, err)
	}
	w.Heartbeat, w.Expiry = time.Duration(s.getInt()), time.Duration(s.getInt())
	w.Registered, w.Beat, w.Ended = wire.Time(s.getInt()), wire.Time(s.getInt()), wire.Time(s.getInt())
	w.Tasks, w.Busy, w.Rejoined = s.getInt(), time.Duration(s.getInt()), s.getInt()
	return w, nil
}

// eachRunning calls a function with each running task and its worker's
// number, for each worker in ascending order.
func (t *txn) eachRunning(found func(worker int64, key rush.TaskKey)) error {
	s := t.stmt(`SELECT t.worker, t.id FROM workers w JOIN tasks t INDEXED BY tasks_held ON t.holder = -w.id
		WHERE w.network = ? ORDER BY w.id, t.id`).int(t.net.id)
	for s.next() {
		worker := s.getInt()
		found(worker, number(s.getInt()))
	}
	return s.close()
}
