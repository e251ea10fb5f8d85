package storetest

import (
	"context"
	"slices"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// none is the answer of verbs that have only an error.
type none = struct{}

func (n *memoryNetwork) Define(ctx context.Context, def store.Definition) (int64, error) {
	return write(ctx, n, func(m *model) (int64, error) {
		if n.store.flaw.is("define does not compare versions") {
			def.Version = m.def.Version
		}
		return m.Define(ctx, def)
	})
}

func (n *memoryNetwork) Definition(ctx context.Context) (store.Definition, error) {
	return read(ctx, n, func(m *model) (store.Definition, error) { return m.Definition(ctx) })
}

func (n *memoryNetwork) Budget(ctx context.Context) (rush.Budget, error) {
	return read(ctx, n, func(m *model) (rush.Budget, error) { return m.Budget(ctx) })
}

func (n *memoryNetwork) Repair(ctx context.Context) ([]string, error) {
	return read(ctx, n, func(m *model) ([]string, error) { return m.Repair(ctx) })
}

func (n *memoryNetwork) BeginRun(ctx context.Context) (rush.Run, error) {
	return write(ctx, n, func(m *model) (rush.Run, error) { return m.BeginRun(ctx) })
}

func (n *memoryNetwork) Run(ctx context.Context) (rush.Run, error) {
	return read(ctx, n, func(m *model) (rush.Run, error) { return m.Run(ctx) })
}

func (n *memoryNetwork) RequestStop(ctx context.Context, status rush.RunStatus, reason string) error {
	_, err := write(ctx, n, func(m *model) (none, error) {
		if n.store.flaw.is("the last stop request counts") {
			m.stop = ""
		}
		return none{}, m.RequestStop(ctx, status, reason)
	})
	return err
}

func (n *memoryNetwork) EndRun(ctx context.Context, status rush.RunStatus, reason string) (rush.Run, error) {
	return write(ctx, n, func(m *model) (rush.Run, error) { return m.EndRun(ctx, status, reason) })
}

func (n *memoryNetwork) Reset(ctx context.Context, workers bool) error {
	_, err := write(ctx, n, func(m *model) (none, error) {
		err := m.Reset(ctx, workers)
		if n.store.flaw.is("a reset keeps the epoch") {
			m.epoch--
		}
		return none{}, err
	})
	return err
}

func (n *memoryNetwork) Audit(ctx context.Context) (*store.Audit, error) {
	return read(ctx, n, func(m *model) (*store.Audit, error) { return m.Audit(ctx) })
}

func (n *memoryNetwork) Create(ctx context.Context, tasks []store.NewTask, nonce string) ([]rush.TaskKey, error) {
	return write(ctx, n, func(m *model) ([]rush.TaskKey, error) {
		if n.store.flaw.is("a repeated create creates again") {
			delete(m.nonces, nonce)
		}
		if n.store.flaw.is("a guessed number is accepted") {
			tasks = m.accept(tasks)
		}
		return m.Create(ctx, tasks, nonce)
	})
}

func (n *memoryNetwork) Next(ctx context.Context, step store.Step) (store.Turn, error) {
	if err := ctx.Err(); err != nil {
		return store.Turn{}, err
	}
	var w *modelWorker // once the step was delivered
	var turn store.Turn
	waiting, stop := store.Interruptible(ctx, step.Interrupt)
	answer, err := await(waiting, n, step.Wait, func(m *model) (answer store.Turn, got bool, err error) {
		if w == nil {
			n.store.flaw.spoilStep(m, &step)
			if w, turn, got, err = m.deliver(step); got || err != nil {
				return turn, got, err
			}
			n.wake() // for what was done
		}
		if w = m.alive(step.Worker); w == nil {
			return turn, false, m.wrap(rush.ErrLost)
		}
		n.store.flaw.fetch(m, w, step, &turn)
		w.nonce, w.program, w.turn = step.Nonce, step.Program, turn
		return turn, turn.Task != nil || turn.Created != rush.NoTask || turn.Claimed != rush.NoTask ||
			turn.Rejected || turn.Stop != "" || turn.Drained && !step.Idle, nil
	})
	if stop() {
		return answer, nil
	}
	return answer, err
}

func (n *memoryNetwork) End(ctx context.Context, done []store.Done) ([]store.Outcome, error) {
	return write(ctx, n, func(m *model) ([]store.Outcome, error) {
		n.store.flaw.spoilDone(done)
		return m.End(ctx, done)
	})
}

func (n *memoryNetwork) Retry(ctx context.Context, keys []rush.TaskKey, opts store.RetryOptions) error {
	_, err := write(ctx, n, func(m *model) (none, error) {
		err := m.Retry(ctx, keys, opts)
		if err == nil {
			n.store.flaw.spoilRetry(m, keys)
		}
		return none{}, err
	})
	return err
}

func (n *memoryNetwork) Delete(ctx context.Context, keys []rush.TaskKey) (int, error) {
	return write(ctx, n, func(m *model) (int, error) {
		if n.store.flaw.is("deleting gives the budget back") {
			for _, key := range keys {
				if t := m.tasks[key]; t != nil && t.taken && t.State != rush.Running {
					m.taken--
				}
			}
		}
		return m.Delete(ctx, keys)
	})
}

func (n *memoryNetwork) Queues(ctx context.Context) ([]store.QueueLength, error) {
	return read(ctx, n, func(m *model) ([]store.QueueLength, error) { return m.Queues(ctx) })
}

func (n *memoryNetwork) Queue(ctx context.Context, name string, from, most int64) ([]rush.TaskKey, error) {
	return read(ctx, n, func(m *model) ([]rush.TaskKey, error) { return m.Queue(ctx, name, from, most) })
}

func (n *memoryNetwork) Remove(ctx context.Context, keys []rush.TaskKey, conditions [][]byte) ([]bool, error) {
	return write(ctx, n, func(m *model) ([]bool, error) { return m.Remove(ctx, keys, conditions) })
}

func (n *memoryNetwork) Counts(ctx context.Context) (rush.Counts, error) {
	return read(ctx, n, func(m *model) (rush.Counts, error) { return m.Counts(ctx) })
}

func (n *memoryNetwork) Records(ctx context.Context, keys []rush.TaskKey, fields rush.Fields) ([]rush.Record, error) {
	return read(ctx, n, func(m *model) ([]rush.Record, error) {
		if n.store.flaw.is("all fields are always read") {
			fields = rush.AllFields
		}
		return m.Records(ctx, keys, fields)
	})
}

func (n *memoryNetwork) Ended(ctx context.Context, from rush.Cursor, max int, fields rush.Fields, wait time.Duration) (rush.Page, error) {
	if err := ctx.Err(); err != nil {
		return rush.Page{}, err
	}
	return await(ctx, n, wait, func(m *model) (rush.Page, bool, error) {
		page, err := m.Ended(ctx, from, max, fields, 0)
		return page, len(page.Endings) > 0 || page.Reset, err
	})
}

func (n *memoryNetwork) Snapshot(ctx context.Context) (rush.Snapshot, error) {
	return read(ctx, n, func(m *model) (rush.Snapshot, error) { return m.Snapshot(ctx) })
}

func (n *memoryNetwork) Keys(ctx context.Context, state rush.State) ([]rush.TaskKey, error) {
	return read(ctx, n, func(m *model) ([]rush.TaskKey, error) { return m.Keys(ctx, state) })
}

func (n *memoryNetwork) Register(ctx context.Context, w rush.Worker) error {
	_, err := write(ctx, n, func(m *model) (none, error) { return none{}, m.Register(ctx, w) })
	return err
}

func (n *memoryNetwork) Rejoin(ctx context.Context, id rush.WorkerID) error {
	_, err := write(ctx, n, func(m *model) (none, error) { return none{}, m.Rejoin(ctx, id) })
	return err
}

func (n *memoryNetwork) Beat(ctx context.Context, id rush.WorkerID) (rush.Signal, error) {
	return write(ctx, n, func(m *model) (rush.Signal, error) {
		s, err := m.Beat(ctx, id)
		if err == nil && n.store.flaw.is("a beat takes the signal away") {
			m.alive(id).signal = rush.SignalNone
		}
		return s, err
	})
}

func (n *memoryNetwork) SetPaused(ctx context.Context, id rush.WorkerID, paused bool) error {
	_, err := write(ctx, n, func(m *model) (none, error) { return none{}, m.SetPaused(ctx, id, paused) })
	return err
}

func (n *memoryNetwork) SignalWorkers(ctx context.Context, ids []rush.WorkerID, s rush.Signal) ([]rush.WorkerID, error) {
	return write(ctx, n, func(m *model) ([]rush.WorkerID, error) {
		for _, w := range m.workers {
			if n.store.flaw.is("a terminate replaces a kill") && w.State.Alive() {
				w.signal = rush.SignalNone
			}
		}
		return m.SignalWorkers(ctx, ids, s)
	})
}

func (n *memoryNetwork) EndWorker(ctx context.Context, end store.WorkerEnd) ([]rush.TaskKey, error) {
	return write(ctx, n, func(m *model) ([]rush.TaskKey, error) {
		keys, err := m.EndWorker(ctx, end)
		n.store.flaw.spoilClaims(m)
		return keys, err
	})
}

func (n *memoryNetwork) Sweep(ctx context.Context, by rush.WorkerID, condition []byte) ([]store.LostWorker, error) {
	return write(ctx, n, func(m *model) ([]store.LostWorker, error) {
		lost, err := m.Sweep(ctx, by, condition)
		n.store.flaw.spoilClaims(m)
		if n.store.flaw.is("a sweep returns what others found") {
			lost = nil
			for _, w := range m.workers {
				if w.State == rush.WorkerLost {
					lost = append(lost, store.LostWorker{ID: w.ID})
				}
			}
		}
		return lost, err
	})
}

func (n *memoryNetwork) AppendLog(ctx context.Context, entries []rush.LogEntry, nonce string) error {
	_, err := write(ctx, n, func(m *model) (none, error) {
		if n.store.flaw.is("a repeated append appends again") {
			delete(m.logNonces, nonce)
		}
		return none{}, m.AppendLog(ctx, entries, nonce)
	})
	return err
}

func (n *memoryNetwork) ReadLog(ctx context.Context, from rush.Cursor, filter rush.LogFilter, max int, wait time.Duration) (rush.LogPage, error) {
	if err := ctx.Err(); err != nil {
		return rush.LogPage{}, err
	}
	return await(ctx, n, wait, func(m *model) (rush.LogPage, bool, error) {
		if n.store.flaw.is("the log is not filtered") {
			filter = rush.LogFilter{}
		}
		page, err := m.ReadLog(ctx, from, filter, max, 0)
		if n.store.flaw.is("nobody learns of dropped entries") {
			page.Dropped = 0
		}
		return page, len(page.Entries) > 0 || page.Reset, err
	})
}

func (n *memoryNetwork) TailLog(ctx context.Context, last int, filter rush.LogFilter) (rush.LogPage, error) {
	return read(ctx, n, func(m *model) (rush.LogPage, error) { return m.TailLog(ctx, last, filter) })
}

func (n *memoryNetwork) KeepLog(ctx context.Context, entries int64) error {
	_, err := write(ctx, n, func(m *model) (none, error) { return none{}, m.KeepLog(ctx, entries) })
	return err
}

func (n *memoryNetwork) DeleteWorkers(ctx context.Context, ids []rush.WorkerID) ([]rush.WorkerID, error) {
	return write(ctx, n, func(m *model) ([]rush.WorkerID, error) {
		deleted, err := m.DeleteWorkers(ctx, ids)
		if n.store.flaw.is("a deleted worker's queue is forgotten") {
			m.gone = map[rush.WorkerID]bool{}
		}
		return deleted, err
	})
}

func (n *memoryNetwork) List(ctx context.Context) ([]rush.Worker, error) {
	return read(ctx, n, func(m *model) ([]rush.Worker, error) { return m.List(ctx) })
}

func (n *memoryNetwork) AwaitAlive(ctx context.Context, seen []rush.WorkerID, wait time.Duration) ([]rush.WorkerID, error) {
	known := slices.Sorted(slices.Values(seen))
	return await(ctx, n, wait, func(m *model) ([]rush.WorkerID, bool, error) {
		alive, err := m.AwaitAlive(ctx, seen, wait)
		return alive, !slices.Equal(slices.Sorted(slices.Values(alive)), known), err
	})
}
