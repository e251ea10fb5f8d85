package storetest

import (
	"slices"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/wire"
)

// encode returns the bytes of a map with one entry.
func encode(name string, value any) []byte {
	b, err := wire.Encode(rush.Values{name: value})
	if err != nil {
		panic(err) // the tests encode numbers and strings only
	}
	return b
}

// condition returns the bytes of a condition.
func condition(class rush.Class, message string) []byte {
	b, err := wire.EncodeCondition(&rush.Condition{Class: class, Message: message})
	if err != nil {
		panic(err)
	}
	return b
}

// queued returns n tasks to be queued, told apart by their inputs.
func queued(n int) []store.NewTask {
	tasks := make([]store.NewTask, n)
	for i := range tasks {
		tasks[i].XS = encode("x", i)
	}
	return tasks
}

// running returns n tasks to be created running.
func running(n int, w rush.WorkerID) []store.NewTask {
	tasks := queued(n)
	for i := range tasks {
		tasks[i].State, tasks[i].Worker = rush.Running, w
	}
	return tasks
}

// create makes tasks and returns their numbers.
func (f *fixture) create(tasks ...store.NewTask) []rush.TaskKey {
	f.Helper()
	keys, err := f.net.Create(f.Context(), tasks, uuid.NewString())
	if err != nil {
		f.Fatalf("create %d tasks: %v", len(tasks), err)
	}
	if len(keys) != len(tasks) {
		f.Fatalf("create %d tasks: got %d numbers", len(tasks), len(keys))
	}
	return keys
}

// end ends tasks.
func (f *fixture) end(done ...store.Done) []store.Outcome {
	f.Helper()
	outcomes, err := f.net.End(f.Context(), done)
	if err != nil {
		f.Fatalf("end: %v", err)
	}
	return outcomes
}

// finished says that an attempt went well.
func finished(key rush.TaskKey, attempt int) store.Done {
	return store.Done{Key: key, Attempt: attempt, YS: encode("y", int(key))}
}

// failed says that an attempt went wrong.
func failed(key rush.TaskKey, attempt int) store.Done {
	return store.Done{Key: key, Attempt: attempt, Condition: condition(rush.ClassError, "Failed")}
}

// retried asks for another attempt.
func retried(key rush.TaskKey, attempt int) store.Done {
	d := failed(key, attempt)
	d.Retry = true
	return d
}

// records reads tasks with all fields.
func (f *fixture) records(keys ...rush.TaskKey) []rush.Record {
	f.Helper()
	records, err := f.net.Records(f.Context(), keys, rush.AllFields)
	if err != nil {
		f.Fatalf("records: %v", err)
	}
	if len(records) != len(keys) {
		f.Fatalf("records: got %d for %d numbers", len(records), len(keys))
	}
	return records
}

// record reads a task with all fields.
func (f *fixture) record(key rush.TaskKey) rush.Record {
	f.Helper()
	return f.records(key)[0]
}

// keys lists the tasks in a state.
func (f *fixture) keys(s rush.State) []rush.TaskKey {
	f.Helper()
	keys, err := f.net.Keys(f.Context(), s)
	if err != nil {
		f.Fatalf("keys: %v", err)
	}
	return keys
}

// counts reads the counts.
func (f *fixture) counts() rush.Counts {
	f.Helper()
	c, err := f.net.Counts(f.Context())
	if err != nil {
		f.Fatalf("counts: %v", err)
	}
	return c
}

// wantStates reports tasks whose states are others.
func (f *fixture) wantStates(want map[rush.TaskKey]rush.State) {
	f.Helper()
	for key, state := range want {
		if got := f.record(key).State; got != state {
			f.Errorf("task %d is %q, want %q", key, got, state)
		}
	}
}

// same reports a difference; empty and nil slices are the same.
func (f *fixture) same(what string, got, want any) {
	f.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		f.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// log reads the whole log of endings.
func (f *fixture) log() []rush.Ending {
	f.Helper()
	return f.read(f.net, rush.Cursor{}).Endings
}

// read reads the log from a cursor to its end, without records.
func (f *fixture) read(n store.Network, from rush.Cursor) rush.Page {
	f.Helper()
	all := rush.Page{Next: from, More: true}
	for all.More {
		page, err := n.Ended(f.Context(), all.Next, 0, rush.NoFields, 0)
		if err != nil {
			f.Fatalf("ended: %v", err)
		}
		page.Endings = append(all.Endings, page.Endings...)
		page.Reset = page.Reset || all.Reset
		all = page
	}
	return all
}

// ascending returns the keys sorted.
func ascending(keys []rush.TaskKey) []rush.TaskKey {
	keys = slices.Clone(keys)
	slices.Sort(keys)
	return keys
}

// span returns the numbers from first on, n of them.
func span(first rush.TaskKey, n int) []rush.TaskKey {
	keys := make([]rush.TaskKey, n)
	for i := range keys {
		keys[i] = first + rush.TaskKey(i)
	}
	return keys
}
