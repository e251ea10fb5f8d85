package storetest

import (
	"slices"
	"strings"
	"testing"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// FillForRepair does something of every kind in a new network, for tests of
// Repair: tasks 0 to 4 queued (0 having run before, 4 in the queue high), 5
// deferred until 1 has finished, 6 and 7 running on w1, 8 on w2, 9 and
// 10 finished, 11 failed, 12 deleted; w1 holds a number, and one went back.
// Object one is held by task 0 and the tag a, two by a.
func FillForRepair(t *testing.T, n store.Network) {
	t.Helper()
	f := &fixture{T: t, net: n}
	f.define(0, 0)
	w1, w3 := f.register("w1"), f.register("w3")
	f.register("w2")
	f.putObjects("a", inline("one"), inline("two"))
	tasks := queued(13)
	tasks[0].Objects = []string{"one"}
	tasks[4].Queue = "high"
	tasks[5].DependsOn = []rush.TaskKey{1}
	for i, id := range map[int]rush.WorkerID{6: "w1", 7: "w1", 8: "w2"} {
		tasks[i].State, tasks[i].Worker = rush.Running, id
	}
	for i := 9; i < 13; i++ {
		tasks[i].State, tasks[i].YS = rush.Finished, encode("y", i)
	}
	tasks[11].State, tasks[11].YS, tasks[11].Condition = rush.Failed, nil, condition(rush.ClassError, "it failed")
	f.create(tasks[:5]...)
	f.create(tasks[5:]...)
	f.remove(12)
	if popped := w3.pop(); popped.Key != 0 {
		t.Fatalf("popped %+v, want task 0", popped)
	}
	f.end(failed(0, 1))
	if err := n.Retry(t.Context(), []rush.TaskKey{0}, store.RetryOptions{IgnoreLimit: true}); err != nil {
		t.Fatal(err)
	}
	w1.claim()
	w3.claim()
	w3.terminate(false)
	WantRepaired(t, n, nil)
}

// WantRepaired repairs a network, which must be sound then, and reports if
// nothing was said although something was to be mended (says is not nil), or
// if not all of it was said, or if a second repair finds something.
func WantRepaired(t *testing.T, n store.Network, says []string) {
	t.Helper()
	said, err := n.Repair(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(says) == 0 && len(said) > 0 {
		t.Errorf("repairing a sound network said %q", said)
	}
	for _, want := range says {
		if !slices.ContainsFunc(said, func(sentence string) bool { return strings.Contains(sentence, want) }) {
			t.Errorf("the repair said %q, and nothing of %q", said, want)
		}
	}
	Audit(t, n)
	if again, err := n.Repair(t.Context()); err != nil || len(again) > 0 {
		t.Errorf("repairing it again said %q, %v", again, err)
	}
}
