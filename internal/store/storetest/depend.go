package storetest

import (
	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/wire"
)

func dependTests() []test {
	return []test{
		{"a deferred task is queued, at the front, when all have finished", testDependReleased},
		{"a deferred task is impossible when one fails", testDependFails},
		{"a deferred task is impossible when one is deleted", testDependDeleted},
		{"a failure is handed down", testDependCascade},
		{"what a lost worker ran fails what depends on it", testDependLost},
		{"a retry keeps what depends on it waiting", testDependRetried},
		{"what has finished already is not waited for", testDependFinished},
		{"what has failed already makes it impossible", testDependFailed},
	}
}

// after returns a task that depends on others.
func after(keys ...rush.TaskKey) store.NewTask {
	return store.NewTask{XS: encode("x", "after"), DependsOn: keys}
}

// wantImpossible reports a task that has not failed as impossible.
func (f *fixture) wantImpossible(keys ...rush.TaskKey) {
	f.Helper()
	for _, r := range f.records(keys...) {
		c, err := wire.DecodeCondition(r.Condition)
		if r.State != rush.Failed || err != nil || c == nil || c.Class != rush.ClassImpossible {
			f.Errorf("task %d is %q with condition %v (%v), want it failed as impossible", r.Key, r.State, c, err)
		}
	}
}

func testDependReleased(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	f.create(queued(2)...)
	f.create(after(0, 1), after(1))
	f.create(queued(1)...)
	w.finish(w.pop().Key)
	f.wantStates(map[rush.TaskKey]rush.State{2: rush.Deferred, 3: rush.Deferred})
	w.pop()
	f.end(finished(1, 1))
	f.wantStates(map[rush.TaskKey]rush.State{2: rush.Queued, 3: rush.Queued})
	queue := f.keys(rush.Queued)
	f.same("the queued tasks", ascending(queue), span(2, 3))
	f.same("the last in the queue", queue[2], rush.TaskKey(4))
	f.same("released", w.pop().Key, queue[0])
	f.same("counts", f.counts(), rush.Counts{Queued: 2, Running: 1, Finished: 2, Created: 5})
}

func testDependFails(f *fixture) {
	f.define(0, 0)
	f.create(queued(2)...)
	f.create(after(0, 1))
	f.end(failed(0, 0))
	f.wantImpossible(2)
	f.end(finished(1, 0))
	f.wantImpossible(2)
	f.same("log", f.log(), []rush.Ending{
		{Key: 0, State: rush.Failed}, {Key: 2, State: rush.Failed}, {Key: 1, State: rush.Finished},
	})
}

func testDependDeleted(f *fixture) {
	f.define(0, 0)
	f.create(queued(1)...)
	f.create(after(0))
	_, err := f.net.Delete(f.Context(), span(0, 1))
	f.check(err)
	f.wantImpossible(1)
}

func testDependCascade(f *fixture) {
	f.define(0, 0)
	f.create(queued(1)...)
	f.create(after(0))
	f.create(after(1), after(1))
	f.create(after(2, 3))
	f.end(failed(0, 0))
	f.wantImpossible(1, 2, 3, 4)
	f.same("counts", f.counts(), rush.Counts{Failed: 5, Created: 5})
	f.same("length of the log", len(f.log()), 5)
}

func testDependLost(f *fixture) {
	f.define(0, 0)
	w := f.registerMortal("w1")
	w.propose(rush.NoTask)
	f.create(after(0))
	f.sweep(w.id)
	f.wantImpossible(1)

	w = f.register("w2")
	key := w.propose(rush.NoTask)
	f.create(after(key))
	w.terminate(false)
	f.wantImpossible(key + 1)
}

func testDependRetried(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	f.create(store.NewTask{Options: rush.Options{MaxRetries: 1}})
	f.create(after(0))
	w.pop()
	w.wantOutcomes([]store.Done{retried(0, 1)}, store.Retried)
	f.wantStates(map[rush.TaskKey]rush.State{0: rush.Queued, 1: rush.Deferred})
	w.pop()
	w.wantOutcomes([]store.Done{finished(0, 2)}, store.Applied)
	f.wantStates(map[rush.TaskKey]rush.State{1: rush.Queued})
}

func testDependFinished(f *fixture) {
	f.define(0, 0)
	f.create(queued(3)...)
	f.end(finished(0, 0))
	f.create(after(0), after(0, 1))
	f.wantStates(map[rush.TaskKey]rush.State{3: rush.Queued, 4: rush.Deferred})
	f.same("queue", f.keys(rush.Queued), span(1, 3))
	f.end(finished(1, 0))
	f.wantStates(map[rush.TaskKey]rush.State{4: rush.Queued})
}

func testDependFailed(f *fixture) {
	f.define(0, 0)
	f.create(queued(2)...)
	f.end(failed(0, 0))
	f.create(after(1, 0))
	f.wantImpossible(2)
	f.create(after(2))
	f.wantImpossible(3)
	f.same("length of the log", len(f.log()), 3)
}
