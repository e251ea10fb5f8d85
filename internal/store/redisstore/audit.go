package redisstore

import (
	"context"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// auditSlice is how many tasks one script looks at, so that it does not hold
// others up; and auditTries how often slices are read before a network that
// keeps changing is read in one.
const (
	auditSlice = 5_000
	auditTries = 3
)

// Audit reads all that the invariants speak of; see store.Control. It reads
// in slices, and again if the network changed between them.
func (n *network) Audit(ctx context.Context) (*store.Audit, error) {
	for range auditTries {
		a, same, err := n.audit(ctx, auditSlice)
		if err != nil || same {
			return a, err
		}
	}
	a, _, err := n.audit(ctx, -1)
	return a, err
}

// audit reads the network in slices of a size, -1 for all in one, and reports
// whether they are of one moment.
func (n *network) audit(ctx context.Context, size int64) (*store.Audit, bool, error) {
	a := &store.Audit{
		Indexed: map[rush.State][]rush.TaskKey{}, Assigned: map[rush.WorkerID][]rush.TaskKey{},
		Claims: map[rush.TaskKey]rush.WorkerID{},
	}
	for from, changes := int64(0), int64(-1); ; from += size {
		to := from + size
		if size < 0 {
			to = -1
		}
		r, err := n.call(ctx, "audit", from, to)
		if err != nil {
			return nil, false, err
		}
		parts := r.array()
		now := r.int()
		if changes >= 0 && now != changes {
			return nil, false, nil
		}
		changes = now
		a.Next = rush.TaskKey(r.int())
		readAuditTasks(r, a)
		if parts > 3 {
			readAuditRest(r, a)
			return a, true, n.wrap("audit", r.finish())
		}
		if err := r.finish(); err != nil {
			return nil, false, n.wrap("audit", err)
		}
	}
}

func readAuditTasks(r *reply, a *store.Audit) {
	for range r.array() / 5 {
		t := store.AuditTask{Key: rush.TaskKey(r.int())}
		h, _ := parseHead(r.bytes()) // without a state, if it is torn
		t.State, t.Attempt, t.Taken = h.state, h.attempt, h.taken
		t.Worker = rush.WorkerID(r.string())
		t.HasYS, t.HasCondition = r.bool(), r.bool()
		a.Tasks = append(a.Tasks, t)
	}
}

// readAuditRest reads what comes with the last slice.
func readAuditRest(r *reply, a *store.Audit) {
	a.Indexed[rush.Deferred] = readKeys(r)
	for range r.array() {
		a.Indexed[rush.Queued] = append(a.Indexed[rush.Queued], readKeys(r)...)
	}
	a.Log = readEndings(r, nil)
	for _, state := range []rush.State{rush.Finished, rush.Failed} {
		in := map[rush.TaskKey]bool{}
		replay(in, a.Log, state)
		for key := range in {
			a.Indexed[state] = append(a.Indexed[state], key)
		}
	}
	r.array()
	a.Counts = readCounts(r)
	a.Workers = readWorkers(r)
	for _, w := range a.Workers {
		if len(w.Running) > 0 {
			a.Assigned[w.ID] = w.Running
			a.Indexed[rush.Running] = append(a.Indexed[rush.Running], w.Running...)
		}
	}
	for range r.array() / 2 {
		number := r.number()
		a.Claims[rush.TaskKey(number)] = rush.WorkerID(r.string())
	}
	for _, key := range readKeys(r) {
		a.Claims[key] = ""
	}
	a.Taken, a.Reserved = r.int(), r.int()
}
