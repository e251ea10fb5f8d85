package network

import (
	"context"
	"fmt"
	"time"

	"github.com/rushnet/rush"
)

// A Stop says how workers are stopped before something is taken from under
// them. The zero value kills them.
type Stop struct {
	Signal  rush.Signal   // default: kill
	Timeout time.Duration // how long to wait for their end; default: 10 seconds
}

// ResetOptions are for Reset. The zero value deletes tasks only.
type ResetOptions struct {
	Workers bool // stop the workers and forget them, too
	Stop    Stop // of them
}

// DestroyOptions are for Destroy. The zero value kills the workers and
// destroys the network at once.
type DestroyOptions struct {
	Stop  Stop
	After time.Duration // destroy it when that time is over
}

// Reset deletes the network's tasks, the log of endings and the counters, and
// if wanted what is known of its workers; the definition and the
// configurations stay. Who reads meanwhile sees all or nothing. Workers that
// have not ended when the stop's time is over are forgotten all the same, and
// end when they learn of it.
func (r *Rush) Reset(ctx context.Context, opts ResetOptions) error {
	if opts.Workers {
		if err := r.halt(ctx, opts.Stop); err != nil {
			return err
		}
	}
	if err := r.net.Reset(ctx, opts.Workers); err != nil {
		return fmt.Errorf("reset network %s: %w", r.id, err)
	}
	return r.Objects().EmptyTrash(ctx)
}

// Destroy stops the network's workers and deletes the network and all that
// belongs to it; with After it does so when that time is over, whoever runs
// then. Workers that have not ended when the stop's time is over end when they
// find no network. The files of its large objects are removed at once, too, or
// when that time is over by whoever opens the store next.
func (r *Rush) Destroy(ctx context.Context, opts DestroyOptions) error {
	if err := r.halt(ctx, opts.Stop); err != nil {
		return err
	}
	if opts.After > 0 {
		return r.Expire(ctx, opts.After)
	}
	return (&Store{r.st}).Destroy(ctx, r.id)
}

// Expire has the network destroyed when that time is over, also when nobody
// runs then: nobody finds it any more, and whoever opens the store next, or
// lists its networks, deletes what is left and the files of its large objects.
// 0 or less takes that back. Workers go on
// until then.
func (r *Rush) Expire(ctx context.Context, after time.Duration) error {
	if err := r.st.Expire(ctx, r.id, after); err != nil {
		return fmt.Errorf("let network %s expire: %w", r.id, err)
	}
	return nil
}

// halt stops all workers and waits for them, but not for longer than the
// stop's time.
func (r *Rush) halt(ctx context.Context, s Stop) error {
	if s.Signal == rush.SignalNone {
		s.Signal = rush.SignalKill
	}
	if s.Timeout <= 0 {
		s.Timeout = 10 * time.Second
	}
	limited, cancel := context.WithTimeout(ctx, s.Timeout)
	defer cancel()
	_, err := r.StopWorkers(limited, s.Signal)
	if err != nil && limited.Err() != nil && ctx.Err() == nil {
		r.log.Warn("workers did not end in time", "network", r.id, "signal", s.Signal, "timeout", s.Timeout)
		return nil
	}
	return err
}
