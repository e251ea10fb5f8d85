package network

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/mailbox"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/sweep"
	"github.com/rushnet/rush/internal/wire"
	"github.com/rushnet/rush/plugins"
	"github.com/rushnet/rush/rushworker"
)

// endGrace bounds the calls that tell the store of a worker's end.
const endGrace = 10 * time.Second

// signalWait is one blocking wait for a worker's signals.
const signalWait = 5 * time.Second

// A body is what a worker lives in: a process, or a goroutine of this one.
type body interface {
	Done() <-chan struct{}  // closed when nothing of it is left
	End() plugins.WorkerEnd // waits for Done
	Kill()                  // ends it at once
	// Deliver hands it a message; see rushworker.Worker.Deliver.
	Deliver(ctx context.Context, m rushworker.Message) error
}

var _ body = (*plugins.WorkerProcess)(nil)

// An agent looks after one worker: it beats for it, obeys the kills
// that it is sent, takes its messages, says how it ended, and sweeps for lost workers.
//
//	run ─┬─ beat     renew the heartbeat, sweep      (every heartbeat)
//	     ├─ listen   wait for a signal, kill; take messages
//	     └─ bury     when the process has ended: tell the store
type agent struct {
	id        rush.WorkerID
	net       store.Network
	body      body
	heartbeat time.Duration
	expiry    time.Duration
	log       *slog.Logger
	logDir    string                      // for what it prints; empty: none
	again     func(context.Context) error // starts such a worker again; returns when it is registered
	vigil     vigil                       // used by beat only, once the agent runs

	mu     sync.Mutex // guards killed
	killed string     // who killed the worker, and why; empty unless somebody did

	joined chan struct{}    // closed when the worker is registered
	state  rush.WorkerState // how it ended; set before done is closed
	end    plugins.WorkerEnd
	untold error // why the store could not be told of the end; set before done is closed
	done   chan struct{}
}

// newAgent makes the agent of a worker, and makes it known. again starts such a
// worker again.
func (r *Rush) newAgent(id rush.WorkerID, b body, w Workers, again func(context.Context) error) *agent {
	a := &agent{
		id: id, net: r.net, body: b, heartbeat: w.Heartbeat, expiry: w.Expiry, log: r.log, logDir: w.LogDir, again: again,
		joined: make(chan struct{}), done: make(chan struct{}),
	}
	a.vigil.look(time.Now(), a.gap())
	r.mu.Lock()
	defer r.mu.Unlock()
	r.local[id] = a
	r.started = append(r.started, a)
	return a
}

// run looks after the worker until its process has ended. When ctx ends it
// kills the process.
func (a *agent) run(ctx context.Context) {
	defer close(a.done)
	watch, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var watchers sync.WaitGroup
	watchers.Go(func() { a.beat(watch) })
	watchers.Go(func() { a.listen(watch) })
	select {
	case <-a.body.Done():
	case <-ctx.Done():
		a.kill(context.Cause(ctx).Error())
	}
	a.end = a.body.End()
	cancel()
	watchers.Wait()
	a.bury(ctx)
}

// kill ends the worker's process at once; the first reason stays.
func (a *agent) kill(reason string) {
	a.mu.Lock()
	if a.killed == "" {
		a.killed = reason
	}
	a.mu.Unlock()
	a.body.Kill()
}

func (a *agent) killedBy() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.killed
}

// beat renews the heartbeat and sweeps for lost workers, until ctx ends. An
// agent that could not reach the store itself for a while, or did not run, does
// not sweep for an expiry; see vigil.
func (a *agent) beat(ctx context.Context) {
	tick := time.NewTicker(a.heartbeat)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		_, err := a.once(ctx, a.net.Beat)
		if errors.Is(err, rush.ErrLost) {
			err = a.rejoin(ctx)
		}
		if errors.Is(err, rush.ErrLost) || errors.Is(err, rush.ErrNoNetwork) {
			a.outcast(ctx)
			return
		}
		if err != nil {
			a.log.Debug("no heartbeat", "worker", a.id, "error", err)
			continue
		}
		if a.vigil.look(time.Now(), a.gap()); a.vigil.trusts(a.expiry) {
			a.sweep(ctx)
		}
	}
}

// gap is from when on the agent beats too late. Others may have beaten for the
// last time a heartbeat before it did.
func (a *agent) gap() time.Duration { return (a.heartbeat + a.expiry) / 2 }

// rejoin makes a worker alive again that was declared lost: it lives, but its
// beats did not arrive for too long. It goes on under its id, and learns of it
// by what its next verb answers. rush.ErrLost: it ended otherwise.
func (a *agent) rejoin(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, a.expiry)
	defer cancel()
	err := a.net.Rejoin(ctx, a.id)
	if err == nil {
		a.log.Warn("a worker had been declared lost, but lives: it has joined again", "worker", a.id)
	}
	return err
}

// outcast sees to a worker that is no longer part of the network, but not
// because it was lost, or whose network is gone. One that has left by itself, or learns it from its next verb, ends soon; one that does not
// is killed.
func (a *agent) outcast(ctx context.Context) {
	if pause(ctx, a.expiry); ctx.Err() == nil {
		a.log.Warn("the network gave the worker up; its process is stopped", "worker", a.id)
		a.kill("the network gave the worker up")
	}
}

// once makes a call that is not worth waiting for longer than an expiry.
func (a *agent) once(ctx context.Context, call func(context.Context, rush.WorkerID) (rush.Signal, error)) (rush.Signal, error) {
	ctx, cancel := context.WithTimeout(ctx, a.expiry)
	defer cancel()
	return call(ctx, a.id)
}

func (a *agent) sweep(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, a.expiry)
	defer cancel()
	lost, err := sweep.Now(ctx, a.net, a.id)
	if err != nil {
		a.log.Debug("no sweep", "worker", a.id, "error", err)
	}
	for _, w := range lost {
		a.log.Warn("a worker was lost: its heartbeat lapsed", "worker", w.ID, "tasks", w.Tasks)
	}
}

// listen waits for signals and messages, until ctx ends. It obeys a kill; a
// terminate is for the worker's loop, which learns it by itself.
func (a *agent) listen(ctx context.Context) {
	box := mailbox.Box{Net: a.net, Worker: a.id, Log: a.log, Deliver: func(ctx context.Context, m store.Message) error {
		return a.body.Deliver(ctx, rushworker.Message(m))
	}}
	defer box.Wait()
	var seen store.Seen
	for ctx.Err() == nil {
		mail, err := a.net.AwaitMail(ctx, a.id, seen, signalWait)
		if err == nil && mail.Signal == rush.SignalKill {
			a.kill("the worker was asked to kill itself")
			return
		}
		if err != nil {
			pause(ctx, a.heartbeat)
			continue
		}
		seen.Signal = mail.Signal
		for _, m := range mail.Messages {
			seen.Message = m.ID
			box.Take(ctx, m)
		}
	}
}

// pause blocks for d or until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

// bury tells the store how the worker ended. If the worker left by itself
// this changes nothing.
func (a *agent) bury(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endGrace)
	defer cancel()
	cond := &rush.Condition{Class: rush.ClassLost, Message: "the worker died: " + a.end.Reason, Stderr: a.end.Stderr}
	e := store.WorkerEnd{ID: a.id, State: rush.WorkerLost, Reason: a.end.Reason, Retry: true}
	if by := a.killedBy(); by != "" {
		cond.Class, cond.Message = rush.ClassKilled, "the worker was killed: "+by
		e.State, e.Reason, e.Retry = rush.WorkerKilled, by, false
	}
	a.state = e.State
	if a.end.Clean {
		a.state = rush.WorkerTerminated
	}
	var err error
	if e.Condition, err = wire.EncodeCondition(cond); err == nil {
		err = a.tell(ctx, e)
	}
	if err != nil && !errors.Is(err, rush.ErrNoWorker) && !errors.Is(err, rush.ErrNoNetwork) {
		a.untold = err
		a.log.Error("the store was not told of a worker's end; a sweep will find it", "worker", a.id, "error", err)
	}
}

// tell calls EndWorker, again while the store cannot be reached.
func (a *agent) tell(ctx context.Context, e store.WorkerEnd) error {
	for {
		_, err := a.net.EndWorker(ctx, e)
		if err == nil || !store.Unavailable(err) {
			return err
		}
		if pause(ctx, 100*time.Millisecond); ctx.Err() != nil {
			return fmt.Errorf("gave up: %w", err)
		}
	}
}
