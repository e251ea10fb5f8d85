package storetest

import (
	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

func claimTests() []test {
	return []test{
		{"what a worker claimed goes back when it ends", testClaimReturned},
		{"what a lost worker claimed goes back", testClaimLost},
		{"the smallest goes out first", testClaimSmallest},
		{"a proposal without a number takes the next", testClaimNext},
		{"who registers anew has lost its claims", testClaimReregistered},
		{"a returned number has room in a full budget", testClaimFull},
	}
}

// claims reads what is reserved, and by whom.
func (f *fixture) claims() map[rush.TaskKey]rush.WorkerID {
	f.Helper()
	a, err := f.net.Audit(f.Context())
	f.check(err)
	return a.Claims
}

func testClaimReturned(f *fixture) {
	f.define(0, 0)
	w1, w2 := f.register("w1"), f.register("w2")
	f.same("claims", []rush.TaskKey{w1.claim(), w1.claim(), w2.claim()}, span(0, 3))
	w1.propose(1)
	w1.terminate(false)
	f.same("claims", f.claims(), map[rush.TaskKey]rush.WorkerID{0: "", 2: "w2"})
	f.same("numbers claimed by workers", f.counts().Claimed, int64(1))
	f.same("claims", []rush.TaskKey{w2.claim(), w2.claim()}, []rush.TaskKey{0, 3})
}

func testClaimLost(f *fixture) {
	f.define(0, 0)
	lost := f.registerMortal("lost")
	w := f.register("w1")
	lost.claim()
	f.sweep(lost.id)
	f.same("claim", w.claim(), rush.TaskKey(0))
}

func testClaimSmallest(f *fixture) {
	f.define(0, 0)
	w := f.register("w")
	var claimed []rush.TaskKey
	for _, id := range []rush.WorkerID{"c", "a", "b"} {
		other := f.register(id)
		for range 4 {
			claimed = append(claimed, other.claim())
		}
	}
	f.same("claims", claimed, span(0, 12))
	for _, id := range []rush.WorkerID{"a", "c", "b"} {
		(&worker{fixture: f, id: id}).terminate(false)
	}
	var again []rush.TaskKey
	for range 13 {
		again = append(again, w.claim())
	}
	f.same("claims of what went back", again, span(0, 13))
}

func testClaimNext(f *fixture) {
	f.define(0, 0)
	w, other := f.register("w1"), f.register("w2")
	other.claim()
	other.terminate(false)
	f.same("proposed", w.propose(rush.NoTask), rush.TaskKey(1))
	f.same("claimed", w.claim(), rush.TaskKey(0))
}

func testClaimReregistered(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	key := w.claim()
	w.terminate(false)
	w = f.register("w1")
	if turn := w.step(store.Step{Propose: proposal(key)}); !turn.Rejected || turn.Created != rush.NoTask {
		f.Errorf("got %+v, want the proposal rejected", turn)
	}
	f.same("claimed", w.claim(), key)
	f.same("proposed", w.propose(key), key)
}

func testClaimFull(f *fixture) {
	f.define(2, 0)
	w, other := f.register("w1"), f.register("w2")
	other.claim()
	w.propose(rush.NoTask)
	w.wantExhausted(store.Step{Claim: true})
	other.terminate(false)
	w.wantExhausted(store.Step{Propose: proposal(rush.NoTask)})
	turn := w.step(store.Step{Claim: true})
	f.same("claimed", turn.Claimed, rush.TaskKey(0))
	f.same("exhausted", turn.Exhausted, true)
}
