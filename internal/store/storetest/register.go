package storetest

import (
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

func registerTests() []test {
	return []test{
		{"what a worker says of itself is kept", testRegisterKeeps},
		{"who registers is alive", testRegisterAlive},
		{"workers are listed by the order of registration", testRegisterOrder},
		{"the same process again changes nothing", testRegisterAgain},
		{"another process is refused", testRegisterExists},
		{"one of many processes gets an id", testRegisterRace},
		{"an id that has ended may register anew", testRegisterAnew},
		{"a beat renews the heartbeat", testBeat},
		{"who is not alive is lost", testNotAlive},
		{"an ended worker's tasks fail", testEndWorkerFails},
		{"an ended worker's tasks are queued again", testEndWorkerRetries},
		{"ending twice changes nothing", testEndWorkerTwice},
	}
}

func testRegisterKeeps(f *fixture) {
	f.define(0, 0)
	want := rush.Worker{
		ID: "w1", State: rush.WorkerRunning, Local: true, PID: 4711, Host: "host", Platform: "linux/amd64", User: "ann",
		Dir: "/home/ann/search", Version: "1.2.3", Loop: "random", Queues: []string{"high", "", "low"},
		Heartbeat: 1500 * time.Millisecond, Expiry: time.Hour,
	}
	f.registerAs(want)
	got := f.list()["w1"]
	if got.Registered.IsZero() || got.Beat.Before(got.Registered) || !got.Ended.IsZero() {
		f.Errorf("registered %v, beat %v, ended %v", got.Registered, got.Beat, got.Ended)
	}
	want.Registered, want.Beat, want.Ended = got.Registered, got.Beat, got.Ended
	f.same("worker", got, want)
}

func testRegisterAlive(f *fixture) {
	f.define(0, 0)
	for id, state := range map[rush.WorkerID]rush.WorkerState{"new": "", "again": rush.WorkerLost} {
		w := describe(id)
		w.State = state
		f.registerAs(w)
		f.same("state", f.list()[id].State, rush.WorkerRunning)
	}
}

func testRegisterOrder(f *fixture) {
	f.define(0, 0)
	want := []rush.WorkerID{"c", "a", "d", "b"}
	for _, id := range want {
		f.register(id)
	}
	workers, err := f.net.List(f.Context())
	f.check(err)
	var got []rush.WorkerID
	for _, w := range workers {
		got = append(got, w.ID)
	}
	f.same("order", got, want)
}

func testRegisterAgain(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	first := w.claim()
	w.propose(rush.NoTask)
	before := f.list()["w1"]
	again := describe("w1")
	again.Loop = "another"
	f.check(f.net.Register(f.Context(), again))
	after := f.list()["w1"]
	after.Beat = before.Beat
	f.same("worker", after, before)
	f.same("proposed", w.propose(first), first)
}

func testRegisterExists(f *fixture) {
	f.define(0, 0)
	f.register("w1")
	other := describe("w1")
	other.PID++
	f.wantErr("register another PID", f.net.Register(f.Context(), other), rush.ErrExists)
	other = describe("w1")
	other.Host = "elsewhere"
	f.wantErr("register another host", f.net.Register(f.Context(), other), rush.ErrExists)
	f.same("PID", f.list()["w1"].PID, describe("w1").PID)
}

func testRegisterRace(f *fixture) {
	var registered atomic.Int64
	var g errgroup.Group
	for i := range 8 {
		n := f.other()
		g.Go(func() error {
			w := describe("w1")
			w.PID = i
			err := n.Register(f.Context(), w)
			if err == nil {
				registered.Add(1)
			}
			return ignore(err, rush.ErrExists)
		})
	}
	f.check(g.Wait())
	f.same("processes registered", registered.Load(), int64(1))
}

func testRegisterAnew(f *fixture) {
	f.define(0, 0)
	for i, state := range []rush.WorkerState{rush.WorkerTerminated, rush.WorkerKilled, rush.WorkerLost} {
		w := describe("w1")
		w.PID = i
		hand := f.registerAs(w)
		turn := hand.step(store.Step{Claim: true, Propose: proposal(rush.NoTask)}) // the nonce is 1 each time
		if turn.Created != rush.TaskKey(i+1) && i > 0 || turn.Claimed == rush.NoTask {
			f.Errorf("first step of registration %d: got %+v", i, turn)
		}
		_, err := f.net.SignalWorkers(f.Context(), nil, rush.SignalKill)
		f.check(err)
		_, err = f.net.EndWorker(f.Context(), store.WorkerEnd{ID: "w1", State: state, Reason: string(state), Condition: condition(rush.ClassKilled, "")})
		f.check(err)
		got := f.list()["w1"]
		if got.State != state || got.Reason != string(state) || got.Ended.Before(got.Registered) || got.PID != i {
			f.Errorf("registration %d: got %+v, want it to have ended as %s", i, got, state)
		}
	}
	f.register("w1")
	got := f.list()["w1"]
	if got.State != rush.WorkerRunning || got.Reason != "" || !got.Ended.IsZero() || len(got.Running) != 0 {
		f.Errorf("registered anew: got %+v", got)
	}
	signal, err := f.net.Beat(f.Context(), "w1")
	f.check(err)
	f.same("signal", signal, rush.SignalNone)
}

func testBeat(f *fixture) {
	f.define(0, 0)
	f.register("w1")
	first := f.list()["w1"].Beat
	f.eventually("the last beat is a later one", func() bool {
		_, err := f.net.Beat(f.Context(), "w1")
		f.check(err)
		return f.list()["w1"].Beat.After(first)
	})
}

func testNotAlive(f *fixture) {
	f.define(0, 0)
	f.register("ended").terminate(false)
	f.create(queued(1)...)
	for _, id := range []rush.WorkerID{"ended", "unknown"} {
		_, err := f.net.Beat(f.Context(), id)
		f.wantErr("beat", err, rush.ErrLost)
		_, err = f.net.AwaitMail(f.patient(), id, store.Seen{}, long)
		f.wantErr("await mail", err, rush.ErrLost)
		_, err = f.net.Next(f.patient(), store.Step{Worker: id, Nonce: 1, Pop: true, Propose: proposal(rush.NoTask), Claim: true, Wait: long})
		f.wantErr("next", err, rush.ErrLost)
	}
	f.same("counts", f.counts(), rush.Counts{Queued: 1, Created: 1})
}

func testEndWorkerFails(f *fixture) {
	f.define(0, 0)
	w, other := f.register("w1"), f.register("w2")
	f.create(running(3, "w1")...)
	other.propose(rush.NoTask)
	w.finish(1)
	f.same("tasks concerned", ascending(w.terminate(false)), []rush.TaskKey{0, 2})
	f.same("condition", f.record(2).Condition, condition(rush.ClassLost, "gone"))
	f.same("counts", f.counts(), rush.Counts{Running: 1, Finished: 1, Failed: 2, Created: 4})
	f.same("length of the log", len(f.log()), 3)
	got := f.list()["w1"]
	if got.State != rush.WorkerTerminated || got.Reason != "test" || got.Ended.IsZero() || len(got.Running) != 0 {
		f.Errorf("got %+v, want it terminated", got)
	}
}

func testEndWorkerRetries(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	tasks := running(3, "w1")
	tasks[0].MaxRetries, tasks[2].MaxRetries = 1, 1
	f.create(tasks...)
	f.create(queued(1)...)
	f.same("tasks concerned", ascending(w.terminate(true)), span(0, 3))
	f.wantStates(map[rush.TaskKey]rush.State{1: rush.Failed})
	f.same("queue", f.keys(rush.Queued), []rush.TaskKey{0, 2, 3})
	r := f.record(0)
	if r.Attempt != 2 || len(r.Attempts) != 1 || !slices.Equal(r.Attempts[0].Condition, condition(rush.ClassLost, "gone")) {
		f.Errorf("got %+v, want it to wait for its second attempt", r)
	}
}

func testEndWorkerTwice(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	w.propose(rush.NoTask)
	w.terminate(false)
	before := f.list()["w1"]
	_, err := f.net.EndWorker(f.Context(), store.WorkerEnd{ID: "w1", State: rush.WorkerKilled, Reason: "again"})
	f.check(err)
	f.same("worker", f.list()["w1"], before)
	_, err = f.net.EndWorker(f.Context(), store.WorkerEnd{ID: "unknown", State: rush.WorkerKilled})
	f.check(err)
	f.same("workers", len(f.list()), 1)
	f.same("length of the log", len(f.log()), 1)
}
