package storetest

import (
	"context"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

func pauseTests() []test {
	return []test{
		{"nothing is handed to a worker that is paused", testPauseNext},
		{"a worker may register paused", testPauseRegister},
		{"resuming wakes the worker", testPauseResume},
		{"a worker that waits is paused", testPauseWaiting},
		{"a push wakes another instead of one that is paused", testPausePush},
		{"a stop ends one that is paused", testPauseStop},
		{"only one that is alive is paused", testPauseAlive},
		{"a returned number is room for one that is paused", testPauseReturned},
		{"an interrupt ends a wait", testInterrupt},
	}
}

func (w *worker) pause(paused bool) {
	w.Helper()
	w.check(w.net.SetPaused(w.Context(), w.id, paused))
}

func testPauseNext(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	key, claimed := w.propose(rush.NoTask), w.claim()
	f.create(queued(1)...)
	for range 2 {
		w.pause(true)
	}
	f.same("state", f.list()["w1"].State, rush.WorkerPaused)
	turn := w.step(store.Step{Done: []store.Done{finished(key, 1)}, Pop: true, Propose: proposal(claimed), Claim: true})
	f.same("outcomes", turn.Outcomes, []store.Outcome{store.Applied})
	f.wantNothing(turn)
	f.same("paused", turn.Paused, true)
	f.same("paused in the repeat", w.repeat(store.Step{Pop: true}).Paused, true)
	_, err := f.net.Beat(f.Context(), "w1")
	f.check(err)
	w.pause(false)
	f.same("state", f.list()["w1"].State, rush.WorkerRunning)
	turn = w.step(store.Step{Pop: true})
	f.same("paused", turn.Paused, false)
	f.same("popped", taskKey(turn), rush.TaskKey(2))
}

func testPauseRegister(f *fixture) {
	f.define(0, 0)
	paused := describe("w1")
	paused.State = rush.WorkerPaused
	w := f.registerAs(paused)
	f.create(queued(1)...)
	f.same("state", f.list()["w1"].State, rush.WorkerPaused)
	f.same("paused", w.step(store.Step{Pop: true}).Paused, true)
}

func testPauseResume(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	f.create(queued(1)...)
	w.pause(true)
	next := w.next(store.Step{Pop: true})
	w.pause(false)
	f.wantPopped(next.woken(), 0)
}

func testPauseWaiting(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	next := w.next(store.Step{Pop: true, Idle: true})
	w.pause(true)
	f.settle()
	f.create(queued(1)...)
	f.settle()
	f.same("tasks queued", f.counts().Queued, int64(1))
	w.pause(false)
	f.wantPopped(next.woken(), 0)
}

// testPausePush has a worker that is paused wait beside one that is not. Each
// push is for the latter.
func testPausePush(f *fixture) {
	f.define(0, 0)
	paused, other := f.register("w1"), f.register("w2")
	paused.pause(true)
	waiting := paused.next(store.Step{Pop: true, Idle: true})
	for i := range 10 {
		next := other.next(store.Step{Pop: true, Idle: true})
		f.create(queued(1)...)
		f.wantPopped(next.woken(), rush.TaskKey(i))
	}
	f.create(queued(1)...)
	paused.pause(false)
	f.wantPopped(waiting.woken(), 10)
}

func testPauseStop(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	w.pause(true)
	next := w.next(store.Step{Pop: true, Idle: true})
	f.signal(rush.SignalTerminate, "w1")
	f.same("stop", next.woken().Stop, string(rush.SignalTerminate))
}

func testPauseAlive(f *fixture) {
	f.define(0, 0)
	f.register("ended").terminate(false)
	for _, id := range []rush.WorkerID{"ended", "unknown"} {
		f.wantErr("pause", f.net.SetPaused(f.Context(), id, true), rush.ErrLost)
	}
	f.same("state", f.list()["ended"].State, rush.WorkerTerminated)
}

// testPauseReturned has the last number of the budget go back when all that are
// left are paused: there is something left to do.
func testPauseReturned(f *fixture) {
	f.define(1, 0)
	lost, w := f.registerMortal("lost"), f.register("w1")
	lost.claim()
	w.pause(true)
	w.wantExhausted(store.Step{Claim: true})
	f.sweep(lost.id)
	turn := w.step(store.Step{Pop: true, Claim: true})
	f.wantNothing(turn)
	f.same("paused, exhausted", []bool{turn.Paused, turn.Exhausted}, []bool{true, false})
	f.same("the repeat's answer", w.repeat(store.Step{Pop: true, Claim: true}), turn)
	w.wantExhausted(store.Step{Pop: true})
	w.wantExhausted(store.Step{Propose: proposal(rush.NoTask), Claim: true})
	w.pause(false)
	f.same("claim", w.claim(), rush.TaskKey(0))
	w.wantExhausted(store.Step{Claim: true})
}

// testInterrupt ends a wait from outside while tasks come. Either it got the
// task, or another can have it.
func testInterrupt(f *fixture) {
	f.define(0, 0)
	w, other := f.register("w1"), f.register("w2")
	for range 20 {
		interrupt := make(chan struct{}, 1)
		w.nonce++
		step := store.Step{Worker: w.id, Nonce: w.nonce, Pop: true, Wait: long, Idle: true, Interrupt: interrupt}
		next := wait(f, "next", func(ctx context.Context) (store.Turn, error) { return f.net.Next(ctx, step) })
		interrupt <- struct{}{}
		key := f.create(queued(1)...)[0]
		turn := next.woken()
		again := w.repeat(store.Step{Pop: true})
		if turn.Task != nil {
			f.same("the repeat's answer", again, turn)
		}
		if again.Task == nil {
			f.same("popped by another", other.pop().Key, key)
		}
	}
	f.same("tasks running", f.counts().Running, int64(20))
}
