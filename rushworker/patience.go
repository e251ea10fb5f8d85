package rushworker

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// The waits between tries while the store cannot be reached.
const (
	firstRetry = 50 * time.Millisecond
	lastRetry  = 2 * time.Second
)

// patiently calls the verb again while the store cannot be reached, for as
// long as the worker's patience lasts. Every verb may be repeated: that is
// the store's rule. An error names the verb, the worker and the network.
func (w *Worker) patiently(ctx context.Context, verb string, call func() error) error {
	err := w.reach(ctx, call)
	for errors.Is(err, rush.ErrLost) && w.rejoin(ctx) == nil {
		err = w.reach(ctx, call)
	}
	if err == nil {
		return nil
	}
	if errors.Is(err, rush.ErrLost) {
		w.Stop("the worker is no longer part of the network")
	}
	return fmt.Errorf("worker %s of network %s: %s: %w", w.id, w.net.ID(), verb, err)
}

// reach makes a call, again while the store cannot be reached.
func (w *Worker) reach(ctx context.Context, call func() error) error {
	err := call()
	if err != nil && store.Unavailable(err) {
		err = w.again(ctx, err, call)
	}
	return err
}

// rejoin makes the worker alive again after it was declared lost: its
// heartbeat had lapsed, as after a cut of the network or while its machine was
// suspended. It fails when the worker ended in another way.
func (w *Worker) rejoin(ctx context.Context) error {
	if w.left.Load() {
		return rush.ErrLost
	}
	err := w.reach(ctx, func() error { return w.net.Rejoin(ctx, w.id) })
	if err == nil && w.paused.Load() {
		err = w.reach(ctx, func() error { return w.net.SetPaused(ctx, w.id, true) })
	}
	if err == nil {
		w.log.Warn("the worker had been declared lost; it has joined again, and what it still runs will be kept as late", "worker", w.id)
	}
	return err
}

func (w *Worker) again(ctx context.Context, err error, call func() error) error {
	deadline := time.Now().Add(w.patience)
	w.log.Warn("the store cannot be reached; trying again", "for", w.patience, "error", err)
	for wait := firstRetry; time.Now().Before(deadline); wait = min(2*wait, lastRetry) {
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return fmt.Errorf("%w (the store could not be reached: %w)", context.Cause(ctx), err)
		case <-timer.C:
		}
		if err = call(); err == nil || !store.Unavailable(err) {
			return err
		}
	}
	return fmt.Errorf("gave up after %v: %w", w.patience, err)
}
