package storetest

import (
	"slices"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// A worker takes steps as a worker's loop does: it counts its nonces.
type worker struct {
	*fixture
	id    rush.WorkerID
	nonce int64
}

// describe returns a worker that beats often enough.
func describe(id rush.WorkerID) rush.Worker {
	return rush.Worker{
		ID: id, State: rush.WorkerRunning, PID: 4711, Host: "host-" + string(id),
		Heartbeat: time.Minute, Expiry: time.Hour,
	}
}

// register makes a worker alive.
func (f *fixture) register(id rush.WorkerID) *worker {
	f.Helper()
	return f.registerAs(describe(id))
}

// registerMortal makes a worker alive whose heartbeat lapses at once.
func (f *fixture) registerMortal(id rush.WorkerID) *worker {
	f.Helper()
	return f.registerAs(mortal(id))
}

// mortal returns a worker whose heartbeat lapses at once.
func mortal(id rush.WorkerID) rush.Worker {
	w := describe(id)
	w.Heartbeat, w.Expiry = time.Millisecond, 2*time.Millisecond
	return w
}

func (f *fixture) registerAs(w rush.Worker) *worker {
	f.Helper()
	if err := f.net.Register(f.Context(), w); err != nil {
		f.Fatalf("register %s: %v", w.ID, err)
	}
	return &worker{fixture: f, id: w.ID}
}

// step takes the worker's next step.
func (w *worker) step(s store.Step) store.Turn {
	w.Helper()
	w.nonce++
	return w.repeat(s)
}

// repeat takes a step with the nonce of the last one.
func (w *worker) repeat(s store.Step) store.Turn {
	w.Helper()
	s.Worker, s.Nonce = w.id, w.nonce
	turn, err := w.net.Next(w.patient(), s)
	if err != nil {
		w.Fatalf("worker %s: next: %v", w.id, err)
	}
	return turn
}

// pop takes a task, which must be there.
func (w *worker) pop() *rush.Record {
	w.Helper()
	turn := w.step(store.Step{Pop: true})
	if turn.Task == nil {
		w.Fatalf("worker %s: pop: got nothing: %+v", w.id, turn)
	}
	return turn.Task
}

// claim reserves a number, which must be there.
func (w *worker) claim() rush.TaskKey {
	w.Helper()
	turn := w.step(store.Step{Claim: true})
	if turn.Claimed == rush.NoTask {
		w.Fatalf("worker %s: claim: got nothing: %+v", w.id, turn)
	}
	return turn.Claimed
}

// propose creates a running task, for which there must be room.
func (w *worker) propose(key rush.TaskKey) rush.TaskKey {
	w.Helper()
	turn := w.step(store.Step{Propose: proposal(key)})
	if turn.Created == rush.NoTask {
		w.Fatalf("worker %s: propose: got nothing: %+v", w.id, turn)
	}
	return turn.Created
}

// proposal returns a point to evaluate.
func proposal(key rush.TaskKey) *store.Proposal {
	return &store.Proposal{Key: key, XS: encode("x", 0.5), XSExtra: encode("by", "test")}
}

// finish delivers the results of tasks in their first attempt.
func (w *worker) finish(keys ...rush.TaskKey) {
	w.Helper()
	var done []store.Done
	for _, key := range keys {
		done = append(done, finished(key, 1))
	}
	w.wantOutcomes(done, slices.Repeat([]store.Outcome{store.Applied}, len(keys))...)
}

// wantOutcomes delivers endings and reports what becomes of them, if it is
// something else.
func (w *worker) wantOutcomes(done []store.Done, want ...store.Outcome) {
	w.Helper()
	w.same("outcomes", w.step(store.Step{Done: done}).Outcomes, want)
}

// terminate takes the worker out of the network; what it ran fails, or is
// queued again.
func (w *worker) terminate(retry bool) []rush.TaskKey {
	w.Helper()
	keys, err := w.net.EndWorker(w.Context(), store.WorkerEnd{
		ID: w.id, State: rush.WorkerTerminated, Reason: "test",
		Condition: condition(rush.ClassLost, "gone"), Retry: retry,
	})
	if err != nil {
		w.Fatalf("end worker %s: %v", w.id, err)
	}
	return keys
}

// list returns the workers by id.
func (f *fixture) list() map[rush.WorkerID]rush.Worker {
	f.Helper()
	workers, err := f.net.List(f.Context())
	if err != nil {
		f.Fatalf("list workers: %v", err)
	}
	byID := map[rush.WorkerID]rush.Worker{}
	for _, w := range workers {
		byID[w.ID] = w
	}
	return byID
}

// sweep ends what has lapsed, until these workers were found.
func (f *fixture) sweep(want ...rush.WorkerID) map[rush.WorkerID][]rush.TaskKey {
	f.Helper()
	found := map[rush.WorkerID][]rush.TaskKey{}
	f.eventually("sweep", func() bool {
		lost, err := f.net.Sweep(f.Context(), "", condition(rush.ClassLost, "heartbeat lapsed"))
		f.check(err)
		for _, l := range lost {
			if _, again := found[l.ID]; again {
				f.Errorf("sweep returned %s twice", l.ID)
			}
			found[l.ID] = l.Tasks
		}
		return !slices.ContainsFunc(want, func(id rush.WorkerID) bool { _, ok := found[id]; return !ok })
	})
	return found
}
