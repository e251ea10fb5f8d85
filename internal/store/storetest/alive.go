package storetest

import (
	"context"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

func aliveTests() []test {
	return []test{
		{"who is alive is told at once to who saw others", testAliveAtOnce},
		{"a registration, an end, a loss and a rejoin wake who waits for them", testAliveWakes},
		{"a reset with workers wakes who waits for who is alive", testAliveReset},
		{"who waits for who is alive is told that the network is destroyed", testAliveDestroyed},
	}
}

// alive reads who is alive, without a wait.
func (f *fixture) alive(seen ...rush.WorkerID) []rush.WorkerID {
	f.Helper()
	ids, err := f.net.AwaitAlive(f.Context(), seen, 0)
	f.check(err)
	return ids
}

// awaitAlive waits for others to be alive.
func (f *fixture) awaitAlive(n store.Network, seen ...rush.WorkerID) *waiter[[]rush.WorkerID] {
	f.Helper()
	return wait(f, "who waits for who is alive", func(ctx context.Context) ([]rush.WorkerID, error) {
		return n.AwaitAlive(ctx, seen, long)
	})
}

func testAliveAtOnce(f *fixture) {
	f.define(0, 0)
	f.same("nobody", len(f.alive()), 0)
	f.register("b")
	f.register("a").pause(true)
	f.same("both, by their registration", f.alive(), []rush.WorkerID{"b", "a"})
	f.same("seen already", f.alive("a", "b"), []rush.WorkerID{"b", "a"})
	for _, seen := range [][]rush.WorkerID{nil, {"b"}, {"b", "c"}, {"a", "b", "c"}} {
		ids, err := f.net.AwaitAlive(f.patient(), seen, long)
		f.check(err)
		f.same("others than were seen", ids, []rush.WorkerID{"b", "a"})
	}
}

func testAliveWakes(f *fixture) {
	f.define(0, 0)
	first, second := f.awaitAlive(f.net), f.awaitAlive(f.other())
	w := f.registerMortal("w1")
	f.same("after a registration", [][]rush.WorkerID{first.woken(), second.woken()}, [][]rush.WorkerID{{"w1"}, {"w1"}})
	lost := f.awaitAlive(f.other(), "w1")
	f.sweep(w.id)
	f.same("after a loss", len(lost.woken()), 0)
	rejoined := f.awaitAlive(f.other())
	w.rejoin()
	f.same("after a rejoin", rejoined.woken(), []rush.WorkerID{"w1"})
	ended := f.awaitAlive(f.other(), "w1")
	_, err := f.net.EndWorker(f.Context(), store.WorkerEnd{ID: w.id, State: rush.WorkerTerminated, Reason: "ended"})
	f.check(err)
	f.same("after an end", len(ended.woken()), 0)
}

func testAliveReset(f *fixture) {
	f.define(0, 0)
	f.register("w1")
	waiting := f.awaitAlive(f.other(), "w1")
	f.reset(true)
	f.same("after a reset", len(waiting.woken()), 0)
}

func testAliveDestroyed(f *fixture) {
	f.define(0, 0)
	f.register("w1")
	n, answer := f.other(), make(chan error, 1)
	ctx := f.patient()
	go func() {
		_, err := n.AwaitAlive(ctx, []rush.WorkerID{"w1"}, long)
		answer <- err
	}()
	f.settle()
	f.check(f.store.Destroy(f.Context(), f.net.ID()))
	f.wantErr("wait in a network that is destroyed", <-answer, rush.ErrNoNetwork)
}
