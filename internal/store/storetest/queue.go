package storetest

import (
	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

func queueTests() []test {
	return []test{
		{"the own queue comes before the shared one", testQueueOwn},
		{"named queues are taken in their order", testQueueNamed},
		{"other queues are left alone", testQueueOthers},
		{"any text names a queue", testQueueNames},
		{"the queues of the registration are not those of a step", testQueueRegistered},
		{"each queue is in the order of creation", testQueueOrder},
		{"each task is popped once", testQueueRace},
		{"a task for a worker that is not there goes to the shared queue", testQueueFor},
		{"the queue of a worker that ends goes to the shared one", testQueueFallsBack},
		{"what a lost worker ran comes before its queue", testQueueFallsBackLost},
		{"what is queued for a worker that has ended goes to the shared queue", testQueueOfEnded},
		{"a task that goes to the shared queue wakes who waits there", testQueueFallsBackWakes},
		{"the queues and what is in them", testQueueList},
		{"a queue is listed in parts", testQueueParts},
		{"only queued tasks are removed", testQueueRemove},
		{"many are removed", testQueueRemoveMany},
	}
}

// in returns n tasks for a queue.
func in(queue string, n int) []store.NewTask {
	tasks := queued(n)
	for i := range tasks {
		tasks[i].Queue = queue
	}
	return tasks
}

// drain pops all that is in the queues.
func (w *worker) drain(queues ...string) (keys []rush.TaskKey) {
	w.Helper()
	for {
		turn := w.step(store.Step{Pop: true, Queues: queues})
		if turn.Task == nil {
			return keys
		}
		keys = append(keys, turn.Task.Key)
	}
}

func testQueueOwn(f *fixture) {
	f.define(0, 0)
	f.create(in("", 2)...)
	f.create(in("w1", 2)...)
	f.create(in("w2", 2)...)
	f.same("popped by w1", f.register("w1").drain(), []rush.TaskKey{2, 3, 0, 1})
	f.same("popped by w2", f.register("w2").drain(), []rush.TaskKey{4, 5})
}

func testQueueNamed(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	f.create(in("low", 2)...)
	f.create(in("", 1)...)
	f.create(in("high", 2)...)
	f.same("popped", w.drain("high", "", "low"), []rush.TaskKey{3, 4, 2, 0, 1})
}

func testQueueOthers(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	f.create(in("low", 1)...)
	f.create(in("", 1)...)
	f.create(in("w1", 1)...)
	f.same("popped from high", w.drain("high"), []rush.TaskKey(nil))
	f.same("popped from low", w.drain("low"), span(0, 1))
	f.same("popped by default", w.drain(), []rush.TaskKey{2, 1})
}

func testQueueNames(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	names := []string{"a:b", "{w1}", "a b", "Übung", "*", "queue\x00\xff", "%", "'", "w2"}
	for i, name := range names {
		f.same("number", f.create(in(name, 1)...), span(rush.TaskKey(i), 1))
	}
	for i, name := range names {
		f.same("popped from "+name, w.drain(name), span(rush.TaskKey(i), 1))
		f.same("name", f.record(rush.TaskKey(i)).Queue, name)
	}
}

func testQueueRegistered(f *fixture) {
	f.define(0, 0)
	listens := describe("w1")
	listens.Queues = []string{"high"}
	w := f.registerAs(listens)
	f.create(in("high", 1)...)
	f.create(in("", 1)...)
	f.same("popped", w.drain(), span(1, 1))
}

func testQueueOrder(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	f.create(in("a", 3)...)
	f.create(in("b", 2)...)
	f.create(in("a", 2)...)
	f.same("popped from a", w.drain("a"), []rush.TaskKey{0, 1, 2, 5, 6})
	f.same("popped from b", w.drain("b"), []rush.TaskKey{3, 4})
}

func testQueueRace(f *fixture) {
	const tasks, workers = 400, 16
	f.define(0, 0)
	f.create(queued(tasks)...)
	popped := f.each(workers, popAll)
	f.same("popped", ascending(popped), span(0, tasks))
	f.same("counts", f.counts(), rush.Counts{Finished: tasks, Created: tasks})
}

func testQueueFor(f *fixture) {
	f.define(0, 0)
	f.register("w1")
	f.register("w2").terminate(false)
	f.create(queued(1)...)
	f.create(store.NewTask{For: "w1"}, store.NewTask{For: "w2"}, store.NewTask{For: "nobody"})
	f.same("the queue of w1", f.queue("w1"), span(1, 1))
	f.same("the shared queue", f.queue(""), []rush.TaskKey{0, 2, 3})
	f.same("the queue of one that nobody knows", f.record(3).Queue, "")
}

// queue lists a queue.
func (f *fixture) queue(name string) []rush.TaskKey {
	f.Helper()
	keys, err := f.net.Queue(f.Context(), name, 0, 0)
	f.check(err)
	return keys
}

// Those that were taken before wait in front of others, and may be listed with them.
func testQueueParts(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	f.create(queued(2)...)
	w.step(store.Step{Pop: true})
	w.terminate(true) // and is queued again
	f.create(in("", 5)...)
	all := f.queue("")
	part := func(name string, from, most int64) []rush.TaskKey {
		keys, err := f.net.Queue(f.Context(), name, from, most)
		f.check(err)
		return keys
	}
	for from := range int64(len(all)) {
		f.same("the rest", part("", from, 0), all[from:])
		f.same("two", part("", from, 2), all[from:min(from+2, int64(len(all)))])
	}
	f.same("behind the end", len(part("", int64(len(all)), 2)), 0)
	f.same("of a queue that is not there", len(part("none", 0, 2)), 0)
}

func testQueueFallsBack(f *fixture) {
	f.define(0, 0)
	w1, w2 := f.register("w1"), f.register("w2")
	f.create(queued(1)...)
	f.create(in("w1", 3)...)
	f.create(in("w2", 1)...)
	w1.terminate(false)
	f.same("the queue of w1", f.queue("w1"), []rush.TaskKey(nil))
	f.same("the shared queue", f.queue(""), []rush.TaskKey{1, 2, 3, 0})
	f.same("popped", w2.drain(), []rush.TaskKey{4, 1, 2, 3, 0})
	f.same("the queue of a task that has moved", f.record(1).Queue, "")

	f.register("w1")
	f.create(in("w1", 1)...)
	f.same("the queue of w1, who is back", f.queue("w1"), span(5, 1))
}

func testQueueFallsBackLost(f *fixture) {
	f.define(0, 0)
	f.create(queued(1)...)
	w := f.registerMortal("w1")
	own := in("w1", 3)
	own[0].MaxRetries = 1
	f.create(own...)
	f.same("popped", w.pop().Key, rush.TaskKey(1))
	f.sweep(w.id)
	f.same("the shared queue", f.queue(""), []rush.TaskKey{1, 2, 3, 0})
}

func testQueueOfEnded(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	f.create(in("w1", 3)...)
	child := after(0)
	child.Queue = "w1"
	f.create(child)
	w.finish(w.pop().Key, w.pop().Key) // 0 and 1
	f.retry(0)
	w.pop()
	w.terminate(false)
	f.create(in("w1", 1)...)
	f.retry(1)
	f.end(finished(0, 0))
	f.same("the queue of w1", f.queue("w1"), []rush.TaskKey(nil))
	f.same("the shared queue", ascending(f.queue("")), []rush.TaskKey{1, 2, 3, 4})
}

func testQueueFallsBackWakes(f *fixture) {
	f.define(0, 0)
	f.register("w1")
	w2 := f.register("w2")
	waits := w2.next(store.Step{Pop: true, Idle: true})
	f.create(in("w1", 1)...)
	w1 := &worker{fixture: f, id: "w1"}
	w1.terminate(false)
	f.same("popped", waits.woken().Task.Key, rush.TaskKey(0))
}

func testQueueList(f *fixture) {
	f.define(0, 0)
	f.create(queued(2)...)
	f.create(in("low", 1)...)
	f.create(in("high", 2)...)
	w := f.register("w1")
	w.drain("low")
	queues, err := f.net.Queues(f.Context())
	f.check(err)
	f.same("queues", queues, []store.QueueLength{{Name: "", Length: 2}, {Name: "high", Length: 2}})
	f.same("high", f.queue("high"), span(3, 2))
	f.same("low", f.queue("low"), []rush.TaskKey(nil))
	f.same("one that never was", f.queue("nowhere"), []rush.TaskKey(nil))
}

// unqueue removes tasks from their queues.
func (f *fixture) unqueue(keys ...rush.TaskKey) []bool {
	f.Helper()
	conditions := make([][]byte, len(keys))
	for i := range conditions {
		conditions[i] = condition(rush.ClassRemoved, keys[i].String())
	}
	removed, err := f.net.Remove(f.Context(), keys, conditions)
	f.check(err)
	return removed
}

func testQueueRemove(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	f.create(queued(4)...)
	f.create(after(2))
	w.finish(w.pop().Key)
	w.pop()
	f.same("removed", f.unqueue(0, 1, 2, 4, 9), []bool{false, false, true, false, false})
	f.wantStates(map[rush.TaskKey]rush.State{0: rush.Finished, 1: rush.Running, 2: rush.Failed, 3: rush.Queued})
	f.wantImpossible(4)
	f.same("condition", f.record(2).Condition, condition(rush.ClassRemoved, "2"))
	f.same("the queue", f.queue(""), span(3, 1))
	f.same("removed again", f.unqueue(2), []bool{false})
	_, err := f.net.Remove(f.Context(), span(0, 2), [][]byte{nil})
	if err == nil {
		f.Error("one condition was accepted for two tasks")
	}
}

func testQueueRemoveMany(f *fixture) {
	const tasks = 2500
	f.define(0, 0)
	f.create(queued(tasks)...)
	removed := f.unqueue(span(0, tasks)...)
	f.same("removed", len(removed), tasks)
	f.same("counts", f.counts(), rush.Counts{Failed: tasks, Created: tasks})
}
