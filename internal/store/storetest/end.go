package storetest

import (
	"fmt"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

func endTests() []test {
	return []test{
		{"a task can be ended from every state", testEndStates},
		{"what is delivered is kept", testEndKeeps},
		{"the same again is applied, and changes nothing", testEndTwice},
		{"an unknown task is not found", testEndNotFound},
		{"a task is retried while it has retries left", testEndRetried},
		{"a retry asked for again is not another retry", testEndRetriedTwice},
		{"a task is queued again whatever retries it has left", testEndRequeued},
		{"what a worker ran is queued again whatever retries it has left", testEndRequeuedWithWorker},
		{"only a failure is retried", testEndRetryFinish},
		{"earlier attempts are kept", testEndAttempts},
		{"the first of many writers wins", testEndRace},
	}
}

// wantEnd ends tasks and reports outcomes that are others.
func (f *fixture) wantEnd(done []store.Done, want ...store.Outcome) {
	f.Helper()
	f.same(fmt.Sprintf("outcomes of %d endings", len(done)), f.end(done...), want)
}

func testEndStates(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	f.create(running(2, "w1")...)
	f.create(queued(3)...)
	f.create(after(4), after(4))
	f.wantEnd([]store.Done{finished(0, 1), failed(1, 0), finished(2, 0), failed(3, 0), finished(5, 0), failed(6, 0)},
		store.Applied, store.Applied, store.Applied, store.Applied, store.Applied, store.Applied)
	f.wantStates(map[rush.TaskKey]rush.State{
		0: rush.Finished, 1: rush.Failed, 2: rush.Finished, 3: rush.Failed, 5: rush.Finished, 6: rush.Failed,
	})
	f.same("what the worker runs", len(f.list()[w.id].Running), 0)
	f.same("queue", f.keys(rush.Queued), span(4, 1))
	f.same("log", f.log(), []rush.Ending{
		{Key: 0, Attempt: 1, State: rush.Finished}, {Key: 1, Attempt: 1, State: rush.Failed},
		{Key: 2, State: rush.Finished}, {Key: 3, State: rush.Failed}, {Key: 5, State: rush.Finished}, {Key: 6, State: rush.Failed},
	})
}

func testEndKeeps(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	f.create(running(2, "w1")...)
	good, bad := finished(0, 1), failed(1, 1)
	good.YSExtra, bad.YSExtra = encode("note", "good"), encode("note", "bad")
	good.Spent = rush.Spent{Proposing: 1e3, Waiting: 2e3, Evaluating: 3e9, Storing: 4e3}
	bad.Spent = rush.Spent{Evaluating: 5e3}
	w.wantOutcomes([]store.Done{good, bad}, store.Applied, store.Applied)
	r := f.records(0, 1)
	if r[0].Finished < r[0].Started || r[1].Finished < r[1].Started {
		f.Errorf("the tasks finished before they started: %+v", r)
	}
	f.same("records", r, []rush.Record{
		{
			Key: 0, State: rush.Finished, XS: encode("x", 0), YS: good.YS, YSExtra: good.YSExtra, Worker: "w1", Attempt: 1,
			Created: r[0].Created, Started: r[0].Started, Finished: r[0].Finished, Spent: good.Spent,
		},
		{
			Key: 1, State: rush.Failed, XS: encode("x", 1), YSExtra: bad.YSExtra, Condition: bad.Condition, Worker: "w1", Attempt: 1,
			Created: r[1].Created, Started: r[1].Started, Finished: r[1].Finished, Spent: bad.Spent,
		},
	})
}

func testEndTwice(f *fixture) {
	f.define(0, 0)
	f.register("w1")
	f.create(running(2, "w1")...)
	f.create(queued(1)...)
	for _, done := range []store.Done{finished(0, 1), failed(1, 1), finished(2, 0)} {
		f.wantEnd([]store.Done{done}, store.Applied)
		before := f.record(done.Key)
		f.wantEnd([]store.Done{done, done}, store.Applied, store.Applied)
		f.same("record after the repeat", f.record(done.Key), before)
	}
	f.same("length of the log", len(f.log()), 3)
}

func testEndNotFound(f *fixture) {
	f.define(0, 3)
	f.create(queued(1)...)
	f.wantEnd([]store.Done{finished(0, 0), finished(3, 0), finished(4, 1)}, store.NotFound, store.Applied, store.NotFound)
	f.same("counts", f.counts(), rush.Counts{Finished: 1, Created: 1})
}

func testEndRetried(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	f.create(store.NewTask{XS: encode("x", 0), Options: rush.Options{MaxRetries: 2}})
	f.create(queued(1)...)
	for attempt := 1; attempt <= 2; attempt++ {
		f.same("popped", w.pop().Key, rush.TaskKey(0))
		w.wantOutcomes([]store.Done{retried(0, attempt)}, store.Retried)
		f.same("queue", f.keys(rush.Queued), span(0, 2))
		f.same("length of the log", len(f.log()), 0)
	}
	f.same("attempt", w.pop().Attempt, 3)
	w.wantOutcomes([]store.Done{retried(0, 3)}, store.Applied)
	f.same("log", f.log(), []rush.Ending{{Key: 0, Attempt: 3, State: rush.Failed}})
}

func testEndRetriedTwice(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	f.create(store.NewTask{XS: encode("x", 0), Options: rush.Options{MaxRetries: 1}})
	w.pop()
	w.wantOutcomes([]store.Done{retried(0, 1)}, store.Retried)
	w.wantOutcomes([]store.Done{retried(0, 1)}, store.Retried)
	f.same("attempt of the popped task", w.pop().Attempt, 2)
	w.wantOutcomes([]store.Done{retried(0, 1)}, store.Retried)
	w.wantOutcomes([]store.Done{retried(0, 2)}, store.Applied)
	w.wantOutcomes([]store.Done{retried(0, 2)}, store.Applied)
	w.wantOutcomes([]store.Done{retried(0, 1)}, store.Retried)
	f.same("length of the log", len(f.log()), 1)
	f.same("late results", len(f.record(0).Late), 0)
	f.retry(0)
	// What an attempt came to does not depend on what its Done asks for now.
	w.wantOutcomes([]store.Done{failed(0, 1), retried(0, 2)}, store.Retried, store.Applied)
}

func testEndRequeued(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	f.create(queued(2)...)
	d := failed(0, 1)
	d.Requeue = true
	f.same("popped", w.pop().Key, rush.TaskKey(0))
	w.wantOutcomes([]store.Done{d}, store.Retried)
	w.wantOutcomes([]store.Done{d}, store.Retried) // as after a lost reply
	f.same("queue", f.keys(rush.Queued), span(0, 2))
	f.same("length of the log", len(f.log()), 0)
	f.wantEnd([]store.Done{{Key: 1, Condition: d.Condition, Requeue: true}}, store.Applied) // it did not run
	f.same("attempt", w.pop().Attempt, 2)
	f.wantEnd([]store.Done{{Key: 0, Condition: d.Condition, Requeue: true}}, store.Retried) // by somebody else
	f.same("attempt", w.pop().Attempt, 3)
	w.wantOutcomes([]store.Done{retried(0, 3)}, store.Applied)
}

func testEndRequeuedWithWorker(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	f.create(queued(3)...)
	w.pop()
	w.pop()
	end := store.WorkerEnd{ID: "w1", State: rush.WorkerTerminated, Reason: "test", Condition: condition(rush.ClassLost, "gone"), Requeue: true}
	for range 2 { // the second as after a lost reply
		if _, err := f.net.EndWorker(f.Context(), end); err != nil {
			f.Fatal(err)
		}
	}
	f.same("queue", f.keys(rush.Queued), span(0, 3))
	f.same("attempts", []int{f.record(0).Attempt, f.record(1).Attempt, f.record(2).Attempt}, []int{2, 2, 0})
	f.same("condition", f.record(1).Attempts[0].Condition, end.Condition)
}

func testEndRetryFinish(f *fixture) {
	f.define(0, 0)
	f.create(store.NewTask{Options: rush.Options{MaxRetries: 2}})
	d := finished(0, 0)
	d.Retry = true
	f.wantEnd([]store.Done{d}, store.Applied)
	f.wantStates(map[rush.TaskKey]rush.State{0: rush.Finished})
}

func testEndAttempts(f *fixture) {
	f.define(0, 0)
	w1, w2 := f.register("w1"), f.register("w2")
	f.create(store.NewTask{XS: encode("x", 0), Options: rush.Options{MaxRetries: 2}})
	first := w1.pop()
	done := retried(0, 1)
	done.YSExtra = encode("note", "first")
	w1.wantOutcomes([]store.Done{done}, store.Retried)
	between := f.record(0)
	f.same("record while it waits", between, rush.Record{
		State: rush.Queued, XS: encode("x", 0), Attempt: 2, Attempts: between.Attempts,
		Options: rush.Options{MaxRetries: 2}, Created: first.Created,
	})
	w2.pop()
	w2.wantOutcomes([]store.Done{finished(0, 2)}, store.Applied)
	r := f.record(0)
	if len(r.Attempts) != 1 || r.Attempts[0].Finished < first.Started || r.Started < r.Attempts[0].Finished {
		f.Fatalf("got attempts %+v before one that started at %d", r.Attempts, r.Started)
	}
	f.same("attempts", r.Attempts, []rush.AttemptRecord{{
		Number: 1, Worker: "w1", YSExtra: done.YSExtra, Condition: done.Condition, Started: first.Started, Finished: r.Attempts[0].Finished,
	}})
	if r.Worker != "w2" || r.Attempt != 2 || r.Condition != nil || r.State != rush.Finished {
		f.Errorf("got %+v, want it finished in attempt 2 by w2", r)
	}
}

// testEndRace has many finish the same tasks with different results.
func testEndRace(f *fixture) {
	const tasks, writers = 20, 8
	f.define(0, 0)
	f.create(queued(tasks)...)
	var applied atomic.Int64
	var g errgroup.Group
	for i := range writers {
		n := f.other()
		g.Go(func() error {
			for key := range rush.TaskKey(tasks) {
				outcomes, err := n.End(f.Context(), []store.Done{{Key: key, YS: encode("y", i)}})
				if err != nil {
					return err
				}
				if outcomes[0] == store.Applied {
					applied.Add(1)
				} else if outcomes[0] != store.Late {
					return fmt.Errorf("task %d: got outcome %d, want applied or late", key, outcomes[0])
				}
			}
			return nil
		})
	}
	f.check(g.Wait())
	f.same("endings applied", applied.Load(), int64(tasks))
	f.same("length of the log", len(f.log()), tasks)
	f.same("late results of a task", len(f.record(0).Late), writers-1)
}
