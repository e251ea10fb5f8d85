package storetest

import (
	"context"
	"fmt"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

func wakeTests() []test {
	return []test{
		{"a result makes its round trips", testWakeRoundTrips},
		{"a push wakes a worker", testWakePush},
		{"a push to its own queue wakes a worker", testWakeOwnQueue},
		{"each push wakes another worker", testWakeMany},
		{"a task that is queued again wakes a worker", testWakeRequeue},
		{"a retry wakes a worker", testWakeRetry},
		{"a released task wakes a worker", testWakeReleased},
		{"a returned claim wakes a worker", testWakeClaim},
		{"a raised limit wakes a worker", testWakeLimit},
		{"a stop request wakes every worker", testWakeStop},
		{"a signal wakes its worker", testWakeSignal},
		{"the network being drained wakes every worker", testWakeDrained},
		{"the network being drained does not wake who is idle", testWakeIdle},
		{"a signal wakes who awaits it", testWakeAwait},
		{"an ending wakes a reader", testWakeEnded},
		{"a withdrawal wakes a reader", testWakeWithdrawn},
		{"waiters survive a rename", testWakeRenamed},
		{"many wait on one handle, which goes on", testWakeCrowd},
		{"who has left takes nothing", testWakeLeft},
		{"a step that was cut short can be repeated", testWakeCutShort},
	}
}

// A waiter is a verb that blocks in a goroutine.
type waiter[T any] struct {
	f      *fixture
	what   string
	answer chan T
	err    chan error
}

// wait starts a verb that will block until something wakes it.
func wait[T any](f *fixture, what string, verb func(ctx context.Context) (T, error)) *waiter[T] {
	w := &waiter[T]{f: f, what: what, answer: make(chan T, 1), err: make(chan error, 1)}
	ctx := f.patient()
	done := make(chan struct{})
	go func() {
		defer close(done)
		answer, err := verb(ctx)
		w.answer <- answer
		w.err <- err
	}()
	f.Cleanup(func() { <-done }) // f.patient ends it before
	f.settle()
	return w
}

// settle gives a waiter the time to block: the time of some round trips.
func (f *fixture) settle() {
	f.Helper()
	for range 5 {
		f.counts()
	}
}

// woken returns the answer of a verb that something has woken.
func (w *waiter[T]) woken() T {
	w.f.Helper()
	answer, err := <-w.answer, <-w.err
	if err != nil {
		w.f.Fatalf("%s was not woken: %v", w.what, err)
	}
	return answer
}

// inUse returns another handle on the network that has found it.
func (f *fixture) inUse() store.Network {
	f.Helper()
	n := f.other()
	_, err := n.Counts(f.Context())
	f.check(err)
	return n
}

// next starts a step that will block, through a handle of its own.
func (w *worker) next(s store.Step) *waiter[store.Turn] {
	w.Helper()
	w.nonce++
	s.Worker, s.Nonce, s.Wait = w.id, w.nonce, long
	n := w.inUse()
	return wait(w.fixture, "next of "+string(w.id), func(ctx context.Context) (store.Turn, error) { return n.Next(ctx, s) })
}

// wantPopped reports a turn that is not one with a task.
func (f *fixture) wantPopped(turn store.Turn, key rush.TaskKey) {
	f.Helper()
	if turn.Task == nil || turn.Task.Key != key {
		f.Fatalf("woken with %+v, want task %d", turn, key)
	}
}

// testWakeRoundTrips bounds many round trips together by the patience with
// one, which a store that only looks every now and then does not meet.
func testWakeRoundTrips(f *fixture) {
	f.define(0, 0)
	const trips = 150
	w, n := f.register("w1"), f.other()
	worker := wait(f, "a worker", func(ctx context.Context) (int64, error) {
		step := store.Step{Worker: w.id, Pop: true, Wait: long, Idle: true}
		for step.Nonce = 1; ; step.Nonce++ {
			turn, err := n.Next(ctx, step)
			if err != nil || turn.Task == nil {
				return step.Nonce, err
			}
			step.Done = []store.Done{finished(turn.Task.Key, 1)}
		}
	})
	ctx := f.patient()
	var from rush.Cursor
	for i := range trips {
		f.create(queued(1)...)
		page, err := f.net.Ended(ctx, from, 0, rush.FieldYS, long)
		if err != nil || len(page.Endings) != 1 {
			f.Fatalf("round trip %d: got %+v, %v", i, page, err)
		}
		from = page.Next
	}
	f.requestStop("enough")
	f.same("steps", worker.woken(), int64(trips+1))
}

func testWakePush(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	for i := range 10 {
		next := w.next(store.Step{Pop: true, Idle: true})
		f.create(queued(1)...)
		f.wantPopped(next.woken(), rush.TaskKey(i))
		w.finish(rush.TaskKey(i))
	}
}

func testWakeOwnQueue(f *fixture) {
	f.define(0, 0)
	w1 := f.register("w1")
	w2 := f.register("w2")
	next1, next2 := w1.next(store.Step{Pop: true, Idle: true}), w2.next(store.Step{Pop: true, Queues: []string{"high"}, Idle: true})
	f.create(in("high", 1)...)
	f.create(in("w1", 1)...)
	f.wantPopped(next1.woken(), 1)
	f.wantPopped(next2.woken(), 0)
}

func testWakeMany(f *fixture) {
	f.define(0, 0)
	var waiting []*waiter[store.Turn]
	for i := range 8 {
		waiting = append(waiting, f.register(rush.WorkerID(fmt.Sprintf("w%d", i))).next(store.Step{Pop: true, Idle: true}))
	}
	f.create(queued(3)...)
	f.create(queued(5)...)
	var popped []rush.TaskKey
	for _, w := range waiting {
		if turn := w.woken(); turn.Task != nil {
			popped = append(popped, turn.Task.Key)
		}
	}
	f.same("popped", ascending(popped), span(0, 8))
}

func testWakeRequeue(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	for i, end := range []func(other *worker){
		func(other *worker) { other.terminate(true) },
		func(other *worker) {
			other.wantOutcomes([]store.Done{retried(1, 1)}, store.Retried)
			other.terminate(true)
		},
		func(other *worker) { f.sweep(other.id) },
	} {
		key := rush.TaskKey(i)
		other := f.registerMortal("other")
		task := running(1, other.id)
		task[0].MaxRetries = 1
		f.create(task...)
		next := w.next(store.Step{Pop: true})
		end(other)
		f.wantPopped(next.woken(), key)
		f.wantEnd([]store.Done{finished(key, 2)}, store.Applied)
	}
}

func testWakeRetry(f *fixture) {
	f.define(0, 0)
	f.create(queued(1)...)
	f.end(failed(0, 0))
	next := f.register("w1").next(store.Step{Pop: true, Idle: true})
	f.retry(0)
	f.wantPopped(next.woken(), 0)
}

func testWakeReleased(f *fixture) {
	f.define(0, 0)
	other := f.register("w2")
	key := other.propose(rush.NoTask)
	f.create(after(key))
	next := f.register("w1").next(store.Step{Pop: true})
	other.finish(key)
	f.wantPopped(next.woken(), 1)
}

func testWakeClaim(f *fixture) {
	f.define(1, 0)
	other := f.register("w2")
	other.claim()
	next := f.register("w1").next(store.Step{Pop: true, Claim: true})
	other.terminate(false)
	f.same("claimed", next.woken().Claimed, rush.TaskKey(0))
}

func testWakeLimit(f *fixture) {
	f.define(1, 0)
	f.create(queued(2)...)
	w1, w2 := f.register("w1"), f.register("w2")
	w1.pop()
	pop, claim := w1.next(store.Step{Pop: true}), w2.next(store.Step{Claim: true})
	f.redefine(1, 3, 0)
	f.wantPopped(pop.woken(), 1)
	f.same("claimed", claim.woken().Claimed, rush.TaskKey(2))
}

func testWakeStop(f *fixture) {
	f.define(0, 0)
	f.leg(f.net.BeginRun)
	f.register("busy").claim()
	var waiting []*waiter[store.Turn]
	for i := range 4 {
		waiting = append(waiting, f.register(rush.WorkerID(fmt.Sprintf("w%d", i))).next(store.Step{Pop: true, Idle: i%2 == 0}))
	}
	f.requestStop("enough")
	for i, w := range waiting {
		turn := w.woken()
		f.wantNothing(turn)
		f.same(fmt.Sprintf("stop of worker %d", i), turn.Stop, "enough")
	}
}

func testWakeSignal(f *fixture) {
	f.define(0, 0)
	next := f.register("w1").next(store.Step{Pop: true, Idle: true})
	f.signal(rush.SignalTerminate, "w1")
	turn := next.woken()
	f.wantNothing(turn)
	f.same("stop", turn.Stop, string(rush.SignalTerminate))
}

// testWakeDrained takes away the last of what could come, in every way there
// is, while two workers wait.
func testWakeDrained(f *fixture) {
	f.define(0, 0)
	w1, w2 := f.register("w1"), f.register("w2")
	for what, way := range map[string]struct{ prepare, drain func(busy *worker) }{
		"finished": {
			func(busy *worker) { busy.propose(rush.NoTask) },
			func(busy *worker) { busy.finish(f.keys(rush.Running)[0]) },
		},
		"failed by somebody else": {
			func(busy *worker) { busy.propose(rush.NoTask) },
			func(*worker) { f.end(failed(f.keys(rush.Running)[0], 0)) },
		},
		"lost": {
			func(busy *worker) { busy.propose(rush.NoTask) },
			func(busy *worker) { f.sweep(busy.id) },
		},
		"claimed by who ends": {
			func(busy *worker) { busy.claim() },
			func(busy *worker) { busy.terminate(false) },
		},
		"queued elsewhere and deleted": {
			func(*worker) { f.create(in("elsewhere", 1)...) },
			func(*worker) { f.remove(f.keys(rush.Queued)...) },
		},
		"reset": {
			func(busy *worker) { busy.propose(rush.NoTask) },
			func(*worker) { f.reset(false) },
		},
	} {
		busy := f.registerMortal("busy")
		way.prepare(busy)
		next1, next2 := w1.next(store.Step{Pop: true}), w2.next(store.Step{Pop: true, Queues: []string{"high"}})
		way.drain(busy)
		for _, turn := range []store.Turn{next1.woken(), next2.woken()} {
			f.wantNothing(turn)
			f.same("drained when what is left is "+what, turn.Drained, true)
		}
		busy.terminate(false)
	}
}

func testWakeIdle(f *fixture) {
	f.define(0, 0)
	busy := f.register("busy")
	busy.propose(rush.NoTask)
	next := f.register("w1").next(store.Step{Pop: true, Idle: true})
	busy.finish(0)
	f.settle()
	f.create(queued(1)...)
	f.wantPopped(next.woken(), 1)
}

func testWakeAwait(f *fixture) {
	f.define(0, 0)
	f.register("w1")
	f.register("w2")
	n := f.other()
	for i, s := range []rush.Signal{rush.SignalTerminate, rush.SignalKill} {
		id := rush.WorkerID(fmt.Sprintf("w%d", i+1))
		await := wait(f, "await mail", func(ctx context.Context) (store.Mail, error) { return n.AwaitMail(ctx, id, store.Seen{}, long) })
		f.signal(s, id)
		f.same("signal", await.woken().Signal, s)
	}
}
