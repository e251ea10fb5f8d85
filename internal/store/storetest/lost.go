package storetest

import (
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

func lostTests() []test {
	return []test{
		{"a worker that does not beat is lost with its tasks", testLost},
		{"a task with retries left is queued again", testLostRetries},
		{"who beats is not lost", testLostAlive},
		{"who has lapsed is alive until somebody sweeps", testLostUnswept},
		{"a beat renews a heartbeat that has lapsed", testLostRenewed},
		{"each is returned once among many sweepers", testLostOnce},
		{"a lost worker can register anew", testLostAnew},
		{"for who sweeps as a worker the time counts until its last beat", testLostByAWorker},
	}
}

func testLost(f *fixture) {
	f.define(0, 0)
	w := f.registerMortal("mortal")
	idle := f.registerMortal("idle")
	f.create(running(2, w.id)...)
	f.same("lost", f.sweep(w.id, idle.id), map[rush.WorkerID][]rush.TaskKey{"mortal": span(0, 2), "idle": nil})
	for _, r := range f.records(0, 1) {
		f.same("state", r.State, rush.Failed)
		f.same("condition", r.Condition, condition(rush.ClassLost, "heartbeat lapsed"))
	}
	got := f.list()[w.id]
	if got.State != rush.WorkerLost || got.Ended.IsZero() || len(got.Running) != 0 {
		f.Errorf("got %+v, want it lost", got)
	}
	_, err := f.net.Beat(f.Context(), w.id)
	f.wantErr("beat of a lost worker", err, rush.ErrLost)
	f.same("lost again", f.sweep(), map[rush.WorkerID][]rush.TaskKey{})
}

func testLostRetries(f *fixture) {
	f.define(0, 0)
	w := f.registerMortal("mortal")
	tasks := running(3, w.id)
	tasks[0].MaxRetries, tasks[2].MaxRetries = 1, 1
	f.create(tasks...)
	f.create(queued(1)...)
	f.same("tasks", ascending(f.sweep(w.id)[w.id]), span(0, 3))
	f.wantStates(map[rush.TaskKey]rush.State{1: rush.Failed})
	f.same("queue", f.keys(rush.Queued), []rush.TaskKey{0, 2, 3})
	f.same("attempt", f.record(2).Attempt, 2)
}

func testLostAlive(f *fixture) {
	f.define(0, 0)
	f.register("alive").claim()
	mortal := f.registerMortal("mortal")
	f.same("lost", f.sweep(mortal.id), map[rush.WorkerID][]rush.TaskKey{"mortal": nil})
	f.same("state", f.list()["alive"].State, rush.WorkerRunning)
}

// now returns the time by the store's clock, from a run that is running.
func (f *fixture) now() time.Time {
	f.Helper()
	run := f.run()
	return run.Started.Add(run.Elapsed)
}

func testLostUnswept(f *fixture) {
	f.define(0, 0)
	w := f.registerMortal("mortal")
	f.leg(f.net.BeginRun)
	lapsed := f.list()[w.id].Beat.Add(20 * time.Millisecond)
	f.eventually("the heartbeat lapses", func() bool { return f.now().After(lapsed) })
	f.same("state", f.list()[w.id].State, rush.WorkerRunning)
	w.finish(w.propose(rush.NoTask))
	_, err := f.net.Beat(f.Context(), w.id)
	f.check(err)
}

// testLostRenewed sweeps right after a beat. A machine that pauses in between
// gets another chance.
func testLostRenewed(f *fixture) {
	f.define(0, 0)
	f.leg(f.net.BeginRun)
	f.eventually("a worker survives its lapse by a beat", func() bool {
		w := describe("w1")
		w.Heartbeat, w.Expiry = 10*time.Millisecond, 150*time.Millisecond
		f.check(f.net.Register(f.Context(), w))
		lapsed := f.list()["w1"].Beat.Add(w.Expiry + 10*time.Millisecond)
		f.eventually("the heartbeat lapses", func() bool { return f.now().After(lapsed) })
		_, err := f.net.Beat(f.Context(), "w1")
		f.check(err)
		lost, err := f.net.Sweep(f.Context(), "", condition(rush.ClassLost, ""))
		f.check(err)
		return len(lost) == 0
	})
}

func testLostOnce(f *fixture) {
	const workers, sweepers = 20, 6
	f.define(0, 0)
	for i := range workers {
		f.registerMortal(rush.WorkerID(fmt.Sprintf("w%d", i))).propose(rush.NoTask)
	}
	var mu sync.Mutex
	found := map[rush.WorkerID]int{} // under mu
	tasks := map[rush.TaskKey]int{}  // under mu
	add := func(lost []store.LostWorker) int {
		mu.Lock()
		defer mu.Unlock()
		for _, l := range lost {
			found[l.ID]++
			for _, key := range l.Tasks {
				tasks[key]++
			}
		}
		return len(found)
	}
	var g errgroup.Group
	for range sweepers {
		n := f.other()
		g.Go(func() error {
			for f.Context().Err() == nil {
				lost, err := n.Sweep(f.patient(), "", condition(rush.ClassLost, ""))
				if err != nil || add(lost) == workers {
					return err
				}
			}
			return f.Context().Err()
		})
	}
	f.check(g.Wait())
	f.same("workers and tasks", []int{len(found), len(tasks)}, []int{workers, workers})
	for id, n := range found {
		f.same("times that "+string(id)+" was returned", n, 1)
	}
	f.same("counts", f.counts(), rush.Counts{Failed: workers, Created: workers})
}

func testLostAnew(f *fixture) {
	f.define(0, 0)
	w := f.registerMortal("w1")
	w.propose(rush.NoTask)
	f.sweep(w.id)
	w = f.register("w1")
	f.same("proposed", w.propose(rush.NoTask), rush.TaskKey(1))
	f.same("running", f.list()["w1"].Running, span(1, 1))
}

func testLostByAWorker(f *fixture) {
	f.define(0, 0)
	f.leg(f.net.BeginRun)
	f.register("sweeper")
	f.registerMortal("mortal")
	lapsed := f.list()["mortal"].Beat.Add(20 * time.Millisecond)
	f.eventually("the heartbeat lapses", func() bool { return f.now().After(lapsed) })
	swept := func(by rush.WorkerID) int {
		f.Helper()
		lost, err := f.net.Sweep(f.Context(), by, condition(rush.ClassLost, ""))
		f.check(err)
		return len(lost)
	}
	f.same("lost for one that slept, too", swept("sweeper"), 0)
	f.same("lost for nobody that is known", swept("nobody"), 0)
	_, err := f.net.Beat(f.Context(), "sweeper")
	f.check(err)
	f.same("lost for one that beats", swept("sweeper"), 1)
}
