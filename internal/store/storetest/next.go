package storetest

import (
	"errors"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

func nextTests() []test {
	return []test{
		{"a popped task comes with all that is known of it", testNextPop},
		{"a proposal is created running", testNextPropose},
		{"done and pop in one step", testNextDonePop},
		{"done, propose and claim in one step", testNextDoneProposeClaim},
		{"what was done counts before what is fetched", testNextOrder},
		{"a queued task comes before a proposal, which is kept", testNextPopFirst},
		{"several are done in one step", testNextManyDone},
		{"nothing is asked for", testNextNothing},
		{"a proposal of another's number is rejected", testNextRejected},
		{"the same nonce gives the same answer", testNextRepeat},
		{"the same nonce gives the same refusal", testNextRepeatNothing},
		{"an older nonce is refused, and changes nothing", testNextStale},
		{"the same nonce of another program is refused, and changes nothing", testNextPrograms},
		{"done is not applied twice", testNextRepeatDone},
		{"drained says that nothing will come", testNextDrained},
		{"drained minds claims, the budget and other queues", testNextNotDrained},
		{"a worker's endings are counted", testNextWorkerTasks},
	}
}

func testNextPop(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	opts := options()
	opts.Queue = ""
	f.create(store.NewTask{XS: encode("x", 1), XSExtra: encode("by", "hand"), Options: opts})
	got := w.pop()
	if got.Started < got.Created || got.Created == 0 {
		f.Errorf("created at %d, started at %d", got.Created, got.Started)
	}
	f.same("popped", *got, rush.Record{
		State: rush.Running, XS: encode("x", 1), XSExtra: encode("by", "hand"), Worker: "w1", Attempt: 1,
		Options: opts, Created: got.Created, Started: got.Started,
	})
	f.same("record", f.record(0), *got)
	f.same("what the worker runs", f.list()["w1"].Running, span(0, 1))
}

func testNextPropose(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	p := proposal(rush.NoTask)
	p.Options = options()
	p.Spent.Proposing = 1500 * time.Microsecond
	turn := w.step(store.Step{Propose: p})
	f.same("turn", turn, store.Turn{Started: turn.Started, Claimed: rush.NoTask})
	r := f.record(0)
	f.same("record", r, rush.Record{
		State: rush.Running, XS: p.XS, XSExtra: p.XSExtra, Worker: "w1", Attempt: 1,
		Options: p.Options, Created: r.Created, Started: turn.Started, Spent: p.Spent,
	})
	if turn.Started == 0 {
		f.Error("the time of the start is not known")
	}
}

func testNextDonePop(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	f.create(queued(2)...)
	first := w.pop().Key
	turn := w.step(store.Step{Done: []store.Done{finished(first, 1)}, Pop: true})
	f.same("outcomes", turn.Outcomes, []store.Outcome{store.Applied})
	if turn.Task == nil || turn.Task.Key != 1 {
		f.Fatalf("got %+v, want task 1", turn)
	}
	turn = w.step(store.Step{Done: []store.Done{failed(1, 1)}, Pop: true})
	f.same("outcomes", turn.Outcomes, []store.Outcome{store.Applied})
	f.wantNothing(turn)
	f.same("counts", f.counts(), rush.Counts{Finished: 1, Failed: 1, Created: 2})
}

func testNextDoneProposeClaim(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	claimed := w.claim()
	for range 3 {
		turn := w.step(store.Step{Pop: true, Propose: proposal(claimed), Claim: true})
		f.same("created", turn.Created, claimed)
		f.same("claimed", turn.Claimed, claimed+1)
		turn = w.step(store.Step{Done: []store.Done{finished(turn.Created, 1)}, Pop: true, Propose: proposal(turn.Claimed), Claim: true})
		f.same("outcomes", turn.Outcomes, []store.Outcome{store.Applied})
		f.same("created", turn.Created, claimed+1)
		w.finish(turn.Created)
		claimed = turn.Claimed
	}
	f.same("counts", f.counts(), rush.Counts{Finished: 6, Created: 6, Claimed: 1})
}

// testNextOrder has a step fetch what its own Done released.
func testNextOrder(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	key := w.propose(rush.NoTask)
	f.create(after(key))
	turn := w.step(store.Step{Done: []store.Done{finished(key, 1)}, Pop: true})
	if turn.Task == nil || turn.Task.Key != key+1 {
		f.Errorf("got %+v, want the task that waited for the one that is done", turn)
	}
}

func testNextPopFirst(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	claimed := w.claim()
	pushed := f.create(queued(1)...)[0]
	turn := w.step(store.Step{Pop: true, Propose: proposal(claimed), Claim: true})
	if turn.Task == nil || turn.Task.Key != pushed || turn.Created != rush.NoTask || turn.Claimed != rush.NoTask || turn.Rejected {
		f.Fatalf("got %+v, want task %d only", turn, pushed)
	}
	f.same("numbers claimed", f.counts().Claimed, int64(1))
	turn = w.step(store.Step{Done: []store.Done{finished(pushed, 1)}, Pop: true, Propose: proposal(claimed)})
	f.same("created", turn.Created, claimed)
}

func testNextManyDone(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	f.create(running(3, "w1")...)
	w.wantOutcomes([]store.Done{finished(2, 1), failed(0, 1), finished(99, 1), finished(1, 1)},
		store.Applied, store.Applied, store.NotFound, store.Applied)
	f.same("log", f.log(), []rush.Ending{
		{Key: 2, Attempt: 1, State: rush.Finished}, {Key: 0, Attempt: 1, State: rush.Failed}, {Key: 1, Attempt: 1, State: rush.Finished},
	})
}

func testNextNothing(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	f.create(queued(1)...)
	f.wantNothing(w.step(store.Step{}))
	f.same("counts", f.counts(), rush.Counts{Queued: 1, Created: 1})
}

func testNextRejected(f *fixture) {
	f.define(0, 5)
	w1, w2 := f.register("w1"), f.register("w2")
	claimed, used := w1.claim(), w1.propose(rush.NoTask)
	for name, key := range map[string]rush.TaskKey{
		"another worker's": claimed, "a task's": used, "a reserved row's": 0, "one that was never handed out": 99,
	} {
		turn := w2.step(store.Step{Propose: proposal(key), Claim: true, Wait: long})
		f.wantNothing(turn)
		if !turn.Rejected {
			f.Errorf("propose %s number: got %+v, want it rejected", name, turn)
		}
	}
	if turn := w1.step(store.Step{Propose: proposal(claimed)}); turn.Rejected || turn.Created != claimed {
		f.Errorf("propose the own number: got %+v", turn)
	}
}

func testNextRepeat(f *fixture) {
	f.define(0, 0)
	w, other := f.register("w1"), f.register("w2")
	f.create(queued(1)...)
	for _, step := range []store.Step{
		{Pop: true},
		{Done: []store.Done{finished(0, 1)}, Pop: true, Propose: proposal(rush.NoTask), Claim: true},
		{Claim: true},
	} {
		first := w.step(step)
		other.propose(rush.NoTask)
		counts := f.counts()
		w.net = f.other()
		f.same("the repeat's answer", w.repeat(step), first)
		f.same("counts", f.counts(), counts)
	}
}

func testNextStale(f *fixture) {
	f.define(0, 0)
	f.register("w1")
	f.create(queued(2)...)
	next := func(nonce int64) (store.Turn, error) {
		return f.net.Next(f.Context(), store.Step{Worker: "w1", Nonce: nonce, Pop: true, Done: []store.Done{finished(0, 1)}})
	}
	_, err := next(7)
	f.check(err)
	before := f.counts()
	_, err = next(6)
	f.wantErr("an older step", err, rush.ErrChanged)
	var stale *store.StaleError
	if !errors.As(err, &stale) || stale.Last != 7 {
		f.Errorf("got %v, want a StaleError with the last nonce, 7", err)
	}
	f.same("counts", f.counts(), before)
	turn, err := next(8)
	f.check(err)
	f.same("popped by the next step", turn.Task.Key, rush.TaskKey(1))
}

// Two programs that take steps as one worker may count alike.
func testNextPrograms(f *fixture) {
	f.define(0, 0)
	f.register("w1")
	f.create(queued(2)...)
	next := func(nonce int64, program uint32) (store.Turn, error) {
		return f.net.Next(f.Context(), store.Step{Worker: "w1", Nonce: nonce, Program: program, Pop: true})
	}
	const one, another = 1, 1<<32 - 1
	first, err := next(7, one)
	f.check(err)
	before := f.counts()
	for _, program := range []uint32{0, another} {
		_, err = next(7, program)
		var stale *store.StaleError
		if !errors.As(err, &stale) || stale.Last != 7 {
			f.Errorf("program %d got %v, want a StaleError with the last nonce, 7", program, err)
		}
	}
	f.same("counts", f.counts(), before)
	again, err := next(7, one)
	f.check(err)
	f.same("the repeat's answer", again, first)
	turn, err := next(8, another)
	f.check(err)
	f.same("popped by the other program", turn.Task.Key, rush.TaskKey(1))
	again, err = next(8, another)
	f.check(err)
	f.same("the other's repeat", again, turn)
}

func testNextRepeatNothing(f *fixture) {
	f.define(1, 0)
	w := f.register("w1")
	f.create(running(1, "w1")...)
	step := store.Step{Pop: true, Claim: true}
	first := w.wantExhausted(step)
	f.redefine(1, 0, 0)
	f.create(queued(1)...)
	f.same("the repeat's answer", w.repeat(step), first)
	f.same("popped by the next step", w.pop().Key, rush.TaskKey(1))
}

func testNextRepeatDone(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	f.create(store.NewTask{Options: rush.Options{MaxRetries: 5}})
	w.pop()
	step := store.Step{Done: []store.Done{retried(0, 0)}} // about whatever attempt is the current one
	f.same("outcomes", w.step(step).Outcomes, []store.Outcome{store.Retried})
	f.same("outcomes of the repeat", w.repeat(step).Outcomes, []store.Outcome{store.Retried})
	f.same("attempt", f.record(0).Attempt, 2)
}

func testNextDrained(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	if turn := w.step(store.Step{Pop: true, Wait: long}); !turn.Drained {
		f.Errorf("a new network: got %+v, want it drained", turn)
	}
	f.create(queued(1)...)
	if turn := w.step(store.Step{Pop: true}); turn.Drained {
		f.Errorf("with a running task: got %+v, want it not drained", turn)
	}
	if turn := w.step(store.Step{Done: []store.Done{finished(0, 1)}, Pop: true, Wait: long}); !turn.Drained {
		f.Errorf("after the last task: got %+v, want it drained", turn)
	}
}

func testNextNotDrained(f *fixture) {
	f.define(2, 0)
	w, other := f.register("w1"), f.register("w2")
	drained := func(what string, want bool) {
		f.Helper()
		if turn := w.step(store.Step{Pop: true}); turn.Drained != want {
			f.Errorf("%s: got %+v, want drained %v", what, turn, want)
		}
	}
	claimed := other.claim()
	drained("with a claimed number", false)
	other.propose(claimed)
	drained("with a running task", false)
	other.finish(claimed)
	drained("with nothing", true)
	f.create(store.NewTask{Options: rush.Options{Queue: "elsewhere"}})
	drained("with a task in another queue", false)
	other.claim()
	other.terminate(false)
	drained("with a number in the pool and a task beyond the budget", true)
	f.redefine(1, 3, 0)
	drained("with a task within the budget", false)
}

func testNextWorkerTasks(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	f.create(running(3, "w1")...)
	w.finish(0, 1)
	w.wantOutcomes([]store.Done{failed(2, 1)}, store.Applied)
	f.same("endings that the worker delivered", f.list()["w1"].Tasks, int64(3))
}
