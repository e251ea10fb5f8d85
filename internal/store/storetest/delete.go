package storetest

import (
	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

func deleteTests() []test {
	return []test{
		{"tasks that do not run are removed", testDeleteRemoves},
		{"a running task is refused, and none is deleted", testDeleteRunning},
		{"the ending is withdrawn in the log", testDeleteWithdraws},
		{"numbers are not used again", testDeleteNumbers},
		{"a fixed number can be created anew", testDeleteFixed},
		{"thousands are deleted", testDeleteThousands},
	}
}

// remove deletes tasks and returns how many there were.
func (f *fixture) remove(keys ...rush.TaskKey) int {
	f.Helper()
	n, err := f.net.Delete(f.Context(), keys)
	if err != nil {
		f.Fatalf("delete %v: %v", keys, err)
	}
	return n
}

func testDeleteRemoves(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	f.create(queued(4)...)
	f.create(after(3))
	f.end(finished(0, 0), failed(1, 0))
	f.same("deleted", f.remove(0, 1, 2, 4, 99), 4)
	f.same("deleted by the repeat", f.remove(0, 1, 2, 4, 99), 0)
	f.same("counts", f.counts(), rush.Counts{Queued: 1, Created: 5, Deleted: 4})
	f.same("state of a deleted task", f.record(1).State, rush.State(""))
	f.same("popped", w.drain(), span(3, 1))
	f.wantEnd([]store.Done{finished(2, 0)}, store.NotFound)
}

func testDeleteRunning(f *fixture) {
	f.define(0, 0)
	f.register("w1")
	f.create(running(1, "w1")...)
	f.create(queued(1)...)
	n, err := f.net.Delete(f.Context(), []rush.TaskKey{1, 0})
	f.wantTaskErr("delete a running task", err, rush.ErrState, 0)
	f.same("deleted", n, 0)
	f.same("counts", f.counts(), rush.Counts{Queued: 1, Running: 1, Created: 2})
}

func testDeleteWithdraws(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	f.create(running(2, "w1")...)
	f.create(queued(1)...)
	w.finish(0, 1)
	f.remove(1, 2)
	f.same("log", f.log(), []rush.Ending{
		{Key: 0, Attempt: 1, State: rush.Finished}, {Key: 1, Attempt: 1, State: rush.Finished}, {Key: 1, Attempt: 1},
	})
}

func testDeleteNumbers(f *fixture) {
	f.define(0, 0)
	f.create(queued(3)...)
	f.remove(span(0, 3)...)
	f.same("numbers", f.create(queued(2)...), span(3, 2))
}

func testDeleteFixed(f *fixture) {
	f.define(0, 2)
	w := f.register("w1")
	f.create(fixed(1, "first"))
	w.finish(w.pop().Key)
	f.remove(1)
	f.create(fixed(1, "second"))
	r := f.record(1)
	f.same("record", r, rush.Record{Key: 1, State: rush.Queued, XS: encode("x", "second"), Created: r.Created})
	w.finish(w.pop().Key)
	f.same("length of the log", len(f.log()), 3)
	f.same("counts", f.counts(), rush.Counts{Finished: 1, Created: 2, Deleted: 1})
}

func testDeleteThousands(f *fixture) {
	f.define(0, 0)
	const n = 3_333
	f.create(queued(n)...)
	f.same("deleted", f.remove(span(0, n-1)...), n-1)
	f.same("left", f.keys(rush.Queued), span(n-1, 1))
}
