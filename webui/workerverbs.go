package webui

import (
	"context"
	"errors"
	"time"

	"github.com/rushnet/rush"
)

// stopPatience is how long an answer waits until workers have ended; they go on
// ending after it.
const stopPatience = 3 * time.Second

// pauseWorkers has workers take no more tasks.
func pauseWorkers(ctx context.Context, b *hub, o *order) (*result, error) {
	return b.tellWorkers(ctx, rush.CommandPause, o)
}

// resumeWorkers has them take tasks again.
func resumeWorkers(ctx context.Context, b *hub, o *order) (*result, error) {
	return b.tellWorkers(ctx, rush.CommandResume, o)
}

func (b *hub) tellWorkers(ctx context.Context, c rush.Command, o *order) (*result, error) {
	_, got, err := b.net.Send(ctx, c, nil, o.Workers...)
	if err != nil {
		return nil, err
	}
	return &result{Done: len(got), Workers: got, Pending: true, Message: "each does it when the task that it runs has ended"}, nil
}

// stopWorkers has workers finish what they run and end. All workers are the whole
// run, which can be resumed.
func stopWorkers(ctx context.Context, b *hub, o *order) (*result, error) {
	return b.end(ctx, rush.SignalTerminate, o)
}

// killWorkers ends workers at once; what they run fails as killed.
func killWorkers(ctx context.Context, b *hub, o *order) (*result, error) {
	return b.end(ctx, rush.SignalKill, o)
}

func (b *hub) end(ctx context.Context, signal rush.Signal, o *order) (*result, error) {
	if len(o.Workers) == 0 {
		reason := o.Reason
		if reason == "" {
			reason = "stopped in the browser"
		}
		if err := b.net.RequestStop(ctx, rush.RunInterrupted, reason); err != nil {
			return nil, err
		}
	}
	limit, cancel := context.WithTimeout(ctx, stopPatience)
	defer cancel()
	got, err := b.net.StopWorkers(limit, signal, o.Workers...)
	res := &result{Done: len(got), Workers: got}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, rush.ErrTimeout) {
		res.Pending, err = true, nil
		res.Message = "they end when the tasks that they run have ended"
	}
	for _, id := range o.Workers {
		if err == nil && !contains(got, id) {
			res.Refused = append(res.Refused, refusal{Worker: id, Why: "it was not running"})
		}
	}
	return res, err
}

func contains(ids []rush.WorkerID, id rush.WorkerID) bool {
	for _, other := range ids {
		if other == id {
			return true
		}
	}
	return false
}
