package storetest

import (
	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

func resetTests() []test {
	return []test{
		{"tasks, log, claims and counters go", testResetDeletes},
		{"workers stay, or go when told", testResetWorkers},
		{"the definition stays", testResetDefinition},
		{"the budget is new", testResetBudget},
		{"cursors see it", testResetCursor},
		{"the run is new", testResetRun},
	}
}

func (f *fixture) reset(workers bool) {
	f.Helper()
	if err := f.net.Reset(f.Context(), workers); err != nil {
		f.Fatalf("reset: %v", err)
	}
}

func testResetDeletes(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	f.create(queued(4)...)
	w.finish(w.pop().Key)
	w.pop()
	claimed := w.claim()
	f.reset(false)
	f.same("counts", f.counts(), rush.Counts{})
	f.same("log", len(f.log()), 0)
	f.same("state of an old task", f.record(0).State, rush.State(""))
	f.same("running tasks", len(f.list()[w.id].Running), 0)
	turn := w.step(store.Step{Propose: proposal(claimed)})
	if !turn.Rejected || turn.Created != rush.NoTask {
		f.Errorf("propose a number that was claimed before: got %+v, want it rejected", turn)
	}
	f.same("first number", f.create(queued(1)...), span(0, 1))
}

func testResetWorkers(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	f.reset(false)
	f.same("state", f.list()[w.id].State, rush.WorkerRunning)
	w.claim()
	f.reset(true)
	f.same("workers", len(f.list()), 0)
	_, err := f.net.Beat(f.Context(), w.id)
	f.wantErr("beat", err, rush.ErrLost)
}

func testResetDefinition(f *fixture) {
	f.define(5, 3)
	before, err := f.net.Definition(f.Context())
	f.check(err)
	f.reset(true)
	after, err := f.net.Definition(f.Context())
	f.check(err)
	f.same("definition", after, before)
	f.same("first number", f.create(queued(1)...), span(3, 1))
}

func testResetBudget(f *fixture) {
	f.define(2, 0)
	w := f.register("w1")
	for range 2 {
		w.propose(rush.NoTask)
		w.claimLast()
		f.reset(false)
		w.propose(rush.NoTask)
		f.reset(false)
	}
}

// claimLast claims the last number that the budget has room for.
func (w *worker) claimLast() {
	w.Helper()
	w.claim()
	if turn := w.step(store.Step{Claim: true}); !turn.Exhausted {
		w.Errorf("claim beyond the budget: got %+v, want it exhausted", turn)
	}
}

func testResetCursor(f *fixture) {
	f.define(0, 0)
	keys := f.create(queued(3)...)
	f.end(finished(keys[0], 0), finished(keys[1], 0))
	old := f.read(f.net, rush.Cursor{}).Next
	f.reset(false)
	f.create(queued(1)...)
	f.end(failed(0, 0))
	page := f.read(f.other(), old)
	if !page.Reset || page.Next.Epoch <= old.Epoch {
		f.Errorf("got %+v, want a reset and an epoch above %d", page, old.Epoch)
	}
	f.same("endings of the new epoch", page.Endings, []rush.Ending{{Key: 0, State: rush.Failed}})
	if again := f.read(f.net, page.Next); again.Reset || len(again.Endings) != 0 {
		f.Errorf("from the next cursor on: got %+v, want nothing new", again)
	}
	snapshot, err := f.net.Snapshot(f.Context())
	f.check(err)
	f.same("the snapshot's cursor", snapshot.Cursor, page.Next)
}

func testResetRun(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	f.leg(f.net.BeginRun)
	f.requestStop("enough")
	f.reset(false)
	f.same("run", f.run(), rush.Run{})
	w.claim()
}
