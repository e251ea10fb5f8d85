package storetest

import (
	"slices"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

func signalTests() []test {
	return []test{
		{"those named get it", testSignalNamed},
		{"nil means all who are alive", testSignalAll},
		{"a kill replaces a terminate, never the other way round", testSignalKill},
		{"nothing is handed to a worker that has a signal", testSignalNext},
	}
}

// signal sends a signal and returns who got it.
func (f *fixture) signal(s rush.Signal, ids ...rush.WorkerID) []rush.WorkerID {
	f.Helper()
	got, err := f.net.SignalWorkers(f.Context(), ids, s)
	f.check(err)
	slices.Sort(got)
	return got
}

// wantSignal reports a worker whose signal is another, by each way to learn it.
func (w *worker) wantSignal(want rush.Signal) {
	w.Helper()
	for range 2 {
		got, err := w.net.Beat(w.Context(), w.id)
		w.check(err)
		w.same("signal that a beat returns to "+string(w.id), got, want)
	}
	if want != rush.SignalNone {
		got, err := w.net.AwaitMail(w.patient(), w.id, store.Seen{}, long)
		w.check(err)
		w.same("signal that awaiting returns to "+string(w.id), got.Signal, want)
	}
}

func testSignalNamed(f *fixture) {
	f.define(0, 0)
	w1, w2, w3 := f.register("w1"), f.register("w2"), f.register("w3")
	f.register("ended").terminate(false)
	for range 2 {
		f.same("those that got it", f.signal(rush.SignalTerminate, "w3", "w1", "ended", "unknown"), []rush.WorkerID{"w1", "w3"})
	}
	w1.wantSignal(rush.SignalTerminate)
	w2.wantSignal(rush.SignalNone)
	w3.wantSignal(rush.SignalTerminate)
}

func testSignalAll(f *fixture) {
	f.define(0, 0)
	w1, w2 := f.register("w1"), f.register("w2")
	f.register("ended").terminate(false)
	none, err := f.net.SignalWorkers(f.Context(), []rush.WorkerID{}, rush.SignalKill)
	f.check(err)
	f.same("those that got it when nobody was named", len(none), 0)
	w1.wantSignal(rush.SignalNone)
	f.same("those that got it", f.signal(rush.SignalKill), []rush.WorkerID{"w1", "w2"})
	w1.wantSignal(rush.SignalKill)
	w2.wantSignal(rush.SignalKill)
	w3 := f.register("w3")
	w3.wantSignal(rush.SignalNone)
}

func testSignalKill(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	f.signal(rush.SignalTerminate, "w1")
	f.same("those that got it", f.signal(rush.SignalKill, "w1"), []rush.WorkerID{"w1"})
	w.wantSignal(rush.SignalKill)
	f.signal(rush.SignalTerminate, "w1")
	w.wantSignal(rush.SignalKill)
}

func testSignalNext(f *fixture) {
	f.define(0, 0)
	w, other := f.register("w1"), f.register("w2")
	key := w.propose(rush.NoTask)
	claimed := w.claim()
	f.create(queued(1)...)
	f.signal(rush.SignalTerminate, "w1")
	turn := w.step(store.Step{Done: []store.Done{finished(key, 1)}, Pop: true, Propose: proposal(claimed), Claim: true, Wait: long})
	f.same("outcomes", turn.Outcomes, []store.Outcome{store.Applied})
	f.wantNothing(turn)
	f.same("stop", turn.Stop, string(rush.SignalTerminate))
	f.same("popped by another", other.pop().XS, encode("x", 0))
}
