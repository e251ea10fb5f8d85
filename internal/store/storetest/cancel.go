package storetest

import (
	"context"
	"strings"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/wire"
)

func cancelTests() []test {
	return []test{
		{"queued and deferred ones fail", testCancelQueued},
		{"a running one fails, and its worker is told", testCancelRunning},
		{"what its worker still delivers is late", testCancelLate},
		{"one that has ended is an error that names its state", testCancelEnded},
		{"all are cancelled or none", testCancelAll},
		{"those that depend on one become impossible", testCancelDepends},
		{"it wakes who awaits mail, and readers", testCancelWakes},
	}
}

func cancelled() []byte { return condition(rush.ClassCancelled, "a person cancelled it") }

func (f *fixture) cancel(keys ...rush.TaskKey) []store.Cancelled {
	f.Helper()
	got, err := f.net.Cancel(f.Context(), keys, cancelled())
	f.check(err)
	return got
}

// wantCancelled reports tasks that did not fail as cancelled.
func (f *fixture) wantCancelled(keys ...rush.TaskKey) {
	f.Helper()
	for _, key := range keys {
		r := f.record(key)
		f.same("state of "+key.String(), r.State, rush.Failed)
		f.same("condition of "+key.String(), r.Condition, cancelled())
	}
}

func testCancelQueued(f *fixture) {
	f.define(0, 0)
	f.create(queued(3)...)
	f.create(store.NewTask{DependsOn: []rush.TaskKey{2}})
	f.same("cancelled", f.cancel(3, 1, 3), []store.Cancelled{{Key: 3, State: rush.Deferred}, {Key: 1, State: rush.Queued}})
	f.wantCancelled(1, 3)
	f.same("counts", f.counts(), rush.Counts{Queued: 2, Failed: 2, Created: 4})
	f.same("cancelled", len(f.cancel()), 0)
}

func testCancelRunning(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	f.create(queued(2)...)
	w.pop()
	got := f.cancel(0)
	f.same("cancelled", got, []store.Cancelled{{Key: 0, State: rush.Running, Worker: "w1", Message: 1}})
	f.wantCancelled(0)
	f.same("running of the worker", len(f.list()["w1"].Running), 0)
	mail, err := f.net.AwaitMail(f.Context(), "w1", store.Seen{}, 0)
	f.check(err)
	argument, err := wire.AppendValue(nil, []any{0, 1, string(cancelled())})
	f.check(err)
	f.same("mail", mail.Messages, []store.Message{{ID: 1, Command: rush.CommandCancel, Argument: argument}})
	f.same("popped", w.pop().Key, rush.TaskKey(1))
}

func testCancelLate(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	f.create(queued(2)...)
	w.pop()
	f.cancel(0)
	same := store.Done{Key: 0, Attempt: 1, Condition: cancelled()}
	w.wantOutcomes([]store.Done{same}, store.Applied) // it ended just so
	f.same("late results", len(f.record(0).Late), 0)
	w.wantOutcomes([]store.Done{finished(0, 1)}, store.Late)
	f.wantCancelled(0)
	f.same("late results", len(f.record(0).Late), 1)
}

func testCancelEnded(f *fixture) {
	f.define(0, 0)
	f.create(queued(2)...)
	f.end(finished(0, 0), failed(1, 0))
	for key, state := range []rush.State{rush.Finished, rush.Failed} {
		_, err := f.net.Cancel(f.Context(), []rush.TaskKey{rush.TaskKey(key)}, cancelled())
		f.wantErr("cancel one that is "+string(state), err, rush.ErrState)
		if err != nil && !strings.Contains(err.Error(), string(state)) {
			f.Errorf("the error %q does not say that the task is %s", err, state)
		}
	}
	_, err := f.net.Cancel(f.Context(), []rush.TaskKey{2}, cancelled())
	f.wantErr("cancel one that does not exist", err, rush.ErrNoTask)
}

func testCancelAll(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	f.create(queued(3)...)
	w.pop()
	f.end(finished(2, 0))
	_, err := f.net.Cancel(f.Context(), []rush.TaskKey{0, 1, 2}, cancelled())
	f.wantErr("cancel", err, rush.ErrState)
	f.same("counts", f.counts(), rush.Counts{Queued: 1, Running: 1, Finished: 1, Created: 3})
	f.same("mail", len(f.mail("w1")), 0)
}

func testCancelDepends(f *fixture) {
	f.define(0, 0)
	f.create(queued(1)...)
	f.create(store.NewTask{DependsOn: []rush.TaskKey{0}})
	f.create(store.NewTask{DependsOn: []rush.TaskKey{1}})
	f.cancel(0, 2)
	f.wantCancelled(0)
	for _, key := range []rush.TaskKey{1, 2} {
		c, err := wire.DecodeCondition(f.record(key).Condition)
		f.check(err)
		f.same("class of "+key.String(), c.Class, rush.ClassImpossible)
	}
}

func testCancelWakes(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	f.create(queued(1)...)
	w.pop()
	mail, reader := f.awaitMail("w1", store.Seen{}), f.ended(rush.Cursor{})
	n := f.inUse()
	f.cancel(0)
	f.same("messages", len(mail.woken().Messages), 1)
	f.same("endings", len(reader.woken().Endings), 1)
	stopped := wait(f, "response", func(ctx context.Context) ([]store.Response, error) { return n.Responses(ctx, 1, nil, long) })
	f.respond("w1", 1, "OK")
	f.sameResponses(stopped.woken(), response("w1", "OK"))
}
