package storetest

import (
	"errors"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

func retryTests() []test {
	return []test{
		{"an ended task goes to the front with the next attempt", testRetryQueues},
		{"the ending is withdrawn in the log", testRetryWithdraws},
		{"the limit counts unless it is ignored", testRetryLimit},
		{"none is retried if one is refused", testRetryAllOrNone},
		{"a new seed replaces the old one", testRetrySeeds},
		{"what is known of the attempt moves to the attempts", testRetryAttempts},
	}
}

// retry queues ended tasks again, whatever their limit.
func (f *fixture) retry(keys ...rush.TaskKey) {
	f.Helper()
	if err := f.net.Retry(f.Context(), keys, store.RetryOptions{IgnoreLimit: true}); err != nil {
		f.Fatalf("retry %v: %v", keys, err)
	}
}

// wantTaskErr reports an error that is not want or does not name the task.
func (f *fixture) wantTaskErr(what string, err, want error, key rush.TaskKey) {
	f.Helper()
	f.wantErr(what, err, want)
	var te *rush.TaskError
	if !errors.As(err, &te) || te.Key != key {
		f.Errorf("%s: the error %v is not a TaskError of task %d", what, err, key)
	}
}

func testRetryQueues(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	f.create(queued(3)...)
	f.create(in("high", 2)...)
	w.finish(w.pop().Key, w.pop().Key)
	f.end(finished(3, 0))
	f.retry(1, 0, 3)
	f.same("popped", w.drain("high", ""), []rush.TaskKey{3, 4, 1, 0, 2})
	f.same("attempt of what was taken before", f.record(1).Attempt, 2)
	f.same("attempt of what was not", f.record(3).Attempt, 1)
	f.same("attempts of what was taken before", len(f.record(1).Attempts), 1)
}

func testRetryWithdraws(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	f.create(running(2, "w1")...)
	w.finish(0)
	f.end(failed(1, 1))
	f.retry(1, 0)
	w.pop()
	w.wantOutcomes([]store.Done{failed(1, 2)}, store.Applied)
	f.same("log", f.log(), []rush.Ending{
		{Key: 0, Attempt: 1, State: rush.Finished}, {Key: 1, Attempt: 1, State: rush.Failed},
		{Key: 1, Attempt: 1}, {Key: 0, Attempt: 1},
		{Key: 1, Attempt: 2, State: rush.Failed},
	})
	f.same("counts", f.counts(), rush.Counts{Queued: 1, Failed: 1, Created: 2})
}

func testRetryLimit(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	f.create(store.NewTask{Options: rush.Options{MaxRetries: 1}})
	retry := func(ignore bool) error {
		return f.net.Retry(f.Context(), span(0, 1), store.RetryOptions{IgnoreLimit: ignore})
	}
	w.finish(w.pop().Key)
	f.check(retry(false))
	w.pop()
	w.wantOutcomes([]store.Done{failed(0, 2)}, store.Applied)
	f.wantTaskErr("retry without retries left", retry(false), rush.ErrState, 0)
	f.wantStates(map[rush.TaskKey]rush.State{0: rush.Failed})
	f.check(retry(true))
	f.same("attempt", w.pop().Attempt, 3)
}

func testRetryAllOrNone(f *fixture) {
	f.define(0, 0)
	f.create(queued(2)...)
	f.end(failed(0, 0))
	ignore := store.RetryOptions{IgnoreLimit: true}
	f.wantTaskErr("retry a queued task", f.net.Retry(f.Context(), []rush.TaskKey{0, 1}, ignore), rush.ErrState, 1)
	f.wantTaskErr("retry an unknown task", f.net.Retry(f.Context(), []rush.TaskKey{0, 99}, ignore), rush.ErrNoTask, 99)
	f.wantStates(map[rush.TaskKey]rush.State{0: rush.Failed, 1: rush.Queued})
	f.same("length of the log", len(f.log()), 1)
}

func testRetrySeeds(f *fixture) {
	f.define(0, 0)
	old, fresh := []int32{10407, 1, 2, 3, 4, 5, 6}, []int32{10407, -1, -2, -3, -4, -5, -6}
	f.create(store.NewTask{Options: rush.Options{Seed: old}}, store.NewTask{Options: rush.Options{Seed: old}})
	f.end(failed(0, 0), failed(1, 0))
	f.check(f.net.Retry(f.Context(), span(0, 1), store.RetryOptions{IgnoreLimit: true, Seeds: [][]int32{fresh}}))
	f.retry(1)
	f.same("the new seed", f.record(0).Seed, fresh)
	f.same("the kept seed", f.record(1).Seed, old)
}

func testRetryAttempts(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	f.create(store.NewTask{XS: encode("x", 0), XSExtra: encode("by", "hand")})
	w.pop()
	done := finished(0, 1)
	done.YSExtra = encode("note", "first")
	w.wantOutcomes([]store.Done{done}, store.Applied)
	first := f.record(0)
	f.retry(0)
	f.same("record", f.record(0), rush.Record{
		State: rush.Queued, XS: first.XS, XSExtra: first.XSExtra, Attempt: 2, Created: first.Created,
		Attempts: []rush.AttemptRecord{{
			Number: 1, Worker: "w1", YS: done.YS, YSExtra: done.YSExtra, Started: first.Started, Finished: first.Finished,
		}},
	})
}
