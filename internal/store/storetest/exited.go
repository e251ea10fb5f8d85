package storetest

import (
	"slices"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/wire"
)

func exitedTests() []test {
	return []test{
		{"workers that have ended are deleted, all or some", testDeleteWorkers},
		{"one that is alive is refused, and none is deleted", testDeleteWorkersAlive},
		{"what others have of a deleted worker stays", testDeleteWorkersTraces},
		{"what waits for a deleted worker goes to the shared queue", testDeleteWorkersQueue},
		{"a deleted worker is as unknown, and may register anew", testDeleteWorkersAnew},
	}
}

// forgetWorkers deletes workers and returns those that there were.
func (f *fixture) forgetWorkers(ids ...rush.WorkerID) []rush.WorkerID {
	f.Helper()
	deleted, err := f.net.DeleteWorkers(f.Context(), ids)
	f.check(err)
	return deleted
}

// ids lists the workers by the order of registration.
func (f *fixture) ids() (ids []rush.WorkerID) {
	f.Helper()
	workers, err := f.net.List(f.Context())
	f.check(err)
	for _, w := range workers {
		ids = append(ids, w.ID)
	}
	return ids
}

func testDeleteWorkers(f *fixture) {
	f.define(0, 0)
	for _, id := range []rush.WorkerID{"d", "c", "b", "a"} {
		f.register(id).terminate(false)
	}
	f.register("alive")
	f.same("deleted", f.forgetWorkers("a", "nobody", "c", "a"), []rush.WorkerID{"c", "a"})
	f.same("deleted again", len(f.forgetWorkers("a", "c")), 0)
	f.same("workers", f.ids(), []rush.WorkerID{"d", "b", "alive"})
	none, err := f.net.DeleteWorkers(f.Context(), []rush.WorkerID{})
	f.check(err)
	f.same("deleted of none", len(none), 0)
	f.same("all that have ended", f.forgetWorkers(), []rush.WorkerID{"d", "b"})
	f.same("workers", f.ids(), []rush.WorkerID{"alive"})
}

func testDeleteWorkersAlive(f *fixture) {
	f.define(0, 0)
	f.register("ended").terminate(false)
	f.register("alive").pause(true)
	_, err := f.net.DeleteWorkers(f.Context(), []rush.WorkerID{"ended", "alive"})
	f.wantErr("delete one that is alive", err, rush.ErrAlive)
	f.same("workers", f.ids(), []rush.WorkerID{"ended", "alive"})
}

func testDeleteWorkersTraces(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	f.create(running(2, "w1")...)
	retry := store.NewTask{State: rush.Running, Worker: "w1", Options: rush.Options{MaxRetries: 1}}
	f.create(retry)
	w.finish(0)
	sent := f.send(rush.CommandPing)
	w.terminate(true)
	f.forgetWorkers("w1")
	f.same("who finished a task", f.record(0).Worker, rush.WorkerID("w1"))
	f.same("who ran a failed one", f.record(1).Worker, rush.WorkerID("w1"))
	f.same("who had the attempt before", f.record(2).Attempts[0].Worker, rush.WorkerID("w1"))
	f.same("state of what it ran", f.record(2).State, rush.Queued)
	all, err := f.net.Responses(f.Context(), sent, nil, 0)
	f.check(err)
	if len(all) != 1 || all[0].Worker != "w1" || !all[0].Failed {
		f.Errorf("responses: got %+v, want that w1 has ended", all)
	}
	page, err := f.net.TailLog(f.Context(), 1, rush.LogFilter{Workers: []rush.WorkerID{"w1"}})
	f.check(err)
	if len(page.Entries) != 1 || page.Entries[0].Message != "deleted" {
		f.Errorf("log: got %+v, want that w1 was deleted", page.Entries)
	}
	w = f.register("w2")
	f.same("popped", w.pop().Key, rush.TaskKey(2))
}

// What is deferred, has ended, or is created only then is not in a queue yet
// when the worker is deleted whose own queue it is meant for.
func testDeleteWorkersQueue(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	f.create(store.NewTask{For: "w1"}, store.NewTask{For: "w1"}, queued(1)[0])
	f.create(store.NewTask{For: "w1", DependsOn: span(2, 1)})
	w.finish(w.pop().Key)
	w.terminate(false)
	f.forgetWorkers("w1")
	f.create(store.NewTask{For: "w1"}, store.NewTask{Options: rush.Options{Queue: "w1"}})
	f.end(finished(2, 0))
	f.retry(0)
	for _, r := range f.records(0, 1, 3, 4, 5) {
		if r.State != rush.Queued || r.Queue != "" {
			f.Errorf("task %d is %s in the queue %q, want it in the shared one", r.Key, r.State, r.Queue)
		}
	}
	other := f.register("w2")
	got := other.drain()
	slices.Sort(got)
	f.same("popped", got, []rush.TaskKey{0, 1, 3, 4, 5})
}

func testDeleteWorkersAnew(f *fixture) {
	f.define(0, 0)
	lost := f.registerMortal("w1")
	lost.propose(rush.NoTask)
	f.sweep(lost.id)
	f.forgetWorkers("w1")
	f.wantErr("rejoin", f.net.Rejoin(f.Context(), "w1"), rush.ErrLost)
	_, err := f.net.Beat(f.Context(), "w1")
	f.wantErr("beat", err, rush.ErrLost)
	_, err = f.net.Create(f.Context(), running(1, "w1"), "nonce")
	f.wantErr("create a running task", err, rush.ErrNoWorker)
	_, err = f.net.Next(f.Context(), store.Step{Worker: "w1", Nonce: 2, Done: []store.Done{finished(0, 1)}})
	f.wantErr("next", err, rush.ErrLost)
	f.same("late results", len(f.record(0).Late), 1)

	w := f.register("w1")
	f.create(store.NewTask{For: "w1"}, store.NewTask{Options: rush.Options{Queue: "w1"}})
	got := f.list()["w1"]
	if got.State != rush.WorkerRunning || got.Rejoined != 0 || got.Tasks != 0 {
		f.Errorf("registered anew: got %+v", got)
	}
	f.same("the queue of its own", f.record(1).Queue, "w1")
	f.same("popped", w.pop().Key, rush.TaskKey(1))
	body, err := wire.DecodeCondition(f.record(0).Condition)
	f.check(err)
	f.same("class of what it ran", body.Class, rush.ClassLost)
}
