package storetest

import (
	"testing"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// RunLarge tests a store with as many tasks as show whether a verb looks at
// more of them than it has to: a driver that does so takes minutes.
func RunLarge(t *testing.T, open Opener) {
	t.Helper()
	for _, tc := range []test{
		{"a chain of 10,000", testDependChain},
		{"a chain of 10,000 in one call", testDependAfterChain},
		{"10,000 that one waits for, and 10,000 that wait for one", testDependFans},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			tc.run(newFixture(t, open))
		})
	}
}

// manyDependents is how many tasks there are where each step must not look at
// all of them.
const manyDependents = 10_000

func testDependChain(f *fixture) {
	f.define(0, manyDependents+1)
	chain := make([]store.NewTask, manyDependents+1)
	for i := range chain {
		chain[i] = store.NewTask{Fixed: true, Key: rush.TaskKey(i)}
		if i > 0 {
			chain[i].DependsOn = span(rush.TaskKey(i-1), 1)
		}
	}
	f.create(chain...)
	f.end(failed(0, 0))
	f.same("counts when the first failed", f.counts(), rush.Counts{Failed: manyDependents + 1, Created: manyDependents + 1})
	f.retry(0)
	f.same("counts when it was retried", f.counts(), rush.Counts{Queued: 1, Deferred: manyDependents, Created: manyDependents + 1})
	var done []store.Done
	for key := range rush.TaskKey(manyDependents + 1) {
		done = append(done, finished(key, 0))
	}
	f.end(done...)
	f.same("counts", f.counts(), rush.Counts{Finished: manyDependents + 1, Created: manyDependents + 1})
}

// testDependAfterChain creates more in one call than a driver creates in one
// step; each waits for the one before it, and the last for the first, too.
func testDependAfterChain(f *fixture) {
	f.define(0, 0)
	chain := make([]store.NewTask, manyDependents)
	for i := range chain[1:] {
		chain[i+1] = behind(i)
	}
	last := manyDependents - 1
	chain[last].After = append(chain[last].After, 0)
	for range 2 { // the repeat gives the same
		keys, err := f.net.Create(f.Context(), chain, "a chain")
		f.check(err)
		f.same("numbers", keys, span(0, manyDependents))
	}
	f.same("counts", f.counts(), rush.Counts{Queued: 1, Deferred: manyDependents - 1, Created: manyDependents})
	f.same("what the last waits for", f.record(rush.TaskKey(last)).DependsOn, []rush.TaskKey{rush.TaskKey(last - 1), 0})
	f.end(finished(0, 0))
	f.same("queue", f.keys(rush.Queued), span(1, 1))
}

func testDependFans(f *fixture) {
	f.define(0, 0)
	f.create(queued(manyDependents)...)
	all := span(0, manyDependents)
	f.create(after(all...))
	last := rush.TaskKey(manyDependents)
	fan := make([]store.NewTask, manyDependents)
	for i := range fan {
		fan[i] = after(last)
	}
	f.create(fan...)
	var done []store.Done
	for _, key := range all { // from the last to the first
		done = append(done, finished(last-1-key, 0))
	}
	f.end(done[1:]...)
	f.wantStates(map[rush.TaskKey]rush.State{last: rush.Deferred})
	f.end(done[0])
	f.wantStates(map[rush.TaskKey]rush.State{last: rush.Queued})
	f.end(failed(last, 0))
	f.same("failed", f.counts().Failed, int64(len(f.keys(rush.Failed))))
	f.retry(last)
	f.end(finished(last, 0))
	f.same("deferred", f.counts().Deferred, int64(0))
}
