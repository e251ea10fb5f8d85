package storetest

import (
	"context"

	"pgregory.net/rapid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

func progressTests() []test {
	return []test{
		{"the progress of a running task is kept, replaced and cleared", testProgress},
		{"only the attempt that runs has a progress", testProgressAttempt},
		{"the progress stays when the task ends, and goes with a retry", testProgressStays},
		{"a progress wakes who follows the task", testProgressWakes},
		{"an ending wakes who follows the task", testProgressEnds},
	}
}

func (f *fixture) tellProgress(key rush.TaskKey, attempt int, value []byte) {
	f.Helper()
	f.check(f.net.SetProgress(f.Context(), key, attempt, value))
}

// progress reads what AwaitProgress has when it does not wait.
func (f *fixture) progress(key rush.TaskKey) rush.Record {
	f.Helper()
	r, err := f.net.AwaitProgress(f.Context(), rush.Record{Key: key}, 0)
	f.check(err)
	return r
}

// follow starts waiting for news, through a handle of its own.
func (f *fixture) follow(seen rush.Record) *waiter[rush.Record] {
	f.Helper()
	n := f.inUse()
	return wait(f, "who follows the task", func(ctx context.Context) (rush.Record, error) {
		return n.AwaitProgress(ctx, seen, long)
	})
}

func testProgress(f *fixture) {
	f.define(0, 0)
	f.register("w1")
	f.create(running(1, "w1")...)
	for _, value := range [][]byte{encode("half", 1), encode("half", 1), []byte("\xa4done"), nil, {0xc0}} {
		f.tellProgress(0, 1, value)
		f.same("progress", f.record(0).Progress, value)
		f.same("what a follower reads", f.progress(0), rush.Record{Key: 0, State: rush.Running, Attempt: 1, Progress: value})
	}
}

func testProgressAttempt(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	f.create(store.NewTask{Options: rush.Options{MaxRetries: 3}})
	f.wantTaskErr("of a queued task", f.net.SetProgress(f.Context(), 0, 0, encode("a", 1)), rush.ErrState, 0)
	f.wantTaskErr("of no task", f.net.SetProgress(f.Context(), 5, 0, encode("a", 1)), rush.ErrNoTask, 5)
	_, err := f.net.AwaitProgress(f.Context(), rush.Record{Key: 5}, 0)
	f.wantTaskErr("following no task", err, rush.ErrNoTask, 5)
	w.pop()
	w.wantOutcomes([]store.Done{retried(0, 1)}, store.Retried)
	w.pop()
	f.wantTaskErr("of an attempt that is over", f.net.SetProgress(f.Context(), 0, 1, encode("a", 1)), rush.ErrState, 0)
	f.same("progress", f.record(0).Progress, []byte(nil))
	f.tellProgress(0, 0, encode("a", 2))
	f.same("progress of the current one", f.record(0).Progress, encode("a", 2))
}

func testProgressStays(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	f.create(running(1, "w1")...)
	f.tellProgress(0, 1, encode("a", 1))
	w.finish(0)
	f.wantTaskErr("of an ended task", f.net.SetProgress(f.Context(), 0, 1, encode("a", 2)), rush.ErrState, 0)
	f.same("progress", f.record(0).Progress, encode("a", 1))
	f.retry(0)
	f.same("progress after the retry", f.record(0).Progress, []byte(nil))
}

func testProgressWakes(f *fixture) {
	f.define(0, 0)
	f.register("w1")
	f.create(running(2, "w1")...)
	seen := f.progress(0)
	follower := f.follow(seen)
	f.tellProgress(1, 1, encode("of another", 1))
	f.tellProgress(0, 1, encode("a", 1))
	seen.Progress = encode("a", 1)
	f.same("news", follower.woken(), seen)
	follower = f.follow(seen)
	f.tellProgress(0, 1, nil)
	seen.Progress = nil
	f.same("news", follower.woken(), seen)
}

func testProgressEnds(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	f.create(running(1, "w1")...)
	f.tellProgress(0, 1, encode("a", 1))
	seen := f.progress(0)
	follower := f.follow(seen)
	w.finish(0)
	seen.State = rush.Finished
	f.same("news", follower.woken(), seen)
}

// tellSome tells the progress of a task in whatever state.
func (p *player) tellSome(t *rapid.T) {
	key, attempt := p.anyKey(t), rapid.IntRange(0, 2).Draw(t, "attempt")
	value := oneOf(t, "progress", nil, encode("p", 1), encode("p", 2))
	_ = tell(p, t, "set progress", func(n store.Network) error { return n.SetProgress(p.ctx, key, attempt, value) })
}
