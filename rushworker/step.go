package rushworker

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/wire"
)

// A Result says how the evaluation of a task ended: failed if it has a
// Condition, else finished with YS.
type Result struct {
	Key       rush.TaskKey
	Attempt   int // 0: the current one
	YS, Extra rush.Values
	Condition *rush.Condition
	// Requeue queues a task with a Condition again, whatever retries it has left:
	// it was not this task's fault.
	Requeue bool
	Spent   rush.Spent
}

// A Proposal is a point to evaluate next.
type Proposal struct {
	Key       rush.TaskKey // a number that the worker claimed; rush.NoTask: the next one
	XS, Extra rush.Values
	Options   rush.Options
	Proposing time.Duration // what it took to choose the point
}

// A Step is what a loop delivers and asks for in one round trip; the zero
// Step does nothing. Its parts are applied in the order of the fields.
type Step struct {
	// Done are evaluations that ended. One that failed in a way that may go
	// better on a second try (rush.Class.Retryable) is queued again while
	// the task has retries left.
	Done []Result
	// Pop takes a task from the worker's queues.
	Pop bool
	// Propose creates a running task, unless one was popped.
	Propose *Proposal
	// Claim reserves the number of the worker's next proposal, unless a task
	// was popped.
	Claim bool
	// Wait is how long to block if there is nothing to be had. The network
	// being drained ends it early, unless Idle.
	Wait time.Duration
	// Idle says to wait on, for a push, while the network is drained.
	Idle bool
}

// A Turn is what a Step brought.
type Turn struct {
	// Task is to be evaluated now: popped from a queue, or the proposal. Nil
	// if there is none. Its Spent has what this step took: who delivers it
	// adds what the objective took, or leaves that to the worker, who measures
	// from here to the delivery.
	Task *rush.Task
	// Proposed says that Task is the proposal.
	Proposed bool
	// Claimed is the number for the next proposal, or rush.NoTask.
	Claimed rush.TaskKey
	// Rejected says that the proposal's number is not the worker's any more;
	// claim another one.
	Rejected bool
	// Exhausted says that the budget has no room for another task now. To a
	// step that claims, and proposes nothing, a number that a worker gave back is
	// room.
	Exhausted bool
	// Drained says that nothing is running, claimed or queued anywhere:
	// without a push nothing will come. A worker that is paused is not told so
	// while the budget has room for a proposal that it asks for: that will come
	// when it is resumed.
	Drained bool
	// Late are the tasks among Done whose attempt was over by then, so that
	// the result was only kept as late.
	Late []rush.TaskKey
	// Stop says why the loop should end; empty to go on.
	Stop string
}

// Next delivers and fetches in one round trip; see [Step] and [Turn]. While
// the store cannot be reached it goes on trying for the worker's patience. A
// worker that was declared lost meanwhile joins again under its id and goes on:
// what it delivers for the attempts that it lost is kept as late (Turn.Late),
// and its claims are gone (Turn.Rejected). Next fails with rush.ErrLost when
// the worker was killed, has left or was forgotten.
//
// Messages to the worker (see Deliver) take effect after the delivery and
// before anything is handed out, and while it waits. A worker that is paused is
// handed nothing; a step that proposes and has no Wait waits until it is
// resumed. A worker that is told to end delivers, and is handed nothing.
func (w *Worker) Next(ctx context.Context, s Step) (Turn, error) {
	w.step.Lock()
	defer w.step.Unlock()
	raw, err := w.encodeStep(ctx, s)
	if err != nil {
		return Turn{Claimed: rush.NoTask}, fmt.Errorf("worker %s: %w", w.id, err)
	}
	got, spent, err := w.turnLocked(ctx, raw, s)
	if err != nil {
		return Turn{Claimed: rush.NoTask}, err
	}
	t, err := w.decodeTurn(ctx, s, got, spent)
	w.idle.setBusy(t.Task != nil || !asks(s) && len(s.Done) == 0 && w.idle.isBusy())
	return t, err
}

// turnLocked takes a turn: it delivers what was done, lets messages take
// effect, fetches, and waits, as far as each is to be done.
func (w *Worker) turnLocked(ctx context.Context, raw store.Step, s Step) (got store.Turn, spent rush.Spent, err error) {
	began := time.Now()
	var outcomes []store.Outcome
	if len(raw.Done) > 0 && (w.Terminated() || !w.mail.empty()) {
		if outcomes, err = w.deliverLocked(ctx, &raw, s); err != nil {
			return got, spent, err
		}
	}
	if len(s.Done) > 0 || asks(s) {
		w.idle.setBusy(false)
	}
	w.handleMail(ctx)
	if reason := w.StopReason(); reason != "" {
		if len(raw.Done) > 0 { // what stops it came just now
			outcomes, err = w.deliverLocked(ctx, &raw, s)
		}
		return w.stopped(reason, outcomes), spent, err
	}
	got, err = w.stepLocked(ctx, raw, s)
	spent.Storing = time.Since(began)
	if outcomes == nil {
		outcomes = got.Outcomes
	}
	if err == nil && nothing(got) && asks(s) {
		began = time.Now()
		raw.Done = nil
		got, err = w.waitLocked(ctx, raw, s, got)
		spent.Waiting = time.Since(began)
	}
	got.Outcomes = outcomes
	return got, spent, err
}

// stepLocked takes a step, which is encoded anew if what it refers to was
// stored already but was deleted with its last tag meanwhile.
func (w *Worker) stepLocked(ctx context.Context, raw store.Step, s Step) (store.Turn, error) {
	got, err := w.nextLocked(ctx, raw)
	if !errors.Is(err, rush.ErrNoObject) {
		return got, err
	}
	anew, err := w.encodeStep(ctx, s)
	if err != nil {
		return got, err
	}
	if raw.Done == nil {
		anew.Done = nil // they were delivered
	}
	return w.nextLocked(ctx, anew)
}

// asks reports whether a step wants to be handed something.
func asks(s Step) bool { return s.Pop || s.Propose != nil || s.Claim }

// deliverLocked delivers the results of a step before anything else is done.
func (w *Worker) deliverLocked(ctx context.Context, raw *store.Step, s Step) ([]store.Outcome, error) {
	got, err := w.stepLocked(ctx, store.Step{Worker: w.id, Done: raw.Done}, Step{Done: s.Done})
	raw.Done = nil
	return got.Outcomes, err
}

// stopped is the turn of a worker that has been told to end.
func (w *Worker) stopped(reason string, outcomes []store.Outcome) store.Turn {
	return store.Turn{Created: rush.NoTask, Claimed: rush.NoTask, Stop: reason, Outcomes: outcomes}
}

// waitLocked waits for what a step did not get: for as long as it says, and
// while the worker is paused if it proposes without a wait. Messages take effect
// meanwhile. got is the answer so far.
func (w *Worker) waitLocked(ctx context.Context, raw store.Step, s Step, got store.Turn) (store.Turn, error) {
	deadline := time.Now().Add(s.Wait)
	for {
		if !nothing(got) {
			return got, nil // what was handed out is not dropped, whatever the mail says
		}
		w.handleMail(ctx)
		if reason := w.idle.over(); reason != "" {
			// What was queued since the last look is not to be left behind.
			raw.Wait, raw.Interrupt = 0, nil
			var err error
			if got, err = w.nextLocked(ctx, raw); err != nil || !nothing(got) {
				return got, err
			}
			w.Stop(reason)
		}
		if reason := w.StopReason(); reason != "" {
			return w.stopped(reason, nil), nil
		}
		left := time.Until(deadline)
		if got.Paused && s.Propose != nil && s.Wait <= 0 {
			left = max(left, pausedWait)
		}
		if left <= 0 || got.Drained && !s.Idle && !got.Paused {
			return got, nil
		}
		raw.Wait, raw.Interrupt = w.idle.bound(left), w.mail.notice
		raw.Idle = s.Idle || got.Paused
		var err error
		if got, err = w.nextLocked(ctx, raw); err != nil {
			return got, err
		}
	}
}

// pausedWait is one wait of a worker that is paused and has a point.
const pausedWait = 5 * time.Second

// nothing reports whether the step got nothing, so that waiting may bring more.
func nothing(t store.Turn) bool {
	return t.Task == nil && t.Created == rush.NoTask && t.Claimed == rush.NoTask && !t.Rejected && t.Stop == ""
}

func (w *Worker) nextLocked(ctx context.Context, raw store.Step) (turn store.Turn, err error) {
	for again := true; again; {
		raw.Nonce, raw.Program = w.nextNonceLocked(), w.program
		err = w.patiently(ctx, "next", func() error {
			turn, err = w.net.Next(ctx, raw)
			return err
		})
		// Another program took a step of this client meanwhile, and its clock
		// may be ahead of this one.
		var stale *store.StaleError
		again = w.client && errors.As(err, &stale) && ctx.Err() == nil
		if again {
			w.nonce = max(w.nonce, stale.Last)
		}
	}
	if turn.Stop != "" {
		w.Stop(turn.Stop)
	}
	for i, o := range turn.Outcomes {
		if o == store.Late {
			w.log.Warn("a result came too late and is kept beside the task's", "worker", w.id, "task", raw.Done[i].Key, "attempt", raw.Done[i].Attempt)
		}
	}
	return turn, err
}

// nextNonceLocked counts the steps. A client's are counted by the clock, because
// those of other programs are steps of the same worker.
func (w *Worker) nextNonceLocked() int64 {
	w.nonce++
	if w.client {
		w.nonce = max(w.nonce, time.Now().UnixMicro())
	}
	return w.nonce
}

func (w *Worker) encodeStep(ctx context.Context, s Step) (store.Step, error) {
	raw := store.Step{Worker: w.id, Pop: s.Pop, Queues: w.queues, Claim: s.Claim, Idle: s.Idle}
	var err error
	if raw.Done, err = w.encodeDone(ctx, s.Done); err != nil {
		return raw, err
	}
	if p := s.Propose; p != nil {
		shortXS, shortExtra, hashes, err := w.shortProposal(ctx, p)
		if err != nil {
			return raw, err
		}
		xs, extra, err := encodeInputs(shortXS, shortExtra)
		if err != nil {
			return raw, err
		}
		raw.Propose = &store.Proposal{
			Key: p.Key, XS: xs, XSExtra: extra, Options: p.Options, Spent: rush.Spent{Proposing: p.Proposing}, Objects: hashes,
		}
	}
	return raw, nil
}

func (w *Worker) encodeDone(ctx context.Context, done []Result) ([]store.Done, error) {
	if len(done) == 0 {
		return nil, nil
	}
	limited, err := w.limited(ctx)
	if err != nil {
		return nil, err
	}
	encoded := make([]store.Done, len(done))
	for i, r := range done {
		if limited {
			if r, err = w.shortResult(ctx, r); err != nil {
				return nil, err
			}
		}
		if r.Spent.Evaluating == 0 {
			r.Spent.Evaluating = w.handed.had(r.Key)
		}
		if encoded[i], err = encodeResult(r); err != nil {
			return nil, err
		}
	}
	return encoded, nil
}

func encodeResult(r Result) (store.Done, error) {
	d := store.Done{Key: r.Key, Attempt: r.Attempt, Spent: r.Spent}
	var err error
	if r.Condition != nil {
		d.Retry, d.Requeue = r.Condition.Class.Retryable(), r.Requeue
		if d.Condition, err = wire.EncodeCondition(r.Condition); err != nil {
			return d, &rush.TaskError{Key: r.Key, Err: err}
		}
	} else if d.YS, err = wire.AppendMap(nil, r.YS); err != nil {
		return d, &rush.TaskError{Key: r.Key, Err: fmt.Errorf("ys: %w", err)}
	}
	if d.YSExtra, err = wire.Encode(r.Extra); err != nil {
		return d, &rush.TaskError{Key: r.Key, Err: fmt.Errorf("extra: %w", err)}
	}
	return d, nil
}

func encodeInputs(xs, extra rush.Values) (x, e []byte, err error) {
	if x, err = wire.AppendMap(nil, xs); err != nil {
		return nil, nil, fmt.Errorf("xs: %w", err)
	}
	if e, err = wire.Encode(extra); err != nil {
		return nil, nil, fmt.Errorf("extra: %w", err)
	}
	return x, e, nil
}

func (w *Worker) decodeTurn(ctx context.Context, s Step, got store.Turn, spent rush.Spent) (Turn, error) {
	w.handed.back(s.Done)
	t := Turn{Claimed: got.Claimed, Rejected: got.Rejected, Exhausted: got.Exhausted, Drained: got.Drained, Stop: got.Stop}
	if got.Paused && (s.Claim || s.Propose != nil) && !got.Exhausted {
		t.Drained = false
	}
	for i, o := range got.Outcomes {
		if o == store.Late || o == store.NotFound {
			t.Late = append(t.Late, s.Done[i].Key)
		}
	}
	switch {
	case got.Task != nil:
		task, err := w.decodeOne(ctx, got.Task)
		if err != nil {
			return t, err
		}
		t.Task = task
	case got.Created != rush.NoTask:
		t.Task, t.Proposed = w.proposed(s.Propose, got), true
	}
	if t.Task != nil {
		// What is known to the store by now is not to be added to it again.
		t.Task.Spent = spent
		w.handed.out(t.Task.Key)
	}
	return t, nil
}

// proposed is the task that a proposal became.
func (w *Worker) proposed(p *Proposal, got store.Turn) *rush.Task {
	return &rush.Task{
		Key:     got.Created,
		State:   rush.Running,
		XS:      p.XS,
		XSExtra: p.Extra,
		Worker:  w.id,
		Attempt: 1,
		Options: p.Options,
		Created: wire.Time(got.Started),
		Started: wire.Time(got.Started),
	}
}
