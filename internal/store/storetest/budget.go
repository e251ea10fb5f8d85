package storetest

import (
	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

func budgetTests() []test {
	return []test{
		{"each way of starting takes from it", testBudgetTakes},
		{"a task that never started takes nothing", testBudgetFree},
		{"deleting gives nothing back", testBudgetDelete},
		{"a retry takes nothing", testBudgetRetry},
		{"a queued task beyond it is passed over", testBudgetPassesOver},
		{"it can be raised", testBudgetRaised},
		{"a claim is part of it", testBudgetClaim},
		{"many claim exactly as many numbers", testBudgetClaimRace},
		{"many start exactly as many tasks", testBudgetStartRace},
	}
}

// wantExhausted reports a step that got something or was not told why not.
func (w *worker) wantExhausted(s store.Step) store.Turn {
	w.Helper()
	turn := w.step(s)
	w.wantNothing(turn)
	if !turn.Exhausted {
		w.Errorf("got %+v, want it exhausted", turn)
	}
	return turn
}

// wantRoom reports a step that got nothing or was told that the budget is
// used up.
func (w *worker) wantRoom(s store.Step) {
	w.Helper()
	if turn := w.step(s); turn.Exhausted || turn.Task == nil && turn.Created == rush.NoTask && turn.Claimed == rush.NoTask {
		w.Errorf("got %+v, want something and room for more", turn)
	}
}

func testBudgetTakes(f *fixture) {
	f.define(5, 0)
	w := f.register("w1")
	f.create(queued(3)...)
	f.create(running(1, "w1")...)
	w.wantRoom(store.Step{Pop: true})
	w.wantRoom(store.Step{Propose: proposal(rush.NoTask)})
	w.wantRoom(store.Step{Claim: true})
	if turn := w.step(store.Step{Propose: proposal(rush.NoTask)}); turn.Created == rush.NoTask || !turn.Exhausted {
		w.Errorf("the last: got %+v, want it created and the budget exhausted", turn)
	}
	w.wantExhausted(store.Step{Pop: true})
	w.wantExhausted(store.Step{Propose: proposal(rush.NoTask)})
	w.wantExhausted(store.Step{Claim: true})
	w.wantExhausted(store.Step{Pop: true, Propose: proposal(rush.NoTask), Claim: true})
	f.same("counts", f.counts(), rush.Counts{Queued: 2, Running: 4, Created: 6, Claimed: 1})
	budget, err := f.net.Budget(f.Context())
	f.check(err)
	f.same("budget", budget, rush.Budget{Limit: 5, Taken: 5})
}

func testBudgetFree(f *fixture) {
	f.define(1, 0)
	w := f.register("w1")
	f.create(store.NewTask{State: rush.Finished, YS: encode("y", 0)}, store.NewTask{}, store.NewTask{})
	f.end(failed(1, 0))
	f.same("popped", w.pop().Key, rush.TaskKey(2))
	w.wantExhausted(store.Step{Claim: true})
}

func testBudgetDelete(f *fixture) {
	f.define(2, 0)
	w := f.register("w1")
	w.finish(w.propose(rush.NoTask))
	f.create(queued(1)...)
	n, err := f.net.Delete(f.Context(), span(0, 2))
	f.check(err)
	f.same("deleted", n, 2)
	w.propose(rush.NoTask)
	w.wantExhausted(store.Step{Claim: true})
}

func testBudgetRetry(f *fixture) {
	f.define(1, 0)
	w := f.register("w1")
	w.finish(w.propose(rush.NoTask))
	f.check(f.net.Retry(f.Context(), span(0, 1), store.RetryOptions{IgnoreLimit: true}))
	if turn := w.step(store.Step{Pop: true}); turn.Task == nil || turn.Task.Attempt != 2 {
		f.Errorf("got %+v, want the second attempt of task 0", turn)
	}
	w.wantExhausted(store.Step{Claim: true})
}

// testBudgetPassesOver has tasks that never started wait in front of one that
// did: in the worker's own queue, and released by another task's end.
func testBudgetPassesOver(f *fixture) {
	f.define(2, 0)
	w := f.register("w1")
	f.same("numbers", []rush.TaskKey{w.propose(rush.NoTask), w.propose(rush.NoTask)}, span(0, 2))
	f.create(after(1))
	f.create(store.NewTask{Options: rush.Options{Queue: "w1"}})
	w.finish(0)
	f.check(f.net.Retry(f.Context(), span(0, 1), store.RetryOptions{IgnoreLimit: true}))
	w.finish(1)
	f.same("popped", w.pop().Key, rush.TaskKey(0))
	f.same("left", ascending(f.keys(rush.Queued)), span(2, 2))
	w.wantExhausted(store.Step{Pop: true})
}

func testBudgetRaised(f *fixture) {
	f.define(1, 0)
	w := f.register("w1")
	w.claim()
	w.wantExhausted(store.Step{Claim: true})
	f.redefine(1, 2, 0)
	w.claim()
	w.wantExhausted(store.Step{Claim: true})
	f.redefine(2, 0, 0)
	w.wantRoom(store.Step{Claim: true})
	f.redefine(3, 1, 0)
	w.wantExhausted(store.Step{Claim: true})
	f.redefine(4, -1, 0)
	w.wantRoom(store.Step{Claim: true})
}

func testBudgetClaim(f *fixture) {
	f.define(2, 0)
	w := f.register("w1")
	first, second := w.claim(), w.claim()
	f.same("proposed", w.propose(second), second)
	f.same("proposed", w.propose(first), first)
	w.wantExhausted(store.Step{Propose: proposal(rush.NoTask)})
}

func testBudgetClaimRace(f *fixture) {
	const limit, reserved, workers = 300, 7, 64
	f.define(limit, reserved)
	f.same("numbers", ascending(f.each(workers, proposeAll)), span(reserved, limit))
	f.same("counts", f.counts(), rush.Counts{Finished: limit, Created: limit})
}

func testBudgetStartRace(f *fixture) {
	const limit, tasks, workers = 100, 130, 16
	f.define(limit, 0)
	f.create(queued(tasks)...)
	f.same("popped", ascending(f.each(workers, popAll)), span(0, limit))
	f.same("left", f.keys(rush.Queued), span(limit, tasks-limit))
}
