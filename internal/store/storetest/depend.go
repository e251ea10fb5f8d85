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
		{"a retry has those wait again that it made impossible", testDependRevived},
		{"one that is impossible for another reason stays so", testDependStillImpossible},
		{"one that has run already is left alone by a retry", testDependRanAlready},
		{"a deferred task waits for what was finished and is retried", testDependWithdrawn},
		{"a task that never started waits again when it is retried", testDependRetriedItself},
		{"one call may create a task and what depends on it", testDependInOneCall},
		{"one call names the tasks before by their index", testDependAfter},
		{"a number that the same call gives cannot be guessed", testDependGuessed},
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

func testDependRevived(f *fixture) {
	f.define(0, 0)
	f.create(queued(1)...)
	f.create(after(0))
	f.create(after(1), after(1, 0))
	f.end(failed(0, 0))
	f.wantImpossible(1, 2, 3)
	f.retry(0)
	f.wantStates(map[rush.TaskKey]rush.State{0: rush.Queued, 1: rush.Deferred, 2: rush.Deferred, 3: rush.Deferred})
	f.same("the condition of what was impossible", f.record(3).Condition, []byte(nil))
	f.same("the attempts of what was impossible", f.record(3).Attempts, []rush.AttemptRecord(nil))
	f.same("counts", f.counts(), rush.Counts{Deferred: 3, Queued: 1, Created: 4})

	w := f.register("w1")
	for _, key := range []rush.TaskKey{0, 1, 2, 3} {
		f.same("popped", w.pop().Key, key)
		f.end(finished(key, 0))
	}
	f.same("counts at the end", f.counts(), rush.Counts{Finished: 4, Created: 4})
}

func testDependStillImpossible(f *fixture) {
	f.define(0, 0)
	f.create(queued(3)...)
	f.create(after(0, 1), after(2), after(0, 2), after(0))
	f.end(failed(0, 0), failed(1, 0))
	f.end(store.Done{Key: 6, Condition: condition(rush.ClassCancelled, "by hand")})
	f.check(f.delete(2))
	f.retry(0)
	f.wantImpossible(3, 4, 5)
	f.retry(1)
	f.wantStates(map[rush.TaskKey]rush.State{3: rush.Deferred})
	f.wantImpossible(4, 5)
}

// delete deletes tasks.
func (f *fixture) delete(keys ...rush.TaskKey) error {
	_, err := f.net.Delete(f.Context(), keys)
	return err
}

func testDependRanAlready(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	f.create(queued(1)...)
	f.create(after(0), after(0), after(0))
	f.end(finished(0, 0))
	f.same("popped", w.pop().Key, rush.TaskKey(1))
	f.same("popped", w.pop().Key, rush.TaskKey(2))
	w.finish(1)
	f.retry(0)
	f.wantStates(map[rush.TaskKey]rush.State{0: rush.Queued, 1: rush.Finished, 2: rush.Running, 3: rush.Queued})
	f.retry(1) // it had all that it waited for when it ran
	f.wantStates(map[rush.TaskKey]rush.State{1: rush.Queued})
}

func testDependWithdrawn(f *fixture) {
	f.define(0, 0)
	f.create(queued(2)...)
	f.create(after(0, 1))
	f.end(finished(0, 0))
	f.retry(0)
	f.end(finished(1, 0))
	f.wantStates(map[rush.TaskKey]rush.State{2: rush.Deferred})
	f.end(finished(0, 0))
	f.wantStates(map[rush.TaskKey]rush.State{2: rush.Queued})
}

func testDependRetriedItself(f *fixture) {
	f.define(0, 0)
	f.create(queued(1)...)
	f.create(after(0), after(0))
	f.end(store.Done{Key: 1, Condition: condition(rush.ClassCancelled, "by hand")})
	f.retry(1)
	f.wantStates(map[rush.TaskKey]rush.State{1: rush.Deferred})
	f.end(failed(0, 0))
	f.wantImpossible(1, 2)
	ignore := store.RetryOptions{IgnoreLimit: true}
	f.wantTaskErr("retry what is impossible", f.net.Retry(f.Context(), span(1, 1), ignore), rush.ErrState, 1)
	f.retry(2, 0)
	f.wantStates(map[rush.TaskKey]rush.State{0: rush.Queued, 1: rush.Deferred, 2: rush.Deferred})
	f.end(finished(0, 1))
	f.same("queue", f.keys(rush.Queued), span(1, 2))
}

// behind returns a task that waits for ones before it in the same call.
func behind(indexes ...int) store.NewTask {
	return store.NewTask{XS: encode("x", "behind"), After: indexes}
}

func testDependAfter(f *fixture) {
	f.define(0, 2)
	f.create(queued(1)...)
	both := behind(0, 2, 1)
	both.DependsOn = span(2, 1)
	row := store.NewTask{Fixed: true, Key: 1}
	tasks := []store.NewTask{{}, row, behind(0), both, behind(3)}
	for range 2 { // the repeat gives the same
		keys, err := f.net.Create(f.Context(), tasks, "a batch")
		f.check(err)
		f.same("numbers", keys, []rush.TaskKey{3, 1, 4, 5, 6})
	}
	f.same("what it waits for", f.record(5).DependsOn, []rush.TaskKey{2, 3, 4, 1})
	f.wantStates(map[rush.TaskKey]rush.State{3: rush.Queued, 1: rush.Queued, 4: rush.Deferred, 5: rush.Deferred, 6: rush.Deferred})
	for _, key := range []rush.TaskKey{2, 3, 4, 1, 5} {
		f.end(finished(key, 0))
	}
	f.wantStates(map[rush.TaskKey]rush.State{5: rush.Finished, 6: rush.Queued})

	failing := []store.NewTask{{State: rush.Failed, Condition: condition(rush.ClassError, "no")}, behind(0), behind(1)}
	f.create(failing...)
	f.wantImpossible(8, 9)
	for _, wrong := range [][]store.NewTask{{behind(0)}, {{}, behind(1)}, {{}, behind(-1)}} {
		if _, err := f.net.Create(f.Context(), wrong, uniqueNonce(1)); err == nil {
			f.Errorf("%+v were created", wrong)
		}
	}
	f.same("tasks created", f.counts().Created, int64(9))
}

// Somebody else may create a task in between, which then has the number.
func testDependGuessed(f *fixture) {
	f.define(0, 0)
	f.create(queued(1)...)
	_, err := f.net.Create(f.Context(), []store.NewTask{{}, after(1)}, uniqueNonce(1))
	f.wantTaskErr("depend on a guessed number", err, rush.ErrNoTask, 1)
	f.same("tasks created", f.counts().Created, int64(1))
}

func testDependInOneCall(f *fixture) {
	f.define(0, 3)
	child := after(1)
	child.Fixed, child.Key = true, 2
	f.create(store.NewTask{Fixed: true, Key: 1}, child)
	f.wantStates(map[rush.TaskKey]rush.State{1: rush.Queued, 2: rush.Deferred})
	f.end(finished(1, 0))
	f.wantStates(map[rush.TaskKey]rush.State{2: rush.Queued})
}
