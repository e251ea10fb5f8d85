package redisstore_test

import (
	"strconv"
	"testing"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/redistest"
)

// bytesPerTask is what a finished task with two inputs and one output may
// take in the store, with its share of the log and the indexes.
const bytesPerTask = 300

func TestMemoryOfATask(t *testing.T) {
	t.Parallel()
	srv := redistest.Start(t, redistest.Options{})
	n := newNetwork(t, open(t, srv.URL()))
	register(t, n, workerID(0))
	c := client(t, srv)
	used := func() int {
		t.Helper()
		bytes, err := strconv.Atoi(info(t, c, "memory", "used_memory"))
		if err != nil {
			t.Fatal(err)
		}
		return bytes
	}
	const tasks = 20_000
	before := used()
	push(t, n, tasks)
	queued := used()
	if count, err := popAll(t, n, workerID(0)); err != nil || count != tasks {
		t.Fatalf("finished %d tasks of %d: %v", count, tasks, err)
	}
	finished := used()
	t.Logf("a queued task takes %d bytes, a finished one %d", (queued-before)/tasks, (finished-before)/tasks)
	if got := (finished - before) / tasks; got > bytesPerTask {
		t.Errorf("a finished task takes %d bytes, want at most %d", got, bytesPerTask)
	}
	checkCounts(t, n, rush.Counts{Created: tasks, Finished: tasks})
}
