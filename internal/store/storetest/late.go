package storetest

import (
	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

func lateTests() []test {
	return []test{
		{"another result of an attempt that is over is kept as late", testLateOther},
		{"the result of an earlier attempt is kept as late", testLateAttempt},
		{"a late result is kept once", testLateOnce},
		{"what a lost worker still delivers is kept as late", testLateLost},
		{"the ending that a retry withdrew is no late result", testLateWithdrawn},
	}
}

// wantLate reports the late results of a task, if they are others.
func (f *fixture) wantLate(key rush.TaskKey, want ...rush.LateRecord) {
	f.Helper()
	r := f.record(key)
	for i, l := range r.Late {
		if l.At == 0 {
			f.Errorf("task %d: the time of a late result is not known: %+v", key, l)
		}
		r.Late[i].At = 0
	}
	f.same("late results", r.Late, want)
}

func testLateOther(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	f.create(running(1, "w1")...)
	cancelled := store.Done{Key: 0, Attempt: 1, Condition: condition(rush.ClassCancelled, "not needed")}
	f.wantEnd([]store.Done{cancelled}, store.Applied)
	w.wantOutcomes([]store.Done{finished(0, 1)}, store.Late)
	w.wantOutcomes([]store.Done{failed(0, 1)}, store.Late)
	r := f.record(0)
	f.same("state", r.State, rush.Failed)
	f.same("condition", r.Condition, cancelled.Condition)
	f.wantLate(0,
		rush.LateRecord{Attempt: 1, Worker: "w1", YS: encode("y", 0)},
		rush.LateRecord{Attempt: 1, Worker: "w1", Condition: failed(0, 1).Condition})
	f.same("length of the log", len(f.log()), 1)
}

func testLateAttempt(f *fixture) {
	f.define(0, 0)
	w := f.registerMortal("lost")
	f.create(store.NewTask{Options: rush.Options{MaxRetries: 1}})
	w.pop()
	f.sweep(w.id)
	f.wantEnd([]store.Done{finished(0, 1)}, store.Late)
	f.wantStates(map[rush.TaskKey]rush.State{0: rush.Queued})
	f.register("w2").pop()
	f.wantEnd([]store.Done{failed(0, 1)}, store.Late)
	f.wantStates(map[rush.TaskKey]rush.State{0: rush.Running})
	f.same("late results", len(f.record(0).Late), 2)
	f.wantEnd([]store.Done{finished(0, 2)}, store.Applied)
}

func testLateOnce(f *fixture) {
	f.define(0, 0)
	f.create(queued(1)...)
	f.wantEnd([]store.Done{failed(0, 0)}, store.Applied)
	for range 3 {
		f.wantEnd([]store.Done{finished(0, 0)}, store.Late)
	}
	f.same("late results", len(f.record(0).Late), 1)
}

func testLateLost(f *fixture) {
	f.define(0, 0)
	w := f.registerMortal("lost")
	key := w.propose(rush.NoTask)
	f.sweep(w.id)
	for range 2 {
		_, err := f.net.Next(f.patient(), store.Step{
			Worker: w.id, Nonce: 2, Done: []store.Done{finished(key, 1)}, Pop: true, Wait: long,
		})
		f.wantErr("next of a lost worker", err, rush.ErrLost)
	}
	f.wantStates(map[rush.TaskKey]rush.State{key: rush.Failed})
	f.wantLate(key, rush.LateRecord{Attempt: 1, Worker: "lost", YS: encode("y", int(key))})
}

func testLateWithdrawn(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	f.create(running(1, "w1")...)
	w.finish(0)
	f.check(f.net.Retry(f.Context(), span(0, 1), store.RetryOptions{IgnoreLimit: true}))
	w.wantOutcomes([]store.Done{finished(0, 1)}, store.Applied)
	w.wantOutcomes([]store.Done{failed(0, 1)}, store.Late)
	f.same("late results", len(f.record(0).Late), 1)
	f.wantStates(map[rush.TaskKey]rush.State{0: rush.Queued})
}
