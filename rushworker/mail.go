package rushworker

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/mailbox"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/wire"
)

// A Message is something that a worker is told; see rush.Command.
type Message struct {
	ID       rush.MessageID
	Command  rush.Command
	Argument []byte // a MessagePack value, or nil
}

// mail is what waits for the next turn.
type mail struct {
	mu     sync.Mutex // guards waiting
	queue  []letter
	notice chan struct{} // has room for one: there is mail
}

// A letter is a message that somebody waits for.
type letter struct {
	store.Message
	done chan struct{} // closed when it was answered
}

func (m *mail) wake() {
	select {
	case m.notice <- struct{}{}:
	default: // it has yet to look
	}
}

func (m *mail) put(l letter) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.queue = append(m.queue, l)
	m.wake()
}

func (m *mail) take() (l letter, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.queue) == 0 {
		return l, false
	}
	l, m.queue = m.queue[0], m.queue[1:]
	return l, true
}

func (m *mail) empty() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.queue) == 0
}

// Deliver hands the worker a message, in the order in which they were sent, and
// returns when it has been answered; those that its agent answers are not
// answered again. It is for agents: package network calls it. What concerns
// the turns of the loop (PAUSE, RESUME, TIMEOUT_SET, REFRESH, STOP, EVAL) takes
// effect in the next call of Next or PushRunning, which a wait in Next is
// interrupted for; the rest is done at once.
func (w *Worker) Deliver(ctx context.Context, m Message) error {
	msg := store.Message(m)
	switch m.Command {
	case rush.CommandPing, rush.CommandEcho, rush.CommandInfo:
		w.idle.begin()
		w.mail.wake() // a wait was bounded by the timer
		return nil
	case rush.CommandTimeoutGet:
		timeout, remaining := w.idle.get()
		return w.respond(ctx, m.ID, rush.Values{"timeout_idle": inSeconds(timeout), "remaining": inSeconds(remaining)}, nil)
	case rush.CommandCancel:
		return w.cancelEvaluation(ctx, msg)
	}
	l := letter{msg, make(chan struct{})}
	w.mail.put(l)
	select {
	case <-l.done:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// inSeconds is a timeout as it is told: nil for none.
func inSeconds(d time.Duration) any {
	if d == NoTimeout {
		return nil
	}
	return d.Seconds()
}

// Poll reads the worker's mail from the store, waiting up to wait for some, and
// has each message take effect as between two turns. It is for a worker that is
// driven by hand, without an agent; it must not be called during Next.
func (w *Worker) Poll(ctx context.Context, wait time.Duration) error {
	got, err := w.net.AwaitMail(ctx, w.id, store.Seen{Signal: w.signal()}, wait)
	if err != nil {
		return fmt.Errorf("worker %s: %w", w.id, err)
	}
	if got.Signal != rush.SignalNone {
		w.Stop(askedTo(got.Signal))
	}
	box := mailbox.Box{Net: w.net, Worker: w.id, Log: w.log, Deliver: func(ctx context.Context, m store.Message) error {
		switch {
		case m.Command == rush.CommandCancel:
			return w.respond(ctx, m.ID, "OK", nil) // nothing is evaluated meanwhile
		case mailbox.AtOnce(m.Command):
			return w.Deliver(ctx, Message(m))
		}
		w.handle(ctx, m)
		return nil
	}}
	for _, m := range got.Messages {
		box.Take(ctx, m)
	}
	box.Wait()
	return ctx.Err()
}

// signal is the signal that the worker knows of, as far as Poll is concerned.
func (w *Worker) signal() rush.Signal {
	if w.StopReason() == askedTo(rush.SignalTerminate) {
		return rush.SignalTerminate
	}
	return rush.SignalNone
}

// handleMail has what waits take effect. The caller holds step.
func (w *Worker) handleMail(ctx context.Context) {
	for {
		l, ok := w.mail.take()
		if !ok {
			return
		}
		w.handle(ctx, l.Message)
		close(l.done)
	}
}

// handle has a message take effect, and answers it.
func (w *Worker) handle(ctx context.Context, m store.Message) {
	v, err := w.obey(ctx, m)
	if err = w.respond(ctx, m.ID, v, err); err != nil {
		w.log.Warn("a message could not be answered", "worker", w.id, "message", m.ID, "error", err)
	}
}

// obey does what a message says and returns the response.
func (w *Worker) obey(ctx context.Context, m store.Message) (any, error) {
	argument, err := mailbox.Argument(m)
	if err != nil {
		return nil, err
	}
	switch m.Command {
	case rush.CommandPause, rush.CommandResume:
		w.idle.begin()
		return "OK", w.setPaused(ctx, m.Command == rush.CommandPause)
	case rush.CommandTimeoutSet:
		timeout, err := timeoutOf(argument)
		if err == nil {
			w.idle.set(timeout)
		}
		return "OK", err
	case rush.CommandRefresh:
		w.idle.begin()
		return "OK", w.refresh(ctx)
	case rush.CommandEval:
		defer w.idle.begin()
		return w.eval(ctx, argument)
	case rush.CommandStop:
		reason, _ := argument.(string)
		if reason == "" {
			reason = "the worker was asked to stop"
		}
		w.Stop(reason)
		return "BYE", nil
	}
	return nil, fmt.Errorf("this worker does not know the message %s", m.Command)
}

func (w *Worker) setPaused(ctx context.Context, paused bool) error {
	err := w.patiently(ctx, "pause", func() error { return w.net.SetPaused(ctx, w.id, paused) })
	if err == nil {
		w.paused.Store(paused)
	}
	return err
}

// timeoutOf reads the argument of TIMEOUT_SET: seconds, or null.
func timeoutOf(argument any) (time.Duration, error) {
	switch s := argument.(type) {
	case nil:
		return NoTimeout, nil
	case int64:
		if s >= 0 && s <= int64(maxTimeout/time.Second) {
			return time.Duration(s) * time.Second, nil
		}
	case float64:
		if s >= 0 && s <= maxTimeout.Seconds() {
			return time.Duration(s * float64(time.Second)), nil
		}
	}
	return 0, fmt.Errorf("the idle timeout is %v; expected a number of seconds, 0 or more, or null for none", argument)
}

// maxTimeout is the longest idle timeout.
const maxTimeout = 100 * 365 * 24 * time.Hour

// respond answers a message.
func (w *Worker) respond(ctx context.Context, id rush.MessageID, v any, failure error) error {
	answer, err := mailbox.Answer(id, v, failure)
	if err != nil {
		return err
	}
	return w.patiently(ctx, "respond", func() error { return w.net.Respond(ctx, w.id, answer) })
}

// cancelEvaluation ends the evaluation that a message names, and answers when
// nothing of it runs any more.
func (w *Worker) cancelEvaluation(ctx context.Context, m store.Message) error {
	key, attempt, cond, err := cancelled(m)
	if err != nil {
		return err
	}
	select {
	case <-w.evals.cancel(key, attempt, cond):
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	return w.respond(ctx, m.ID, "OK", nil)
}

// cancelled reads what CANCEL is about.
func cancelled(m store.Message) (key rush.TaskKey, attempt int, cond *rush.Condition, err error) {
	argument, err := mailbox.Argument(m)
	if err != nil {
		return 0, 0, nil, err
	}
	list, _ := argument.([]any)
	if len(list) == 3 {
		k, okKey := list[0].(int64)
		a, okAttempt := list[1].(int64)
		c, okCondition := list[2].(string)
		if okKey && okAttempt && okCondition {
			cond, err = wire.DecodeCondition([]byte(c))
			return rush.TaskKey(k), int(a), cond, err
		}
	}
	return 0, 0, nil, errors.New("expected a list of a task, an attempt and a condition")
}
