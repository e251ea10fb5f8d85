package sqlitestore

import (
	"fmt"
	"sync/atomic"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// A networkRow is what every verb needs of a network's row. The counters are
// written back when a transaction has changed them.
type networkRow struct {
	identity
	limit      int64
	reserved   int64
	stopReason string
	expires    int64
	counters
}

// identity tells networks apart: a number can be given twice when the first
// giving was rolled back.
type identity struct{ id, created int64 }

// counters change with nearly every verb; see schema.sql.
type counters struct {
	epoch, alive, next, logEnd            int64
	front, back                           int64
	deferred, queued, requeued, running   int64
	finished, failed, deleted, tasks      int64
	taken, claimed, pooled, registrations int64
	queues                                int64
}

const (
	counterColumns = `epoch, alive, next_number, log_end, queue_front, queue_back, deferred, queued, requeued,
		running, finished, failed, deleted, tasks, taken, claimed, pooled, registrations, queues`
	selectNetwork = "SELECT id, created, schema, task_limit, reserved, stop_reason, expires, " + counterColumns + " FROM networks WHERE "
	selectByID    = selectNetwork + "id = ?"
	selectByName  = selectNetwork + "name = ?"
	updateNetwork = "UPDATE networks SET (" + counterColumns + ") = (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) WHERE id = ?"
)

func (n *counters) scan(s *stmt) {
	for _, field := range n.fields() {
		*field = s.getInt()
	}
}

func (n *counters) fields() [19]*int64 {
	return [...]*int64{
		&n.epoch, &n.alive, &n.next, &n.logEnd, &n.front, &n.back, &n.deferred, &n.queued, &n.requeued,
		&n.running, &n.finished, &n.failed, &n.deleted, &n.tasks, &n.taken, &n.claimed, &n.pooled, &n.registrations, &n.queues,
	}
}

// An identityCache holds the identity of a handle's network, once it is known.
type identityCache struct{ atomic.Pointer[identity] }

// load reads the network of a handle: the one that the handle found first or,
// when that is gone, the one that has its name now.
func (t *txn) load(n *network) error {
	if known := n.identity.Load(); known != nil {
		found, err := t.scan(t.stmt(selectByID).int(known.id))
		if err != nil || found && t.net.identity == *known {
			return err
		}
	}
	found, err := t.scan(t.stmt(selectByName).text(string(n.name)))
	if err != nil {
		return err
	}
	if !found {
		return rush.ErrNoNetwork
	}
	n.remember(t.net.identity)
	return nil
}

func (n *network) remember(id identity) { n.identity.Store(&id) }

// scan reads a network's row. One whose time is over is not found.
func (t *txn) scan(s *stmt) (found bool, err error) {
	found, err = t.scanAny(s)
	return found && (t.net.expires == 0 || t.now < t.net.expires), err
}

// scanAny reads a network's row.
func (t *txn) scanAny(s *stmt) (found bool, err error) {
	var schema int64
	if found = s.next(); found {
		t.net.id, t.net.created, schema = s.getInt(), s.getInt(), s.getInt()
		t.net.limit, t.net.reserved, t.net.stopReason, t.net.expires = s.getInt(), s.getInt(), s.getText(), s.getInt()
		t.net.scan(s)
	}
	if err := s.close(); err != nil {
		return false, err
	}
	if found && schema != store.Schema && !t.store.opts.IgnoreSchema {
		return true, fmt.Errorf("%w: it has schema %d, expected %d", rush.ErrSchema, schema, store.Schema)
	}
	return found, nil
}

// save writes the counters, if they are others than before, and notes whether
// the network was drained in between.
func (t *txn) save(before *networkRow) error {
	if t.net.drained() && !before.drained() {
		t.topics |= topicWork
	}
	if t.net.counters == before.counters {
		return nil
	}
	s := t.stmt(updateNetwork)
	for _, field := range t.net.fields() {
		s.int(*field)
	}
	return s.int(t.net.id).run()
}

// room reports whether the budget has room for another task.
func (n *networkRow) room() bool { return n.limit <= 0 || n.taken < n.limit }

// drained reports whether nothing is left that could bring another task.
func (n *networkRow) drained() bool {
	left := n.requeued
	if n.room() {
		left = n.queued
	}
	return n.running == 0 && n.claimed == 0 && left == 0
}

func (n *networkRow) counts() rush.Counts {
	return rush.Counts{
		Deferred: n.deferred, Queued: n.queued, Running: n.running, Finished: n.finished, Failed: n.failed,
		Created: n.tasks, Deleted: n.deleted, Claimed: n.claimed,
	}
}
