package sqlitestore

import (
	"cmp"
	"context"
	"slices"

	"github.com/rushnet/rush"
)

// Counts returns how many tasks are in which state.
func (n *network) Counts(ctx context.Context) (counts rush.Counts, err error) {
	err = n.read(ctx, "count tasks", func(t *txn) error {
		counts = t.net.counts()
		return nil
	})
	return counts, err
}

// Budget reads the limit and what is taken of it.
func (n *network) Budget(ctx context.Context) (budget rush.Budget, err error) {
	err = n.read(ctx, "read the budget", func(t *txn) error {
		budget = rush.Budget{Limit: t.net.limit, Taken: t.net.taken}
		return nil
	})
	return budget, err
}

// Records reads tasks by number.
func (n *network) Records(ctx context.Context, keys []rush.TaskKey, fields rush.Fields) (records []rush.Record, err error) {
	err = n.read(ctx, "read tasks", func(t *txn) error {
		records = make([]rush.Record, len(keys))
		for i, key := range keys {
			if i%512 == 511 {
				if err := t.canceled(); err != nil {
					return err
				}
			}
			if records[i], err = t.record(key, fields); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return records, nil
}

// Snapshot reads which tasks had not ended at one moment.
func (n *network) Snapshot(ctx context.Context) (snapshot rush.Snapshot, err error) {
	err = n.read(ctx, "read which tasks have not ended", func(t *txn) error {
		snapshot.Cursor = rush.Cursor{Epoch: t.net.epoch, Offset: t.net.logEnd}
		for _, part := range []struct {
			state rush.State
			keys  *[]rush.TaskKey
		}{
			{rush.Deferred, &snapshot.Deferred},
			{rush.Queued, &snapshot.Queued},
			{rush.Running, &snapshot.Running},
		} {
			if *part.keys, err = t.keys(part.state); err != nil {
				return err
			}
		}
		return nil
	})
	return snapshot, err
}

// Keys lists the numbers of the tasks in a state.
func (n *network) Keys(ctx context.Context, state rush.State) (keys []rush.TaskKey, err error) {
	err = n.read(ctx, "list tasks", func(t *txn) error {
		keys, err = t.keys(state)
		return err
	})
	return keys, err
}

func (t *txn) keys(state rush.State) (keys []rush.TaskKey, err error) {
	switch state {
	case rush.Queued:
		return t.queuedKeys()
	case rush.Running:
		err = t.eachRunning(func(_ int64, key rush.TaskKey) { keys = append(keys, key) })
	case rush.Deferred:
		keys, err = t.list(t.stmt("SELECT id FROM tasks INDEXED BY tasks_deferred WHERE state = 1 AND id BETWEEN ? AND ?").bounds(t.net.id))
	default:
		keys, err = t.list(t.stmt("SELECT id FROM tasks WHERE id BETWEEN ? AND ? AND state = ?").bounds(t.net.id).int(stateNumber(state)))
	}
	slices.Sort(keys)
	return keys, err
}

// list reads a column of ids as numbers.
func (t *txn) list(s *stmt) (keys []rush.TaskKey, err error) {
	for s.next() {
		if len(keys)%4096 == 4095 {
			if err := t.canceled(); err != nil {
				s.close()
				return nil, err
			}
		}
		keys = append(keys, number(s.getInt()))
	}
	return keys, s.close()
}

// queuedKeys lists the queues, one after the other in the order of their
// names, each in the order in which its tasks will be taken.
func (t *txn) queuedKeys() (keys []rush.TaskKey, err error) {
	ids, err := t.queueIDs()
	if err != nil {
		return nil, err
	}
	names := make([]string, 0, len(ids))
	for name := range ids {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		queued, err := t.queueKeys(ids[name])
		if err != nil {
			return nil, err
		}
		keys = append(keys, queued...)
	}
	return keys, nil
}

// queueKeys lists the tasks of one queue. They are read in two runs, taken
// from the budget before or not, and merged.
func (t *txn) queueKeys(queue int64) ([]rush.TaskKey, error) {
	var places []place
	s := t.stmt("SELECT position, id FROM tasks INDEXED BY tasks_held WHERE holder = ? ORDER BY taken, position").int(queue)
	for s.next() {
		places = append(places, place{position: s.getInt(), id: s.getInt()})
	}
	if err := s.close(); err != nil {
		return nil, err
	}
	byPosition := func(a, b place) int { return cmp.Compare(a.position, b.position) }
	if !slices.IsSortedFunc(places, byPosition) {
		slices.SortFunc(places, byPosition)
	}
	keys := make([]rush.TaskKey, len(places))
	for i, p := range places {
		keys[i] = number(p.id)
	}
	return keys, nil
}
