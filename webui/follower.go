package webui

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/table"
)

const (
	// idleWait is one wait for endings: that a worker has taken a task wakes
	// nobody, so that is seen after this at the latest.
	idleWait = time.Second
	// lookEvery is the shortest time between two looks at what has not ended.
	lookEvery = 250 * time.Millisecond
	// patience is how long one call to the store may take until the store counts
	// as gone. retryEvery is how often it is tried then.
	patience   = 10 * time.Second
	retryEvery = 500 * time.Millisecond
	// nameEvery is the shortest time between two looks at what the network is called.
	nameEvery = 3 * time.Second
	// frameRecords are the most rows of one frame, and of one page of the log.
	frameRecords = 4096
)

// A follower finds out what has changed in a network. Endings come from the log,
// which it waits for; what has not ended is compared with what it was at the look
// before.
//
//	run
//	  turn       one after the other, so that rows never go back in time
//	    wait       for an ending, or for somebody who is in a hurry
//	    endings    the log's new entries
//	    look       counts, run, workers; and the tasks that have not ended
//	  trouble    the store is gone: say so, try again
type follower struct {
	hub  *hub
	net  Network
	src  table.Source
	logs logTail

	// used by the goroutine of run
	cursor rush.Cursor
	open   map[rush.TaskKey]standing // the tasks that have not ended
	counts rush.Counts               // at the last look at the open tasks
	born   int64                     // how many tasks had been created at the look before that
	looked time.Time                 // when that was
	cost   time.Duration             // how long it took
	glance time.Time                 // of the last look at counts, run and workers
	framed time.Time                 // when the last frame was sent
	named  time.Time                 // when the next look at the network's name is due
	pulse  []beat
	ended  bool      // the network was destroyed; there may be another one of its name
	gone   time.Time // since when the store cannot be reached; zero if it can
}

// A standing says how a task stood that had not ended.
type standing struct {
	state   rush.State
	attempt int
}

func newFollower(b *hub) *follower {
	f := &follower{hub: b, net: b.net, src: b.net.Source(), open: map[rush.TaskKey]standing{}}
	f.logs.init(b)
	return f
}

// begin notes where the network stands.
func (f *follower) begin(ctx context.Context) error {
	if err := f.restart(ctx); err != nil {
		return err
	}
	return f.tellCounts(ctx)
}

// restart notes which tasks are open and where the log ends. What had ended before
// is for snapshots.
func (f *follower) restart(ctx context.Context) error {
	counts, err := f.net.Counts(ctx)
	if err != nil {
		return err
	}
	snap, err := f.src.Snapshot(ctx)
	if err != nil {
		return err
	}
	f.counts, f.born = counts, counts.Created
	f.cursor = snap.Cursor
	clear(f.open)
	for state, keys := range openTasks(snap) {
		for _, key := range keys {
			f.open[key] = standing{state: state}
		}
	}
	f.looked = time.Time{}
	return nil
}

func openTasks(s rush.Snapshot) map[rush.State][]rush.TaskKey {
	return map[rush.State][]rush.TaskKey{rush.Deferred: s.Deferred, rush.Queued: s.Queued, rush.Running: s.Running}
}

// run follows the network until ctx ends.
func (f *follower) run(ctx context.Context) {
	var others sync.WaitGroup
	defer others.Wait()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	for _, other := range []func(context.Context){f.events, f.logs.run} {
		others.Go(func() {
			defer stop() // one that breaks ends all
			f.hub.guarded(func() { other(ctx) })
		})
	}
	for ctx.Err() == nil {
		err := f.turn(ctx)
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			f.trouble(ctx, err)
			continue
		}
		f.recovered()
		pause(ctx, f.hub.cfg.Pace-time.Since(f.framed)) // what comes meanwhile is one frame
	}
}

// turn waits for something, and reads what is new.
func (f *follower) turn(ctx context.Context) error {
	if f.ended {
		if err := f.begunAnew(ctx); err != nil {
			return err
		}
		f.ended = false
		f.hub.unsay("error")
	}
	if err := f.wait(ctx); err != nil {
		return err
	}
	if err := f.endings(ctx); err != nil {
		return err
	}
	if time.Since(f.glance) < lookEvery {
		return nil
	}
	if err := f.tellCounts(ctx); err != nil {
		return err
	}
	if err := f.tellWorkers(ctx); err != nil {
		return err
	}
	f.tellName(ctx)
	return nil
}

// wait waits until the log has something new, but not much longer than idleWait.
func (f *follower) wait(ctx context.Context) error {
	wait := idleWait
	if !f.gone.IsZero() {
		wait = 0
	}
	limit, cancel := f.hub.waiting(ctx, patience)
	defer cancel()
	_, err := f.src.Ended(limit, f.cursor, 1, rush.NoFields, wait)
	if errors.Is(limit.Err(), context.Canceled) {
		return ctx.Err() // somebody is in a hurry
	}
	return err
}

// endings publishes what the log has since the cursor, a page a frame.
func (f *follower) endings(ctx context.Context) error {
	for more := true; more; {
		limit, cancel := context.WithTimeout(ctx, patience)
		page, err := f.src.Ended(limit, f.cursor, frameRecords, table.DefaultFields, 0)
		cancel()
		if err != nil {
			return err
		}
		if page.Reset {
			return f.begunAnew(ctx)
		}
		if err := f.publishEnded(ctx, page); err != nil {
			return err
		}
		f.cursor, more = page.Next, page.More
	}
	return nil
}

// begunAnew is what happens when the network was reset, or another one has its name:
// then it may be about something else.
func (f *follower) begunAnew(ctx context.Context) error {
	limit, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := f.hub.define(limit); err != nil {
		return err
	}
	if err := f.restart(limit); err != nil {
		return err
	}
	f.pulse = nil
	f.hub.restart()
	return nil
}

// publishEnded publishes the newest state of every task that a page names.
func (f *follower) publishEnded(ctx context.Context, page rush.Page) error {
	var recs []*rush.Record
	var again []rush.TaskKey
	seen := make(map[rush.TaskKey]bool, len(page.Endings))
	for i := len(page.Endings) - 1; i >= 0; i-- {
		key := page.Endings[i].Key
		if seen[key] {
			continue
		}
		seen[key] = true
		if rec := &page.Records[i]; rec.State.Ended() {
			recs = append(recs, rec)
			delete(f.open, key)
		} else {
			again = append(again, key) // it was withdrawn, or has been retried since
		}
	}
	if len(again) > 0 {
		more, err := f.read(ctx, again)
		if err != nil {
			return err
		}
		recs = append(recs, more...)
	}
	if len(recs) == 0 {
		return nil
	}
	return f.publish(ctx, recs)
}

// publish sends a frame, not sooner than the pace after the one before.
func (f *follower) publish(ctx context.Context, recs []*rush.Record) error {
	pause(ctx, f.hub.cfg.Pace-time.Since(f.framed))
	f.framed = time.Now()
	return f.hub.publish(recs)
}

// deleted is the state of a row whose task is gone.
const deleted rush.State = "deleted"

// read reads tasks and notes how they stand.
func (f *follower) read(ctx context.Context, keys []rush.TaskKey) ([]*rush.Record, error) {
	limit, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	recs, err := f.src.Records(limit, keys, table.DefaultFields)
	if err != nil {
		return nil, err
	}
	out := make([]*rush.Record, len(recs))
	for i := range recs {
		rec := &recs[i]
		out[i] = rec
		switch {
		case rec.State == "":
			out[i] = &rush.Record{Key: keys[i], State: deleted}
			delete(f.open, keys[i])
		case rec.State.Ended():
			delete(f.open, rec.Key)
		default:
			f.open[rec.Key] = standing{rec.State, rec.Attempt}
		}
	}
	return out, nil
}

// trouble says that the network does not exist any more, or that the store cannot
// be reached, and lets a moment pass.
func (f *follower) trouble(ctx context.Context, err error) {
	switch {
	case errors.Is(err, rush.ErrNoNetwork):
		f.recovered() // the store has answered
		f.ended = true
		f.hub.tellIfNew("error", map[string]any{"message": "the network does not exist any more", "code": "no_network"})
	case f.gone.IsZero():
		f.gone = time.Now()
		f.hub.cfg.Log.Warn("a network cannot be read; trying again", "network", f.hub.id, "error", err)
		f.hub.tell("store", map[string]any{"reachable": false, "since_us": f.gone.UnixMicro(), "now_us": nowMicros(), "message": err.Error()}, true)
	}
	pause(ctx, retryEvery)
}

// recovered says that the store can be reached again.
func (f *follower) recovered() {
	if f.gone.IsZero() {
		return
	}
	f.gone = time.Time{}
	f.hub.cfg.Log.Info("a network can be read again", "network", f.hub.id)
	f.hub.tell("store", map[string]any{"reachable": true, "since_us": nowMicros(), "now_us": nowMicros()}, true)
}

// events has the follower look whenever something happens in the life of a worker
// or of the network.
func (f *follower) events(ctx context.Context) {
	var at rush.Cursor
	if page, err := f.net.TailLog(ctx, 1, rush.LogFilter{}); err == nil {
		at = page.Next
	}
	filter := rush.LogFilter{Kinds: []rush.LogKind{rush.LogEvent}}
	for ctx.Err() == nil {
		page, err := f.net.ReadLog(ctx, at, filter, 0, 10*time.Second)
		if err != nil {
			pause(ctx, retryEvery)
			continue
		}
		at = page.Next
		if len(page.Entries) > 0 {
			f.hub.hurry()
			pause(ctx, lookEvery)
		}
	}
}

// pause lets a time pass, unless ctx ends.
func pause(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
