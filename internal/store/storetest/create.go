package storetest

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

func createTests() []test {
	return []test{
		{"tasks are created in every state", testCreateStates},
		{"everything that is given is kept", testCreateKeeps},
		{"an empty list does nothing", testCreateNone},
		{"numbers are dense and begin after the reserved ones", testCreateNumbers},
		{"the next number never falls", testCreateReservedLater},
		{"a fixed number is created once", testCreateFixed},
		{"a fixed number that is not reserved is refused", testCreateNotReserved},
		{"whoever comes first creates a fixed number", testCreateFixedRace},
		{"the same nonce creates nothing", testCreateNonce},
		{"a running task needs a living worker", testCreateUnknownWorker},
		{"all or none are created", testCreateAllOrNone},
		{"thousands are created in order", testCreateThousands},
		{"a repeat goes on where it stopped", testCreateGoesOn},
		{"values of some megabytes survive", testCreateLarge},
	}
}

func testCreateStates(f *fixture) {
	f.define(0, 0)
	f.register("w1")
	keys := f.create(
		store.NewTask{XS: encode("x", 0)},
		store.NewTask{XS: encode("x", 1), State: rush.Queued},
		store.NewTask{XS: encode("x", 2), State: rush.Running, Worker: "w1"},
		store.NewTask{XS: encode("x", 3), State: rush.Finished, YS: encode("y", 3), YSExtra: encode("e", 3)},
		store.NewTask{XS: encode("x", 4), State: rush.Failed, Condition: condition(rush.ClassError, "Failed")},
	)
	deferred := f.create(store.NewTask{XS: encode("x", 5), DependsOn: keys[:1]})
	f.same("numbers", append(keys, deferred...), span(0, 6))
	f.same("counts", f.counts(), rush.Counts{Deferred: 1, Queued: 2, Running: 1, Finished: 1, Failed: 1, Created: 6})
	for i, want := range []struct {
		state   rush.State
		attempt int
	}{{rush.Queued, 0}, {rush.Queued, 0}, {rush.Running, 1}, {rush.Finished, 0}, {rush.Failed, 0}, {rush.Deferred, 0}} {
		r := f.record(rush.TaskKey(i))
		if r.State != want.state || r.Attempt != want.attempt || r.Created == 0 {
			f.Errorf("task %d: got %+v, want it %s in attempt %d, with the time of its creation", i, r, want.state, want.attempt)
		}
	}
	f.same("ys", f.record(3).YS, encode("y", 3))
	f.same("ys_extra", f.record(3).YSExtra, encode("e", 3))
	f.same("condition", f.record(4).Condition, condition(rush.ClassError, "Failed"))
	f.same("worker", f.record(2).Worker, rush.WorkerID("w1"))
	f.same("what the worker runs", f.list()["w1"].Running, span(2, 1))
	f.same("log", f.log(), []rush.Ending{{Key: 3, State: rush.Finished}, {Key: 4, State: rush.Failed}})
}

// options has every option set.
func options() rush.Options {
	return rush.Options{
		Queue: "high", Function: "branin", Seed: []int32{10407, 1, -2, 3, -4, 5, -6},
		Timeout: 1500 * time.Millisecond, Stall: 2 * time.Minute, MaxRetries: 3, Memory: 1 << 33, Isolate: true,
	}
}

func testCreateKeeps(f *fixture) {
	f.define(0, 0)
	first := f.create(queued(1)...)
	want := rush.Record{
		Key: 1, State: rush.Deferred, XS: encode("x", "\x00\xff\r\n"), XSExtra: encode("by", "hand"),
		Options: options(), DependsOn: first,
	}
	f.create(store.NewTask{XS: want.XS, XSExtra: want.XSExtra, Options: want.Options, DependsOn: want.DependsOn})
	got := f.record(1)
	want.Created = got.Created
	f.same("record", got, want)
	plain := f.record(0)
	f.same("record of a task without options", plain, rush.Record{XS: encode("x", 0), State: rush.Queued, Created: plain.Created})
}

func testCreateNone(f *fixture) {
	f.define(0, 0)
	f.create()
	f.same("counts", f.counts(), rush.Counts{})
}

func testCreateNumbers(f *fixture) {
	f.define(0, 10)
	w := f.register("w1")
	f.same("first", f.create(queued(3)...), span(10, 3))
	f.same("proposed", w.propose(rush.NoTask), rush.TaskKey(13))
	f.same("claimed", w.claim(), rush.TaskKey(14))
	f.same("next", f.create(queued(2)...), span(15, 2))
}

// fixed returns a task with a fixed number.
func fixed(key rush.TaskKey, x any) store.NewTask {
	return store.NewTask{Fixed: true, Key: key, XS: encode("x", x)}
}

func testCreateFixed(f *fixture) {
	f.define(0, 5)
	f.same("numbers", f.create(fixed(3, "first"), fixed(0, "first")), []rush.TaskKey{3, 0})
	f.same("numbers of a repeat", f.create(fixed(0, "second"), fixed(1, "second"), fixed(3, "second")), []rush.TaskKey{0, 1, 3})
	for key, want := range map[rush.TaskKey]string{0: "first", 1: "second", 3: "first"} {
		f.same(fmt.Sprintf("xs of task %d", key), f.record(key).XS, encode("x", want))
	}
	f.same("queue", f.keys(rush.Queued), []rush.TaskKey{3, 0, 1})
	f.same("counts", f.counts(), rush.Counts{Queued: 3, Created: 3})
}

func testCreateNotReserved(f *fixture) {
	f.define(0, 5)
	for _, key := range []rush.TaskKey{5, 6, -1} {
		if _, err := f.net.Create(f.Context(), []store.NewTask{fixed(0, ""), fixed(key, "")}, uuid.NewString()); err == nil {
			f.Errorf("number %d was accepted with 5 reserved", key)
		}
	}
	f.same("counts", f.counts(), rush.Counts{})
}

func testCreateFixedRace(f *fixture) {
	f.define(0, 40)
	var rows []store.NewTask
	for key := range rush.TaskKey(40) {
		rows = append(rows, fixed(key, int(key)))
	}
	var g errgroup.Group
	for range 8 {
		g.Go(func() error {
			_, err := f.net.Create(f.Context(), rows, uuid.NewString())
			return err
		})
	}
	f.check(g.Wait())
	f.same("counts", f.counts(), rush.Counts{Queued: 40, Created: 40})
	f.same("queue", f.keys(rush.Queued), span(0, 40))
}

func testCreateNonce(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	nonce := uuid.NewString()
	first, err := f.net.Create(f.Context(), queued(3), nonce)
	f.check(err)
	w.finish(w.pop().Key)
	f.create(queued(2)...)
	again, err := f.other().Create(f.Context(), queued(3), nonce)
	f.check(err)
	f.same("numbers", again, first)
	f.same("counts", f.counts(), rush.Counts{Queued: 4, Finished: 1, Created: 5})
}

func testCreateUnknownWorker(f *fixture) {
	f.define(0, 0)
	f.register("dead").terminate(false)
	for _, id := range []rush.WorkerID{"unknown", "dead", ""} {
		_, err := f.net.Create(f.Context(), running(1, id), uuid.NewString())
		if !errors.Is(err, rush.ErrNoWorker) && !errors.Is(err, rush.ErrLost) {
			f.Errorf("create a task that worker %q runs: got error %v, want ErrNoWorker or ErrLost", id, err)
		}
	}
	f.same("counts", f.counts(), rush.Counts{})
}

func testCreateAllOrNone(f *fixture) {
	f.define(2, 0)
	f.register("w1")
	_, err := f.net.Create(f.Context(), append(queued(5), running(3, "w1")...), uuid.NewString())
	f.wantErr("create 3 running tasks with room for 2", err, rush.ErrExhausted)
	_, err = f.net.Create(f.Context(), append(queued(1), store.NewTask{DependsOn: []rush.TaskKey{77}}), uuid.NewString())
	f.wantErr("create a task that depends on none", err, rush.ErrNoTask)
	f.same("counts", f.counts(), rush.Counts{})
	f.same("numbers", f.create(running(2, "w1")...), span(0, 2))
}

func testCreateThousands(f *fixture) {
	f.define(0, 0)
	const n = 12_345
	f.same("numbers", f.create(queued(n)...), span(0, n))
	f.same("queue", f.keys(rush.Queued), span(0, n))
	for _, key := range []rush.TaskKey{0, 999, 1000, 5001, n - 1} {
		f.same("xs", f.record(key).XS, encode("x", int(key)))
	}
}

func testCreateGoesOn(f *fixture) {
	const n = 7_000
	f.define(n/2, 0)
	f.register("w1")
	nonce := uuid.NewString()
	tasks := running(n, "w1")
	_, err := f.net.Create(f.Context(), tasks, nonce)
	f.wantErr("create twice as many as the budget has", err, rush.ErrExhausted)
	if created := f.counts().Created; created > n/2 {
		f.Errorf("%d tasks were created with room for %d", created, n/2)
	}
	f.redefine(1, n, 0)
	keys, err := f.net.Create(f.Context(), tasks, nonce)
	f.check(err)
	f.same("numbers", keys, span(0, n))
	f.same("counts", f.counts(), rush.Counts{Running: n, Created: n})
	f.same("xs of the last", f.record(n-1).XS, tasks[n-1].XS)
}

func testCreateLarge(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	large := slices.Repeat([]byte("0123456789abcde\x00"), 1<<18) // 4 MB
	f.create(store.NewTask{XS: encode("x", large)})
	f.same("xs of the popped task", len(w.pop().XS), len(encode("x", large)))
	d := finished(0, 1)
	d.YS, d.YSExtra = encode("y", large), encode("e", large)
	w.wantOutcomes([]store.Done{d}, store.Applied)
	r := f.record(0)
	for name, field := range map[string]struct{ got, want []byte }{
		"xs": {r.XS, encode("x", large)}, "ys": {r.YS, d.YS}, "ys_extra": {r.YSExtra, d.YSExtra},
	} {
		if !slices.Equal(field.got, field.want) {
			f.Errorf("%s: %d bytes changed; got %d", name, len(field.want), len(field.got))
		}
	}
}

func testCreateReservedLater(f *fixture) {
	f.define(0, 3)
	f.redefine(1, 0, 5)
	f.redefine(2, 0, 2)
	f.same("first", f.create(queued(2)...), span(5, 2))
	f.redefine(3, 0, 0)
	f.same("next", f.create(queued(1)...), span(7, 1))
	f.redefine(4, 0, 1)
	f.reset(false)
	f.same("first after a reset", f.create(queued(1)...), span(1, 1))
}
