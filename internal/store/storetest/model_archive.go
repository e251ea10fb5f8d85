package storetest

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/rushnet/rush"
)

// numbers returns the numbers of all tasks, ascending.
func (m *model) numbers() []rush.TaskKey { return slices.Sorted(maps.Keys(m.tasks)) }

// in returns the tasks in a state, queued ones in the order of the queue.
func (m *model) in(state rush.State) (keys []rush.TaskKey) {
	if state == rush.Queued {
		return slices.Clone(m.queue)
	}
	for _, key := range m.numbers() {
		if m.tasks[key].State == state {
			keys = append(keys, key)
		}
	}
	return keys
}

func (m *model) counts() rush.Counts {
	c := rush.Counts{
		Deferred: int64(len(m.in(rush.Deferred))), Queued: int64(len(m.queue)), Running: int64(len(m.in(rush.Running))),
		Finished: int64(len(m.in(rush.Finished))), Failed: int64(len(m.in(rush.Failed))),
		Created: m.born, Deleted: m.deleted,
	}
	for _, holder := range m.claims {
		if holder != "" {
			c.Claimed++
		}
	}
	return c
}

func (m *model) Counts(context.Context) (rush.Counts, error) { return m.counts(), m.absent() }

func (m *model) Budget(context.Context) (rush.Budget, error) {
	return rush.Budget{Limit: m.def.Limit, Taken: m.taken}, m.absent()
}

func (m *model) Records(_ context.Context, keys []rush.TaskKey, fields rush.Fields) ([]rush.Record, error) {
	records := []rush.Record{}
	for _, key := range keys {
		r := rush.Record{Key: key}
		if t := m.tasks[key]; t != nil {
			r = without(t.Record, fields)
		}
		records = append(records, r)
	}
	return records, m.absent()
}

func (m *model) Ended(ctx context.Context, from rush.Cursor, max int, fields rush.Fields, _ time.Duration) (rush.Page, error) {
	page := rush.Page{Next: rush.Cursor{Epoch: m.epoch}}
	if from.Epoch == m.epoch {
		page.Next.Offset = min(from.Offset, int64(len(m.log)))
	} else {
		page.Reset = true
	}
	rest := m.log[page.Next.Offset:]
	if max <= 0 {
		max = 1000
	}
	if page.More = len(rest) > max; page.More {
		rest = rest[:max]
	}
	page.Endings = slices.Clone(rest)
	page.Next.Offset += int64(len(rest))
	for _, e := range rest {
		if fields == rush.NoFields {
			break
		}
		r := []rush.Record{{Key: e.Key}}
		if !e.Withdrawn() {
			r, _ = m.Records(ctx, []rush.TaskKey{e.Key}, fields)
		}
		page.Records = append(page.Records, r...)
	}
	return page, m.absent()
}

func (m *model) Snapshot(context.Context) (rush.Snapshot, error) {
	return rush.Snapshot{
		Cursor:   rush.Cursor{Epoch: m.epoch, Offset: int64(len(m.log))},
		Deferred: m.in(rush.Deferred), Queued: m.in(rush.Queued), Running: m.in(rush.Running),
	}, m.absent()
}

func (m *model) Keys(_ context.Context, state rush.State) ([]rush.TaskKey, error) {
	return m.in(state), m.absent()
}
