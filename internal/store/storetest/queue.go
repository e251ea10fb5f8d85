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
