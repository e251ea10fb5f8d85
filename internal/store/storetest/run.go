package storetest

import (
	"context"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

func runTests() []test {
	return []test{
		{"a run begins and ends", testRunBeginsAndEnds},
		{"ending what does not run changes nothing", testRunEndsOnce},
		{"elapsed adds up the legs", testRunLegs},
		{"a leg without an end counts up to the last sign of life", testRunCutShort},
		{"a leg joins a run that is alive", testRunJoins},
		{"a stop request hands nothing out", testRunStop},
		{"the first stop request stays", testRunFirstStop},
		{"beginning takes a stop request back", testRunTakesBack},
	}
}

// run reads the state of the run.
func (f *fixture) run() rush.Run {
	f.Helper()
	return f.leg(f.net.Run)
}

// leg calls BeginRun or Run.
func (f *fixture) leg(verb func(ctx context.Context) (rush.Run, error)) rush.Run {
	f.Helper()
	run, err := verb(f.Context())
	f.check(err)
	return run
}

func (f *fixture) endRun(status rush.RunStatus, reason string) rush.Run {
	f.Helper()
	run, err := f.net.EndRun(f.Context(), status, reason)
	f.check(err)
	return run
}

func (f *fixture) requestStop(reason string) {
	f.Helper()
	f.check(f.net.RequestStop(f.Context(), rush.RunInterrupted, reason))
}

func testRunBeginsAndEnds(f *fixture) {
	f.define(0, 0)
	f.same("a new run", f.run(), rush.Run{})
	begun := f.leg(f.net.BeginRun)
	if begun.Status != rush.RunRunning || begun.Started.IsZero() || !begun.Ended.IsZero() {
		f.Errorf("begun: got %+v, want a running run that has started and not ended", begun)
	}
	f.eventually("elapsed grows", func() bool { return f.run().Elapsed > begun.Elapsed })

	ended := f.endRun(rush.RunDone, "all is done")
	if ended.Status != rush.RunDone || ended.Reason != "all is done" || ended.Ended.Before(ended.Started) || ended.Elapsed <= 0 {
		f.Errorf("ended: got %+v, want a run that is done and took some time", ended)
	}
	f.same("started", ended.Started, begun.Started)
	f.same("the run, read after its end", f.run(), ended)
}

func testRunEndsOnce(f *fixture) {
	f.define(0, 0)
	f.same("end of a new run", f.endRun(rush.RunFailed, "too early"), rush.Run{})
	f.leg(f.net.BeginRun)
	ended := f.endRun(rush.RunDone, "first")
	f.same("end of an ended run", f.endRun(rush.RunFailed, "second"), ended)
	f.same("the run", f.run(), ended)
}

func testRunLegs(f *fixture) {
	f.define(0, 0)
	f.leg(f.net.BeginRun)
	f.eventually("the first leg takes some time", func() bool { return f.run().Elapsed > 0 })
	first := f.endRun(rush.RunInterrupted, "first")
	second := f.leg(f.net.BeginRun)
	if second.Status != rush.RunRunning || second.Reason != "" || second.Elapsed < first.Elapsed {
		f.Errorf("second leg: got %+v after %+v", second, first)
	}
	f.eventually("the second leg adds to the first", func() bool { return f.run().Elapsed > first.Elapsed })
	both := f.endRun(rush.RunDone, "second")
	if legs := first.Elapsed + both.Ended.Sub(both.Started); (both.Elapsed - legs).Abs() > time.Millisecond {
		f.Errorf("elapsed: got %v over both legs, want their sum %v", both.Elapsed, legs)
	}
}

func testRunCutShort(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	first := f.leg(f.net.BeginRun)
	key := w.propose(rush.NoTask)
	f.eventually("the task takes some time", func() bool { return f.run().Elapsed > 5*time.Millisecond })
	w.finish(key)
	w.terminate(false)
	alive := time.UnixMicro(f.record(key).Finished).Sub(first.Started)
	f.eventually("nobody is left for some time", func() bool { return f.run().Elapsed > alive+20*time.Millisecond })

	second := f.leg(f.net.BeginRun)
	if (second.Elapsed - alive).Abs() > 10*time.Millisecond {
		f.Errorf("elapsed: got %v when the second leg began, want about %v up to the last ending of the first", second.Elapsed, alive)
	}
}

func testRunJoins(f *fixture) {
	f.define(0, 0)
	f.register("w1")
	first := f.leg(f.net.BeginRun)
	f.eventually("the leg takes some time", func() bool { return f.run().Elapsed > 2*time.Millisecond })
	second := f.leg(f.net.BeginRun)
	f.same("started", second.Started, first.Started)
	f.same("status", second.Status, rush.RunRunning)
	if second.Elapsed < 2*time.Millisecond {
		f.Errorf("elapsed: got %v after joining, want it to go on", second.Elapsed)
	}
}

func testRunStop(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	key := w.propose(rush.NoTask)
	claimed := w.claim()
	f.create(queued(1)...)
	f.leg(f.net.BeginRun)
	f.requestStop("enough")
	f.same("the run's reason", f.run().Reason, "enough")
	f.same("the run's status", f.run().Status, rush.RunRunning)

	turn := w.step(store.Step{
		Done: []store.Done{finished(key, 1)}, Pop: true, Propose: proposal(claimed), Claim: true, Wait: long,
	})
	f.same("outcomes", turn.Outcomes, []store.Outcome{store.Applied})
	f.wantNothing(turn)
	f.same("stop", turn.Stop, "enough")
	f.same("counts", f.counts(), rush.Counts{Queued: 1, Finished: 1, Created: 2, Claimed: 1})
}

// wantNothing reports what a step got, if it got something.
func (f *fixture) wantNothing(turn store.Turn) {
	f.Helper()
	if turn.Task != nil || turn.Created != rush.NoTask || turn.Claimed != rush.NoTask {
		f.Errorf("got %+v, want nothing to be handed out", turn)
	}
}

func testRunFirstStop(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	f.leg(f.net.BeginRun)
	f.requestStop("first")
	f.check(f.net.RequestStop(f.Context(), rush.RunFailed, "second"))
	f.same("stop", w.step(store.Step{Claim: true}).Stop, "first")
	ended := f.endRun(rush.RunDone, "third")
	f.same("reason", ended.Reason, "first")
	f.same("status", ended.Status, rush.RunInterrupted)
}

func testRunTakesBack(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	f.leg(f.net.BeginRun)
	for _, reason := range []string{"while it runs", "after its end"} {
		f.requestStop(reason)
		if reason == "after its end" {
			f.endRun(rush.RunDone, "done")
		}
		f.same("the reason after it was taken back", f.leg(f.net.BeginRun).Reason, "")
		turn := w.step(store.Step{Claim: true})
		if turn.Stop != "" || turn.Claimed == rush.NoTask {
			f.Errorf("%s: got %+v after the stop request was taken back", reason, turn)
		}
	}
	f.same("the end's reason", f.endRun(rush.RunDone, "new").Reason, "new")
}
