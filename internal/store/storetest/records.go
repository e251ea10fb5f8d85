package storetest

import (
	"fmt"
	"slices"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

func recordsTests() []test {
	return []test{
		{"records come in the order of the keys", testRecordsOrder},
		{"a missing one has no state", testRecordsMissing},
		{"only the fields asked for are read", testRecordsFields},
		{"thousands are read at once", testRecordsThousands},
		{"keys are listed by state", testKeys},
	}
}

func testRecordsOrder(f *fixture) {
	f.define(0, 0)
	f.create(queued(3)...)
	want := []rush.TaskKey{2, 0, 1, 0}
	for i, r := range f.records(want...) {
		f.same("number", r.Key, want[i])
		f.same("xs", r.XS, encode("x", int(want[i])))
	}
	f.records()
}

func testRecordsMissing(f *fixture) {
	f.define(0, 9)
	f.create(queued(1)...)
	got := f.records(8, 9, 10)
	f.same("records", []rush.Record{got[0], got[2]}, []rush.Record{{Key: 8}, {Key: 10}})
	f.same("state of the one that exists", got[1].State, rush.Queued)
}

// fieldParts clears each part of a record.
func fieldParts() map[rush.Fields]func(r *rush.Record) {
	return map[rush.Fields]func(r *rush.Record){
		rush.FieldXS:        func(r *rush.Record) { r.XS = nil },
		rush.FieldYS:        func(r *rush.Record) { r.YS = nil },
		rush.FieldXSExtra:   func(r *rush.Record) { r.XSExtra = nil },
		rush.FieldYSExtra:   func(r *rush.Record) { r.YSExtra = nil },
		rush.FieldCondition: func(r *rush.Record) { r.Condition = nil },
		rush.FieldWorker:    func(r *rush.Record) { r.Worker = "" },
		rush.FieldTimes: func(r *rush.Record) {
			r.Created, r.Started, r.Finished, r.Spent = 0, 0, 0, rush.Spent{}
		},
		rush.FieldOptions: func(r *rush.Record) { r.Options, r.DependsOn = rush.Options{}, nil },
		rush.FieldHistory: func(r *rush.Record) { r.Attempts, r.Late, r.Progress = nil, nil, nil },
		rush.FieldReports: func(r *rush.Record) { r.Reports = nil },
	}
}

// without returns a record as it is read without some fields.
func without(r rush.Record, fields rush.Fields) rush.Record {
	for part, drop := range fieldParts() {
		if !fields.Has(part) {
			drop(&r)
		}
	}
	return r
}

// full makes tasks 1 and 2 that have something in every field: one finished,
// one failed.
func (f *fixture) full() {
	f.Helper()
	w := f.register("w1")
	f.create(queued(1)...)
	task := store.NewTask{XS: encode("x", 1), XSExtra: encode("by", "hand"), Options: options(), DependsOn: span(0, 1)}
	f.create(task, task)
	f.end(finished(0, 0))
	for range 2 {
		key := w.step(store.Step{Pop: true, Queues: []string{"high"}}).Task.Key
		f.report(key, 1, 3, encode("y", 0.25))
		d := retried(key, 1)
		d.YSExtra = encode("note", "first")
		w.wantOutcomes([]store.Done{d}, store.Retried)
		w.step(store.Step{Pop: true, Queues: []string{"high"}})
		f.report(key, 2, 1, encode("y", 0.5))
		d = finished(key, 2)
		if key == 2 {
			d = failed(key, 2)
		}
		d.YSExtra, d.Spent.Evaluating = encode("note", "second"), 1e6
		late := store.Done{Key: key, Attempt: 1, Condition: condition(rush.ClassLost, "late")}
		w.wantOutcomes([]store.Done{d, late, finished(key, 1)}, store.Applied, store.Late, store.Late)
	}
}

func testRecordsFields(f *fixture) {
	f.define(0, 0)
	f.full()
	all := f.records(1, 2)
	selections := []rush.Fields{
		rush.NoFields, rush.FieldXS | rush.FieldYS | rush.FieldTimes, rush.AllFields &^ rush.FieldXS &^ rush.FieldHistory,
	}
	for part := range fieldParts() {
		selections = append(selections, part)
	}
	for _, fields := range selections {
		got, err := f.net.Records(f.Context(), span(1, 2), fields)
		f.check(err)
		f.same(fmt.Sprintf("records with the fields %b", fields), got, []rush.Record{without(all[0], fields), without(all[1], fields)})
	}
}

func testRecordsThousands(f *fixture) {
	f.define(0, 0)
	const n = 5_000
	f.create(queued(n)...)
	keys := span(0, n+10)
	slices.Reverse(keys)
	for i, r := range f.records(keys...) {
		if r.Key != keys[i] || (r.State == rush.Queued) != (r.Key < n) {
			f.Fatalf("record %d: got %+v, want task %d", i, r, keys[i])
		}
	}
}

func testKeys(f *fixture) {
	f.define(0, 0)
	f.register("w1")
	f.create(queued(2)...)
	f.create(running(4, "w1")...)
	f.create(after(0), after(0))
	f.end(failed(5, 1), finished(4, 1), finished(3, 1))
	f.end(failed(2, 1))
	f.retry(4)
	for state, want := range map[rush.State][]rush.TaskKey{
		rush.Deferred: {6, 7}, rush.Queued: {4, 0, 1}, rush.Running: nil, rush.Finished: {3}, rush.Failed: {2, 5},
	} {
		f.same(string(state), f.keys(state), want)
	}
}
