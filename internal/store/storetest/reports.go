package storetest

import (
	"sync"

	"pgregory.net/rapid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

func reportTests() []test {
	return []test{
		{"the reports of a running task are kept by step, each once", testReports},
		{"only the attempt that runs reports", testReportsAttempt},
		{"reports stay when the task ends, and with the attempt when it is retried", testReportsStay},
		{"reports at the same time are all kept", testReportsTogether},
		{"reports go with the task", testReportsGo},
	}
}

func (f *fixture) report(key rush.TaskKey, attempt int, step int64, ys []byte) {
	f.Helper()
	f.check(f.net.Report(f.Context(), key, attempt, step, ys))
}

func (f *fixture) wantReports(key rush.TaskKey, want ...rush.ReportRecord) {
	f.Helper()
	f.same("reports", f.record(key).Reports, want)
}

func testReports(f *fixture) {
	f.define(0, 0)
	f.register("w1")
	f.create(running(2, "w1")...)
	at := func(step int64, y any) rush.ReportRecord { return rush.ReportRecord{Step: step, YS: encode("y", y)} }
	f.wantReports(0)
	for _, r := range []rush.ReportRecord{at(3, 0.5), at(7, 0.25), at(7, 0.25), at(3, 0.5)} { // as when a reply was lost
		f.report(0, 1, r.Step, r.YS)
	}
	f.wantReports(0, at(3, 0.5), at(7, 0.25))
	for _, r := range []rush.ReportRecord{at(5, "between"), at(0, nil), at(rush.MaxStep, 1), at(rush.MaxStep-1, 2)} {
		f.report(0, 0, r.Step, r.YS)
	}
	f.wantReports(0, at(0, nil), at(3, 0.5), at(5, "between"), at(7, 0.25), at(rush.MaxStep-1, 2), at(rush.MaxStep, 1))
	for _, r := range []rush.ReportRecord{at(0, 9), at(5, 5), at(rush.MaxStep, 1.5)} {
		f.report(0, 1, r.Step, r.YS)
	}
	f.wantReports(0, at(0, 9), at(3, 0.5), at(5, 5), at(7, 0.25), at(rush.MaxStep-1, 2), at(rush.MaxStep, 1.5))
	f.wantReports(1)
}

func testReportsAttempt(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	f.create(store.NewTask{Options: rush.Options{MaxRetries: 3}})
	ys := encode("y", 1)
	f.wantTaskErr("of a queued task", f.net.Report(f.Context(), 0, 0, 1, ys), rush.ErrState, 0)
	f.wantTaskErr("of no task", f.net.Report(f.Context(), 5, 0, 1, ys), rush.ErrNoTask, 5)
	w.pop()
	w.wantOutcomes([]store.Done{retried(0, 1)}, store.Retried)
	w.pop()
	f.wantTaskErr("of an attempt that is over", f.net.Report(f.Context(), 0, 1, 1, ys), rush.ErrState, 0)
	f.wantReports(0)
	w.wantOutcomes([]store.Done{finished(0, 2)}, store.Applied)
	f.wantTaskErr("of an ended task", f.net.Report(f.Context(), 0, 2, 1, ys), rush.ErrState, 0)
	f.wantReports(0)
}

func testReportsStay(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	f.create(store.NewTask{Options: rush.Options{MaxRetries: 3}})
	first := rush.ReportRecord{Step: 1, YS: encode("y", 1)}
	second := rush.ReportRecord{Step: 1, YS: encode("y", 2)}
	w.pop()
	f.report(0, 1, first.Step, first.YS)
	w.wantOutcomes([]store.Done{retried(0, 1)}, store.Retried)
	f.wantReports(0)
	f.same("reports of the first attempt", f.record(0).Attempts[0].Reports, []rush.ReportRecord{first})
	w.pop()
	f.report(0, 2, second.Step, second.YS)
	w.wantOutcomes([]store.Done{finished(0, 2)}, store.Applied)
	f.wantReports(0, second)
	f.retry(0)
	f.wantReports(0)
	var all [][]rush.ReportRecord
	for _, a := range f.record(0).Attempts {
		all = append(all, a.Reports)
	}
	f.same("reports of the attempts", all, [][]rush.ReportRecord{{first}, {second}})
}

func testReportsTogether(f *fixture) {
	f.define(0, 0)
	f.register("w1")
	f.create(running(1, "w1")...)
	const writers, each = 4, 8
	var all sync.WaitGroup
	for w := range writers {
		n := f.inUse()
		all.Go(func() {
			for i := range each {
				if err := n.Report(f.Context(), 0, 1, int64(i*writers+w), encode("y", w)); err != nil {
					f.Errorf("report: %v", err)
				}
			}
		})
	}
	all.Wait()
	var want []rush.ReportRecord
	for step := range int64(writers * each) {
		want = append(want, rush.ReportRecord{Step: step, YS: encode("y", int(step%writers))})
	}
	f.wantReports(0, want...)
}

func testReportsGo(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	f.create(running(1, "w1")...)
	f.report(0, 1, 1, encode("y", 1))
	w.finish(0)
	f.check(f.net.Reset(f.Context(), true))
	f.define(0, 0)
	f.register("w2")
	f.create(running(1, "w2")...)
	f.wantReports(0)
}

// reportSome reports of a task in whatever state.
func (p *player) reportSome(t *rapid.T) {
	key, attempt := p.anyKey(t), rapid.IntRange(0, 2).Draw(t, "attempt")
	step, ys := rapid.Int64Range(0, 3).Draw(t, "step"), oneOf(t, "ys", encode("y", 1), encode("y", 2))
	_ = tell(p, t, "report", func(n store.Network) error { return n.Report(p.ctx, key, attempt, step, ys) })
}
