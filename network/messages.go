package network

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/wire"
)

// A Response is what a worker responded to a message.
type Response struct {
	Worker rush.WorkerID
	Value  any       // nil if Err is not
	Err    error     // what the worker could not do, or that it ended before it answered
	At     time.Time // by the store's clock
}

// Send tells workers something, all that are alive or those named, under one
// message id, and returns it with those who got it; see rush.Command for what
// there is, and which argument (any value of package rush) each takes. It does
// not wait for them. It fails with rush.ErrNoWorker, sending nothing, when one
// that is named is not alive or is a client, which has nobody to answer, or when
// there is nobody.
func (r *Rush) Send(ctx context.Context, c rush.Command, argument any, ids ...rush.WorkerID) (rush.MessageID, []rush.WorkerID, error) {
	id, to, err := r.send(ctx, c, argument, ids)
	if err != nil {
		return 0, nil, fmt.Errorf("send %s to workers of network %s: %w", c, r.id, err)
	}
	return id, to, nil
}

func (r *Rush) send(ctx context.Context, c rush.Command, argument any, ids []rush.WorkerID) (rush.MessageID, []rush.WorkerID, error) {
	m := store.NewMessage{Command: c}
	var err error
	if argument != nil {
		if m.Argument, err = wire.AppendValue(nil, argument); err != nil {
			return 0, nil, fmt.Errorf("argument: %w", err)
		}
	}
	if m.To, err = r.addressees(ctx, ids); err != nil {
		return 0, nil, err
	}
	sent, err := r.net.Send(ctx, m, uuid.NewString())
	if err == nil && sent.ID == 0 {
		err = fmt.Errorf("%w that is alive", rush.ErrNoWorker)
	}
	return sent.ID, sent.To, err
}

// addressees returns those who can answer a message: all, or those named, all of
// whom must.
func (r *Rush) addressees(ctx context.Context, ids []rush.WorkerID) ([]rush.WorkerID, error) {
	list, err := r.net.List(ctx)
	if err != nil {
		return nil, err
	}
	to, missing := []rush.WorkerID{}, slices.Clone(ids)
	for _, w := range list {
		named := slices.Contains(ids, w.ID)
		if w.State.Alive() && !w.Client() && (named || len(ids) == 0) {
			to = append(to, w.ID)
			missing = slices.DeleteFunc(missing, func(id rush.WorkerID) bool { return id == w.ID })
		} else if named {
			state := string(w.State)
			if w.State.Alive() {
				state = "a client, which takes no messages"
			}
			return nil, fmt.Errorf("worker %s is %s: %w that could answer", w.ID, state, rush.ErrNoWorker)
		}
	}
	if len(missing) > 0 {
		return nil, fmt.Errorf("worker %s: %w", missing[0], rush.ErrNoWorker)
	}
	return to, nil
}

// Responses returns what workers responded to a message, by worker: all to whom
// it was sent, or those named. It waits up to wait until none is missing, and
// fails with rush.ErrTimeout, naming those that are, when that takes longer; a
// wait of 0 looks once. A response that was deleted, or of a worker that the
// message was not sent to, is rush.ErrNoResponse.
func (r *Rush) Responses(ctx context.Context, id rush.MessageID, wait time.Duration, workers ...rush.WorkerID) ([]Response, error) {
	got, err := r.net.Responses(ctx, id, workers, wait)
	if err != nil {
		return nil, fmt.Errorf("responses to message %d in network %s: %w", id, r.id, err)
	}
	var missing []rush.WorkerID
	out := make([]Response, len(got))
	for i, one := range got {
		if one.Pending {
			missing = append(missing, one.Worker)
			continue
		}
		if out[i], err = response(one); err != nil {
			return nil, fmt.Errorf("response of worker %s to message %d: %w", one.Worker, id, err)
		}
	}
	if len(missing) > 0 {
		return nil, fmt.Errorf("message %d in network %s has no response yet from %v: %w", id, r.id, missing, rush.ErrTimeout)
	}
	return out, nil
}

func response(r store.Response) (Response, error) {
	out := Response{Worker: r.Worker, At: wire.Time(r.At)}
	var v any
	if len(r.Body) > 0 {
		var err error
		if v, _, err = wire.ReadValue(r.Body); err != nil {
			return out, err
		}
	}
	if r.Failed {
		out.Err = fmt.Errorf("worker %s: %v", r.Worker, v)
	} else {
		out.Value = v
	}
	return out, nil
}

// HasResponse says of each worker to whom a message was sent, or of those named,
// whether it has responded.
func (r *Rush) HasResponse(ctx context.Context, id rush.MessageID, workers ...rush.WorkerID) (map[rush.WorkerID]bool, error) {
	got, err := r.net.Responses(ctx, id, nil, 0)
	if err != nil && !errors.Is(err, rush.ErrNoResponse) {
		return nil, fmt.Errorf("responses to message %d in network %s: %w", id, r.id, err)
	}
	has := map[rush.WorkerID]bool{}
	for _, w := range workers {
		has[w] = false
	}
	for _, one := range got {
		if len(workers) == 0 || slices.Contains(workers, one.Worker) {
			has[one.Worker] = !one.Pending
		}
	}
	return has, nil
}

// DeleteResponses deletes the responses of all, or of the workers named, to a
// message. One that was not answered yet is taken back, unless the worker is at
// it already. Deleting what is not there does nothing.
func (r *Rush) DeleteResponses(ctx context.Context, id rush.MessageID, workers ...rush.WorkerID) error {
	if err := r.net.DeleteResponses(ctx, id, workers); err != nil {
		return fmt.Errorf("delete the responses to message %d in network %s: %w", id, r.id, err)
	}
	return nil
}

// ResponseIDs lists the messages to which a worker has responded, the oldest
// first.
func (r *Rush) ResponseIDs(ctx context.Context, worker rush.WorkerID) ([]rush.MessageID, error) {
	ids, err := r.net.ResponseIDs(ctx, worker)
	if err != nil {
		return nil, fmt.Errorf("responses of worker %s in network %s: %w", worker, r.id, err)
	}
	return ids, nil
}

// SendAndWait is Send, Responses and, once all have come, DeleteResponses.
func (r *Rush) SendAndWait(ctx context.Context, wait time.Duration, c rush.Command, argument any, ids ...rush.WorkerID) ([]Response, error) {
	id, _, err := r.Send(ctx, c, argument, ids...)
	if err != nil {
		return nil, err
	}
	got, err := r.Responses(ctx, id, wait)
	if err != nil {
		return nil, err
	}
	return got, r.DeleteResponses(ctx, id)
}
