package webui

import (
	"context"
	"net/http"
	"time"
)

// mostAfter is the latest time at which a network can be told to go: ten years.
const mostAfter = 10 * 365 * 24 * time.Hour

// sameName refuses what is done by the network's name, or confirmed by it, when it has
// another one by now: what has its old name may be about something else.
func (b *hub) sameName(ctx context.Context) error {
	is, err := b.net.Identity(ctx)
	if err != nil {
		return err
	}
	if is.Name != b.id {
		return &httpError{status: http.StatusConflict,
			message: "the network is called " + quoted(string(is.Name)) + " by now: look again; nothing was done"}
	}
	return nil
}

// resetNetwork deletes all tasks, and forgets the workers if wanted.
func resetNetwork(ctx context.Context, b *hub, o *order) (*result, error) {
	if err := b.sameName(ctx); err != nil {
		return nil, err
	}
	counts, err := b.net.Counts(ctx)
	if err != nil {
		return nil, err
	}
	if err := b.net.Reset(ctx, ResetOptions{Workers: o.WithWorkers, Terminate: o.Terminate}); err != nil {
		return nil, err
	}
	return &result{Done: int(counts.Total()), Message: "the definition stays"}, nil
}

// destroyNetwork deletes the network, now or later.
func destroyNetwork(ctx context.Context, b *hub, o *order) (*result, error) {
	after := time.Duration(o.AfterMicros) * time.Microsecond
	if o.AfterMicros < 0 || o.AfterMicros > mostAfter.Microseconds() {
		return nil, badRequest("after_us is %d; expected 0, or microseconds of at most ten years", o.AfterMicros)
	}
	if err := b.sameName(ctx); err != nil {
		return nil, err
	}
	counts, err := b.net.Counts(ctx)
	if err != nil {
		return nil, err
	}
	if err := b.net.Destroy(ctx, DestroyOptions{After: after, Terminate: o.Terminate}); err != nil {
		return nil, err
	}
	if after > 0 {
		at := time.Now().Add(after).UTC().Format("2006-01-02 15:04 UTC")
		return &result{Pending: true, Message: "no worker is left, and the network goes on " + at}, nil
	}
	return &result{Done: int(counts.Total()), Message: "the network is gone"}, nil
}

// keepNetwork takes it back that the network is to be deleted.
func keepNetwork(ctx context.Context, b *hub, _ *order) (*result, error) {
	if err := b.net.Expire(ctx, 0); err != nil {
		return nil, err
	}
	return &result{Message: "the network is kept"}, nil
}
