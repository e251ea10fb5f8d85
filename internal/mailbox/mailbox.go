// Package mailbox takes a worker's messages: it answers some of them at once,
// in the worker's name, and hands the others to the worker in their order.
package mailbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/wire"
)

// A Box is one worker's. Set its fields before the first call of Take; then
// Take must be called by one goroutine at a time.
type Box struct {
	Net    store.Network
	Worker rush.WorkerID
	Log    *slog.Logger
	// Deliver hands a message to the worker and returns when the worker has
	// answered it, or, if it is one that is answered here, at once. An error
	// is the response.
	Deliver func(ctx context.Context, m store.Message) error

	mu      sync.Mutex      // guards what follows
	waiting []store.Message // to be delivered, in their order
	busy    bool            // a goroutine delivers them
	workers sync.WaitGroup
}

// AtOnce reports whether a message is answered even while the worker evaluates
// a task.
func AtOnce(c rush.Command) bool {
	switch c {
	case rush.CommandPing, rush.CommandEcho, rush.CommandInfo, rush.CommandTimeoutGet, rush.CommandCancel:
		return true
	}
	return false
}

// known reports whether the message is one for a worker.
func known(c rush.Command) bool {
	switch c {
	case rush.CommandTimeoutSet, rush.CommandPause, rush.CommandResume, rush.CommandRefresh, rush.CommandStop, rush.CommandEval:
		return true
	}
	return AtOnce(c)
}

// Take takes a message without waiting for what becomes of it. It is to end
// with ctx.
func (b *Box) Take(ctx context.Context, m store.Message) {
	switch {
	case !known(m.Command):
		b.respond(ctx, m, nil, fmt.Errorf("unknown message %q; expected PING, ECHO, INFO, TIMEOUT_GET, TIMEOUT_SET, PAUSE, RESUME, REFRESH, STOP or EVAL", m.Command))
	case m.Command == rush.CommandPing:
		b.respond(ctx, m, "PONG", nil)
	case m.Command == rush.CommandEcho:
		text, err := Argument(m)
		b.Log.Info("a message says", "worker", b.Worker, "message", m.ID, "text", text)
		b.respond(ctx, m, "OK", err)
	case m.Command == rush.CommandInfo:
		info, err := b.info(ctx)
		b.respond(ctx, m, info, err)
	}
	if AtOnce(m.Command) {
		b.workers.Go(func() { b.deliver(ctx, m) })
	} else if known(m.Command) {
		b.enqueue(ctx, m)
	}
}

// Wait returns when nothing is being delivered any more: soon after the context
// of Take has ended.
func (b *Box) Wait() { b.workers.Wait() }

func (b *Box) enqueue(ctx context.Context, m store.Message) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.waiting = append(b.waiting, m)
	if b.busy {
		return
	}
	b.busy = true
	b.workers.Go(func() {
		for m, ok := b.next(); ok; m, ok = b.next() {
			b.deliver(ctx, m)
		}
	})
}

// next returns the next message to be delivered; false ends the delivery.
func (b *Box) next() (m store.Message, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.busy = len(b.waiting) > 0; !b.busy {
		return m, false
	}
	m, b.waiting = b.waiting[0], b.waiting[1:]
	return m, true
}

func (b *Box) deliver(ctx context.Context, m store.Message) {
	err := b.Deliver(ctx, m)
	if err == nil || ctx.Err() != nil {
		return // the end of the worker answers it
	}
	b.respond(ctx, m, nil, err)
}

// respond answers a message, again while the store cannot be reached.
func (b *Box) respond(ctx context.Context, m store.Message, v any, failure error) {
	answer, err := Answer(m.ID, v, failure)
	for err == nil {
		err = b.Net.Respond(ctx, b.Worker, answer)
		if err == nil || !store.Unavailable(err) {
			break
		}
		err = nil
		select {
		case <-ctx.Done():
			return
		case <-time.After(100 * time.Millisecond): // the store is away
		}
	}
	if err != nil && ctx.Err() == nil {
		b.Log.Warn("a message could not be answered", "worker", b.Worker, "message", m.ID, "error", err)
	}
}

// info is what the network knows of the worker.
func (b *Box) info(ctx context.Context) (rush.Values, error) {
	list, err := b.Net.List(ctx)
	if err != nil {
		return nil, err
	}
	for _, w := range list {
		if w.ID == b.Worker {
			return describe(&w), nil
		}
	}
	return nil, fmt.Errorf("worker %s: %w", b.Worker, rush.ErrNoWorker)
}

func describe(w *rush.Worker) rush.Values {
	running := make([]any, len(w.Running))
	for i, key := range w.Running {
		running[i] = int64(key)
	}
	queues := make([]any, len(w.Queues))
	for i, q := range w.Queues {
		queues[i] = q
	}
	return rush.Values{
		"worker": string(w.ID), "state": string(w.State), "local": w.Local, "pid": w.PID, "hostname": w.Host, "platform": w.Platform,
		"user": w.User, "dir": w.Dir, "version": w.Version, "loop": w.Loop, "queues": queues, "heartbeat": w.Heartbeat.Seconds(),
		"expiry": w.Expiry.Seconds(), "started": w.Registered, "beat": w.Beat, "running": running, "tasks": w.Tasks,
	}
}

// Argument is what a message was given; nil if nothing.
func Argument(m store.Message) (any, error) {
	if len(m.Argument) == 0 {
		return nil, nil
	}
	v, rest, err := wire.ReadValue(m.Argument)
	if err == nil && len(rest) > 0 {
		err = errors.New("it is more than one value")
	}
	if err != nil {
		return nil, fmt.Errorf("the argument of message %d (%s): %w", m.ID, m.Command, err)
	}
	return v, nil
}

// Answer encodes a response: a value, or the text of an error.
func Answer(id rush.MessageID, v any, failure error) (store.Answer, error) {
	a := store.Answer{Message: id, Failed: failure != nil}
	if failure != nil {
		v = failure.Error()
	}
	var err error
	if a.Body, err = wire.AppendValue(nil, v); err != nil && failure == nil {
		return Answer(id, nil, fmt.Errorf("the response: %w", err))
	}
	return a, err
}
