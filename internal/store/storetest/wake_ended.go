package storetest

import (
	"context"
	"fmt"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// ended starts a reader of the log, through a handle of its own.
func (f *fixture) ended(from rush.Cursor) *waiter[rush.Page] {
	f.Helper()
	n := f.inUse()
	return wait(f, "ended", func(ctx context.Context) (rush.Page, error) {
		return n.Ended(ctx, from, 0, rush.AllFields, time.Hour)
	})
}

func testWakeEnded(f *fixture) {
	f.define(0, 0)
	w := f.registerMortal("w1")
	f.create(running(4, w.id)...)
	var from rush.Cursor
	for key, end := range []func(){
		func() { w.finish(0) },
		func() { f.end(failed(1, 1)) },
		func() { f.create(store.NewTask{State: rush.Finished, YS: encode("y", 4)}) },
		func() { f.sweep(w.id) },
	} {
		reader := f.ended(from)
		end()
		page := reader.woken()
		if len(page.Endings) == 0 || len(page.Records) != len(page.Endings) || page.Records[0].Key != page.Endings[0].Key {
			f.Fatalf("ending %d: got %+v", key, page)
		}
		from = page.Next
	}
	f.same("length of the log", len(f.log()), 5)
}

func testWakeWithdrawn(f *fixture) {
	f.define(0, 0)
	f.create(queued(1)...)
	f.end(failed(0, 0))
	reader := f.ended(rush.Cursor{Epoch: f.read(f.net, rush.Cursor{}).Next.Epoch, Offset: 1})
	f.remove(0)
	f.same("endings", reader.woken().Endings, []rush.Ending{{Key: 0}})
}

func testWakeRenamed(f *fixture) {
	f.define(0, 0)
	w := f.register("w1")
	next := w.next(store.Step{Pop: true, Idle: true})
	reader := f.ended(rush.Cursor{})
	_, err := f.rename().Create(f.Context(), queued(1), "nonce")
	f.check(err)
	f.wantPopped(next.woken(), 0)
	w.finish(0)
	f.same("endings", reader.woken().Endings, []rush.Ending{{Key: 0, Attempt: 1, State: rush.Finished}})
}

// testWakeCrowd has more wait on one handle than it may have connections.
func testWakeCrowd(f *fixture) {
	const crowd = 64
	f.define(0, 0)
	var waiting []*waiter[store.Turn]
	var readers []*waiter[rush.Page]
	for i := range crowd {
		w := f.register(rush.WorkerID(fmt.Sprintf("w%d", i)))
		step := store.Step{Worker: w.id, Nonce: 1, Pop: true, Wait: long, Idle: true}
		waiting = append(waiting, wait(f, "next", func(ctx context.Context) (store.Turn, error) { return f.net.Next(ctx, step) }))
		readers = append(readers, wait(f, "ended", func(ctx context.Context) (rush.Page, error) {
			return f.net.Ended(ctx, rush.Cursor{}, 0, rush.NoFields, long)
		}))
	}
	f.create(queued(crowd + 1)...)
	var popped []rush.TaskKey
	for _, w := range waiting {
		popped = append(popped, taskKey(w.woken()))
	}
	f.same("popped", ascending(popped), span(0, crowd))
	f.end(finished(crowd, 0))
	for _, r := range readers {
		f.same("endings", r.woken().Endings, []rush.Ending{{Key: crowd, State: rush.Finished}})
	}
}

func testWakeLeft(f *fixture) {
	f.define(0, 0)
	f.register("w1")
	ctx, cancel := context.WithCancel(f.Context())
	next := wait(f, "next", func(context.Context) (none struct{}, err error) {
		_, err = f.net.Next(ctx, store.Step{Worker: "w1", Nonce: 1, Pop: true, Wait: long, Idle: true})
		return none, ignore(err, context.Canceled)
	})
	cancel()
	next.woken()
	f.create(queued(1)...)
	f.same("popped by another", f.register("w2").pop().Key, rush.TaskKey(0))
}

// testWakeCutShort has a worker leave while a task comes. Either it got the
// task, and the repeat says so, or another can have it.
func testWakeCutShort(f *fixture) {
	f.define(0, 0)
	w, other := f.register("w1"), f.register("w2")
	for i := range 20 {
		ctx, cancel := context.WithCancel(f.Context())
		w.nonce++
		step := store.Step{Worker: w.id, Nonce: w.nonce, Pop: true, Wait: long, Idle: true}
		next := wait(f, "next", func(context.Context) (turn store.Turn, err error) {
			turn, err = f.net.Next(ctx, step)
			return turn, ignore(err, context.Canceled)
		})
		go cancel()
		key := f.create(queued(1)...)[0]
		turn := next.woken()
		again := w.repeat(store.Step{Pop: true})
		if turn.Task != nil {
			f.same("the repeat's answer", again, turn)
		}
		if again.Task == nil {
			f.same("popped by another", other.pop().Key, key)
		} else {
			f.same("popped", again.Task.Key, key)
		}
		f.wantNothing(other.step(store.Step{Pop: true}))
		f.same("tasks running", f.counts().Running, int64(i+1))
	}
}
