// Package sweep declares workers lost that do not beat any more: at once, for
// those who have watched the others for a while (Now), or after a second look,
// for those who have just come or may just have woken up (Patient).
package sweep

import (
	"context"
	"fmt"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/wire"
)

// Now ends the workers whose heartbeat has lapsed; by is as store.Workers has it.
func Now(ctx context.Context, net store.Network, by rush.WorkerID) ([]store.LostWorker, error) {
	cond, err := wire.EncodeCondition(&rush.Condition{Class: rush.ClassLost, Message: "the worker's heartbeat lapsed"})
	if err != nil {
		return nil, err
	}
	return net.Sweep(ctx, by, cond)
}

// Patient is Now for who cannot tell whether the others were dead or asleep, as
// the caller was: if the heartbeat of any has lapsed all of them get the time
// to beat once more, and only those that do not are ended. The time counts until
// the last beat of by, a worker that has just beaten; if by is empty, until now
// by the clock of this machine.
func Patient(ctx context.Context, net store.Network, by rush.WorkerID) ([]store.LostWorker, error) {
	list, err := net.List(ctx)
	if err != nil {
		return nil, err
	}
	at := time.Now()
	for i := range list {
		if list[i].ID == by {
			at = list[i].Beat
		}
	}
	grace := graceOf(list, at)
	if grace == 0 && by != "" {
		return nil, nil // by the store's own clock
	}
	if err := pause(ctx, grace); err != nil {
		return nil, err
	}
	return Now(ctx, net, by)
}

// maxGrace bounds what others wait for one worker's sake.
const maxGrace = 5 * time.Second

// graceOf returns how long it takes until each worker whose heartbeat has lapsed
// at a time should have beaten again, if it lives: two of its heartbeats. 0 if
// none has lapsed.
func graceOf(list []rush.Worker, at time.Time) time.Duration {
	var grace time.Duration
	for i := range list {
		w := &list[i]
		if w.State.Alive() && w.Expiry > 0 && at.Sub(w.Beat) > w.Expiry {
			grace = max(grace, min(2*max(w.Heartbeat, time.Millisecond), maxGrace))
		}
	}
	return grace
}

// pause blocks for d, which is an error if ctx ends before.
func pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return fmt.Errorf("wait for a beat of those that were not heard of: %w", context.Cause(ctx))
	case <-t.C:
		return nil
	}
}
