package store

import (
	"context"
	"errors"
)

// errInterrupted is the cause of a context that Interruptible has ended.
var errInterrupted = errors.New("the wait was interrupted")

// Interruptible returns a context for a wait, for drivers: it ends with ctx,
// or as soon as something can be received from interrupt, which may be nil.
// stop, to be called once after the wait, reports whether it was that.
func Interruptible(ctx context.Context, interrupt <-chan struct{}) (wait context.Context, stop func() bool) {
	if interrupt == nil {
		return ctx, func() bool { return false }
	}
	wait, cancel := context.WithCancelCause(ctx)
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		select {
		case <-interrupt:
			cancel(errInterrupted)
		case <-wait.Done():
		}
	}()
	return wait, func() bool {
		cancel(nil)
		<-watched
		return ctx.Err() == nil && errors.Is(context.Cause(wait), errInterrupted)
	}
}
