package storetest

import (
	"sync"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

func pointTests() []test {
	return []test{
		{"a point belongs to whoever claims it first", testClaimPoint},
		{"a number has one point", testClaimAnotherPoint},
		{"a point is free when its number is nobody's", testPointFreed},
		{"points need a network, and go with a reset", testPointsReset},
		{"many claim the same point at once", testClaimPointAtOnce},
	}
}

// claimPoint wants a point to belong to a number after it is claimed for one.
func (f *fixture) claimPoint(n store.Network, point string, key, want rush.TaskKey) {
	f.Helper()
	holder, err := n.ClaimPoint(f.Context(), point, key)
	f.check(err)
	f.same("who has "+point, holder, want)
}

func testClaimPoint(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	a, b := w.claim(), w.claim()
	f.claimPoint(f.net, "x", a, a)
	f.claimPoint(f.other(), "x", b, a)
	f.claimPoint(f.net, "x", a, a)
	w.propose(a)
	f.claimPoint(f.other(), "x", b, a)
	w.finish(a)
	f.claimPoint(f.net, "x", b, a)
	f.claimPoint(f.net, "\x00é", b, b)
	f.claimPoint(f.net, "", a, a)
}

func testClaimAnotherPoint(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	a, b := w.claim(), w.claim()
	f.claimPoint(f.net, "x", a, a)
	f.claimPoint(f.net, "y", a, a)
	f.claimPoint(f.net, "x", b, b)
	f.claimPoint(f.net, "y", b, a)
	f.claimPoint(f.net, "x", a, b)
}

func testPointFreed(f *fixture) {
	f.define(0, 0)
	gone, w := f.register("gone"), f.register("w1")
	a := gone.claim()
	f.claimPoint(f.net, "x", a, a)
	gone.terminate(false)
	b := w.claim() // what was given back
	f.same("the number", b, a)
	c := w.claim()
	f.claimPoint(f.net, "x", c, b)
	f.claimPoint(f.net, "y", b, b)
	f.claimPoint(f.net, "x", c, c)

	w.propose(c)
	w.finish(c)
	d := w.claim()
	f.claimPoint(f.net, "x", d, c)
	_, err := f.net.Delete(f.Context(), []rush.TaskKey{c})
	f.check(err)
	f.claimPoint(f.net, "x", d, d)
	f.claimPoint(f.net, "x", b, d)
}

func testPointsReset(f *fixture) {
	_, err := f.net.ClaimPoint(f.Context(), "x", 0)
	f.wantErr("claim in a network that is not there", err, rush.ErrNoNetwork)
	f.define(0, 0)
	_, err = f.net.Create(f.Context(), make([]store.NewTask, 2), "two")
	f.check(err)
	f.claimPoint(f.net, "x", 0, 0)
	to := f.rename()
	f.claimPoint(to, "x", 1, 0)
	f.check(to.Reset(f.Context(), false))
	_, err = to.Create(f.Context(), make([]store.NewTask, 2), "two again")
	f.check(err)
	f.claimPoint(to, "x", 1, 1)
}

func testClaimPointAtOnce(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	holders := make([]rush.TaskKey, 8)
	errs := make([]error, len(holders))
	var all sync.WaitGroup
	for i := range holders {
		key, n := w.claim(), f.other()
		all.Go(func() { holders[i], errs[i] = n.ClaimPoint(f.Context(), "x", key) })
	}
	all.Wait()
	for i, holder := range holders {
		f.check(errs[i])
		f.same("who has it", holder, holders[0])
	}
}
