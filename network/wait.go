package network

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/rushnet/rush"
)

// WaitOptions are for [Rush.WaitFor].
type WaitOptions struct {
	Timeout time.Duration // after which the wait fails with rush.ErrTimeout; 0 is never
	// Grace is for how long there may be no worker before the wait gives up,
	// such as one that is just being started. 0 gives up at the first look.
	Grace time.Duration
	// Progress is called with how many of the tasks have ended, at first and
	// whenever that has changed.
	Progress func(ended, total int)
}

// Wait is [Rush.WaitFor] for as long as it takes.
func (r *Rush) Wait(ctx context.Context, keys ...rush.TaskKey) (bool, error) {
	return r.WaitFor(ctx, WaitOptions{}, keys...)
}

// WaitFor blocks until every one of the tasks has ended. It returns true if
// all of them finished, false if any failed. It also ends, with an error that
// says why, when nothing is left that could end them: no worker is alive, none
// listens on their queue, the budget is used up before they started, or they
// wait for tasks that nothing can end. Workers whose heartbeat has lapsed are
// declared lost meanwhile.
func (r *Rush) WaitFor(ctx context.Context, opts WaitOptions, keys ...rush.TaskKey) (bool, error) {
	if opts.Timeout > 0 {
		err := fmt.Errorf("%w after %v", rush.ErrTimeout, opts.Timeout)
		limited, cancel := context.WithTimeoutCause(ctx, opts.Timeout, err)
		defer cancel()
		ctx = limited
	}
	w := waiter{Rush: r, opts: opts, pending: make(map[rush.TaskKey]bool, len(keys)), finished: true}
	finished, err := w.wait(ctx, keys)
	if err != nil && errors.Is(context.Cause(ctx), rush.ErrTimeout) {
		err = fmt.Errorf("%w: %d of %d tasks had not ended", context.Cause(ctx), len(w.pending), w.total)
	}
	if err != nil {
		return false, fmt.Errorf("wait for tasks of network %s: %w", r.id, err)
	}
	return finished, nil
}

// A waiter waits for some tasks.
type waiter struct {
	*Rush
	opts     WaitOptions
	total    int
	pending  map[rush.TaskKey]bool // that have not ended
	finished bool                  // none has failed so far
	alone    time.Time             // since when no worker was seen; zero: one was
	vigil    vigil
}

func (w *waiter) wait(ctx context.Context, keys []rush.TaskKey) (bool, error) {
	snap, err := w.net.Snapshot(ctx)
	if err != nil {
		return false, err
	}
	if err := w.begin(ctx, keys); err != nil {
		return false, err
	}
	for at := snap.Cursor; len(w.pending) > 0; {
		w.vigil.look(time.Now(), 3*waitStep)
		page, err := w.net.Ended(ctx, at, 0, rush.NoFields, waitStep)
		if err != nil {
			return false, err
		}
		if page.Reset {
			return false, errors.New("it was reset")
		}
		w.note(page.Endings)
		at = page.Next
		switch {
		case len(page.Endings) == 0 && len(w.pending) > 0:
			if err := w.possible(ctx); err != nil {
				return false, err
			}
		case len(w.pending) >= manyPending:
			gather(ctx)
		}
	}
	return w.finished, nil
}

// begin looks which of the tasks have ended already.
func (w *waiter) begin(ctx context.Context, keys []rush.TaskKey) error {
	records, err := w.net.Records(ctx, keys, rush.NoFields)
	if err != nil {
		return err
	}
	ended := map[rush.TaskKey]bool{}
	for _, rec := range records {
		switch {
		case rec.State == "":
			return &rush.TaskError{Key: rec.Key, Err: rush.ErrNoTask}
		case !rec.State.Ended():
			w.pending[rec.Key] = true
		default:
			ended[rec.Key] = true
			w.finished = w.finished && rec.State == rush.Finished
		}
	}
	w.total = len(w.pending) + len(ended)
	w.tell()
	return nil
}

func (w *waiter) tell() {
	if w.opts.Progress != nil {
		w.opts.Progress(w.total-len(w.pending), w.total)
	}
}

// note takes out what has ended.
func (w *waiter) note(endings []rush.Ending) {
	before := len(w.pending)
	for _, e := range endings {
		if !e.Withdrawn() && w.pending[e.Key] {
			delete(w.pending, e.Key)
			w.finished = w.finished && e.State == rush.Finished
		}
	}
	if len(w.pending) != before {
		w.tell()
	}
}

// manyPending is from how many pending tasks on Wait lets endings gather
// before it reads on: it cannot return before all of them have ended, and
// being woken by each would take time from the workers.
const manyPending = 64

// gather lets endings come in for a moment.
func gather(ctx context.Context) {
	select {
	case <-time.After(5 * time.Millisecond):
	case <-ctx.Done():
	}
}

// waitStep is how long one wait for endings is, after which it is looked
// whether any of the tasks can still end.
const waitStep = time.Second

// possible returns an error that says why if none of the pending tasks can
// end any more without help.
func (w *waiter) possible(ctx context.Context) error {
	list, err := w.sweptList(ctx)
	if err != nil {
		return err
	}
	p := prospects{heard: map[string]bool{}, known: map[rush.TaskKey]string{}}
	if p.budget, err = w.net.Budget(ctx); err != nil {
		return err
	}
	for i := range list {
		if list[i].State.Alive() {
			p.workers++
			for _, queue := range listens(&list[i]) {
				p.heard[queue] = true
			}
		}
	}
	alone := w.isAlone(p.workers)
	if p.workers > 0 || p.budget.Exhausted() { // more workers would not help then
		why, err := p.of(ctx, w.Rush, slices.Sorted(maps.Keys(w.pending)))
		if err != nil {
			return err
		}
		if why != "" {
			return fmt.Errorf("%d of the tasks have not ended, and nothing is left that could end them: %s", len(w.pending), why)
		}
	}
	if alone {
		return fmt.Errorf("%d of the tasks have not ended, and the network has no worker left that could evaluate them; start some", len(w.pending))
	}
	return nil
}

// sweptList lists the workers, without taking for alive whose heartbeat lapsed.
func (w *waiter) sweptList(ctx context.Context) ([]rush.Worker, error) {
	w.vigil.look(time.Now(), 3*waitStep)
	list, err := w.net.List(ctx)
	if err != nil {
		return nil, err
	}
	var grace time.Duration
	for i := range list {
		if list[i].State.Alive() && !list[i].Client() {
			grace = max(grace, list[i].Expiry)
		}
	}
	if !w.vigil.trusts(grace) {
		return list, nil
	}
	if lost, err := w.sweepNow(ctx); err != nil || len(lost) == 0 {
		return list, err
	}
	return w.net.List(ctx)
}

// isAlone reports whether there has been no worker for longer than the grace.
func (w *waiter) isAlone(workers int) bool {
	switch {
	case workers > 0:
		w.alone = time.Time{}
		return false
	case w.alone.IsZero():
		w.alone = time.Now()
	}
	return time.Since(w.alone) >= w.opts.Grace
}
