package sqlitestore

import (
	"context"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// Next is the step of a worker's loop.
//
//	Next -- write: take ---- endAll (Done), then
//	                         fetch: pop, propose, claim
//	        if it got nothing and is to wait:
//	        await: tempted --- write: take, without Done, while it gets nothing
func (n *network) Next(ctx context.Context, step store.Step) (store.Turn, error) {
	deadline := time.Now().Add(step.Wait)
	turn, err := n.take(ctx, &step, nil)
	for err == nil && blocks(&step, &turn) {
		wait := time.Until(deadline)
		if wait <= 0 {
			break
		}
		waiting, stop := store.Interruptible(ctx, step.Interrupt)
		var tempted bool
		tempted, err = n.awaitWork(waiting, &step, wait)
		if stop() {
			return turn, nil
		}
		if tempted && err == nil {
			turn, err = n.take(ctx, &step, &turn)
		}
	}
	return turn, n.wrap("next of worker "+string(step.Worker), err)
}

// blocks reports whether a step that was answered so is to wait.
func blocks(step *store.Step, turn *store.Turn) bool {
	asked := step.Pop || step.Propose != nil || step.Claim
	got := turn.Task != nil || turn.Created != rush.NoTask || turn.Rejected || turn.Claimed != rush.NoTask
	return step.Wait > 0 && asked && !got && turn.Stop == "" && (step.Idle || !turn.Drained)
}

// awaitWork blocks until a step that waits could get something, or should end.
func (n *network) awaitWork(ctx context.Context, step *store.Step, wait time.Duration) (tempted bool, err error) {
	err = n.await(ctx, topicWork, wait, func(t *txn) (bool, error) {
		tempted, err = t.tempts(step)
		return tempted, err
	})
	return tempted, err
}

// take carries a step out once; before is the answer that it got before it
// waited, if it did. When the worker is not alive its endings are applied
// although an error is returned.
func (n *network) take(ctx context.Context, step *store.Step, before *store.Turn) (turn store.Turn, err error) {
	var lost error
	err = n.update(ctx, func(t *txn) error {
		w, err := t.worker(step.Worker)
		if err != nil {
			return err
		}
		if lost = nil; !w.alive() {
			lost = rush.ErrLost
			turn.Outcomes, err = t.endAll(step.Done, &w)
			return err
		}
		turn, err = t.take(step, &w, before)
		return err
	})
	return turn, firstError(err, lost)
}

// take carries out the step of a worker that is alive.
func (t *txn) take(step *store.Step, w *workerRow, before *store.Turn) (store.Turn, error) {
	turn := store.Turn{Created: rush.NoTask, Claimed: rush.NoTask}
	var err error
	switch {
	case before != nil && step.Nonce > 0 && step.Nonce < w.nonce:
		return turn, &store.StaleError{Last: w.nonce} // another program took a step meanwhile
	case before != nil:
		turn.Outcomes = before.Outcomes
	case step.Nonce > 0 && step.Nonce == w.nonce:
		return t.answerAgain(w, step.Program)
	case step.Nonce > 0 && step.Nonce < w.nonce:
		return turn, &store.StaleError{Last: w.nonce}
	default:
		if step.Propose != nil {
			err = t.lacksNone(step.Propose.Objects)
		}
		if err != nil {
			return turn, err
		}
		if turn.Outcomes, err = t.endAll(step.Done, w); err != nil {
			return turn, err
		}
	}
	if err := t.fetch(step, w, &turn); err != nil {
		return turn, err
	}
	return turn, t.saveAnswer(step, w, &turn)
}

// fetch gets what a step asks for.
func (t *txn) fetch(step *store.Step, w *workerRow, turn *store.Turn) (err error) {
	if turn.Stop = t.stop(w); turn.Stop != "" {
		return nil
	}
	if w.state == workerRunning {
		if step.Pop {
			err = t.pop(step, w, turn)
		}
		if err == nil && turn.Task == nil && step.Propose != nil {
			err = t.propose(step.Propose, w, turn)
		}
		if err == nil && turn.Task == nil && step.Claim && (step.Propose == nil || turn.Created != rush.NoTask) {
			err = t.claim(w, turn)
		}
	}
	turn.Exhausted = !t.net.room() && !(claimsOnly(step) && t.net.pooled > 0)
	turn.Drained, turn.Paused = t.net.drained(), w.state == workerPaused
	return err
}

// claimsOnly reports whether a step wants the number of a task that it is yet
// to propose.
func claimsOnly(step *store.Step) bool { return step.Claim && step.Propose == nil }

// stop says why a worker should end; empty to go on.
func (t *txn) stop(w *workerRow) string {
	if t.net.stopReason != "" {
		return t.net.stopReason
	}
	return string(signalOf(w.signal))
}

// tempts reports whether a step that waits could get something now, or should
// end. It may be wrong only in one direction: take decides.
func (t *txn) tempts(step *store.Step) (bool, error) {
	w, err := t.worker(step.Worker)
	if err != nil || !w.alive() || t.stop(&w) != "" || t.net.drained() && !step.Idle {
		return true, err
	}
	if w.state != workerRunning {
		return false, nil
	}
	if step.Propose != nil && (step.Propose.Key != rush.NoTask || t.net.room()) {
		return true, nil
	}
	if claimsOnly(step) && (t.net.pooled > 0 || t.net.room()) {
		return true, nil
	}
	if !step.Pop {
		return false, nil
	}
	first, err := t.firstQueued(step)
	return first.id != 0, err
}
