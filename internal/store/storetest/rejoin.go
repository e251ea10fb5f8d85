package storetest

import (
	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

func rejoinTests() []test {
	return []test{
		{"a lost worker comes back under its id", testRejoin},
		{"who comes back has to evaluate nothing, and what it ran is late", testRejoinLate},
		{"who is alive, has left or was killed does not come back", testRejoinOthers},
		{"the signal of a lost worker is still there when it comes back", testRejoinSignal},
		{"a lost worker that was paused comes back paused", testRejoinPaused},
	}
}

func (w *worker) rejoin() {
	w.Helper()
	w.check(w.net.Rejoin(w.Context(), w.id))
}

func testRejoin(f *fixture) {
	f.define(0, 0)
	w := f.registerMortal("w1")
	was := f.list()["w1"]
	for i := range int64(2) {
		f.sweep(w.id)
		w.rejoin()
		w.rejoin() // a repeat changes nothing
		got := f.list()["w1"]
		if got.State != rush.WorkerRunning || got.Reason != "" || !got.Ended.IsZero() || got.Rejoined != i+1 {
			f.Errorf("got %+v, want it running, for the time %d", got, i+1)
		}
		f.same("registered", got.Registered, was.Registered)
		f.same("process", []any{got.PID, got.Host, got.Expiry}, []any{was.PID, was.Host, was.Expiry})
	}
	_, err := f.net.Beat(f.Context(), w.id)
	f.check(err)
	w.nonce = 0 // counted anew
	w.finish(w.propose(rush.NoTask))
	f.same("lost again", f.sweep(w.id), map[rush.WorkerID][]rush.TaskKey{"w1": nil})
}

func testRejoinLate(f *fixture) {
	f.define(0, 0)
	w := f.registerMortal("w1")
	f.create(store.NewTask{Options: rush.Options{MaxRetries: 1}})
	claimed := w.claim()
	w.pop()
	f.sweep(w.id)
	other := f.register("w2")
	f.same("attempt", other.pop().Attempt, 2)
	w.rejoin()
	f.same("running", len(f.list()["w1"].Running), 0)
	w.wantOutcomes([]store.Done{finished(0, 1)}, store.Late)
	f.same("rejected", w.step(store.Step{Propose: proposal(claimed)}).Rejected, true)
	other.wantOutcomes([]store.Done{finished(0, 2)}, store.Applied)
	f.same("late results", len(f.record(0).Late), 1)
}

func testRejoinOthers(f *fixture) {
	f.define(0, 0)
	f.register("alive")
	f.check(f.net.Rejoin(f.Context(), "alive"))
	f.same("rejoined", f.list()["alive"].Rejoined, int64(0))
	for _, state := range []rush.WorkerState{rush.WorkerTerminated, rush.WorkerKilled} {
		id := rush.WorkerID(state)
		f.register(id)
		_, err := f.net.EndWorker(f.Context(), store.WorkerEnd{ID: id, State: state, Reason: "ended"})
		f.check(err)
		f.wantErr("rejoin of a worker that is "+string(state), f.net.Rejoin(f.Context(), id), rush.ErrLost)
		f.same("state", f.list()[id].State, state)
	}
	f.wantErr("rejoin of an unknown worker", f.net.Rejoin(f.Context(), "nobody"), rush.ErrLost)
}

func testRejoinSignal(f *fixture) {
	f.define(0, 0)
	w := f.registerMortal("w1")
	f.signal(rush.SignalTerminate, w.id)
	f.sweep(w.id)
	w.rejoin()
	w.wantSignal(rush.SignalTerminate)
	f.sweep(w.id)
	w = f.register("w1") // begins anew
	w.wantSignal(rush.SignalNone)
}

func testRejoinPaused(f *fixture) {
	f.define(0, 0)
	w := f.registerMortal("w1")
	f.create(store.NewTask{})
	w.pause(true)
	f.sweep(w.id)
	w.rejoin()
	w.nonce = 0
	f.same("state", f.list()["w1"].State, rush.WorkerPaused)
	f.same("paused", w.step(store.Step{Pop: true}).Paused, true)
	w.pause(false)
	f.same("popped", w.pop().Key, rush.TaskKey(0))
	f.sweep(w.id)
	w.rejoin()
	f.same("state of one that was resumed before it was lost", f.list()["w1"].State, rush.WorkerRunning)
}
