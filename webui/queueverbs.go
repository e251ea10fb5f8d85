package webui

import (
	"context"
	"fmt"
	"math"
	"net/http"

	"github.com/rushnet/rush"
)

// listedTasks is how many tasks of a queue are listed if nobody says how many.
const listedTasks = 100

// queues lists the network's queues; with ?queue=NAME also tasks of one.
func (h *Handler) queues(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	from, err := number(q, "from", 0, 0, math.MaxInt32)
	if err != nil {
		return err
	}
	most, err := number(q, "limit", listedTasks, 1, mostRefused)
	if err != nil {
		return err
	}
	return h.with(r, func(b *hub) error {
		all, err := b.net.Queues(r.Context())
		if err != nil {
			return err
		}
		for i := range all {
			all[i].Workers = notNil(all[i].Workers)
		}
		said := map[string]any{"queues": notNil(all), "now_us": nowMicros()}
		if name := q.Get("queue"); name != "" {
			keys, err := b.net.QueuePart(r.Context(), name, from, most)
			if err != nil {
				return err
			}
			said["tasks"], said["from"] = notNil(keys), from
		}
		return answer(w, said)
	})
}

// removedFor is why tasks are taken out of their queues; nil has no words for it.
func removedFor(reason string) *rush.Condition {
	if reason == "" {
		reason = "removed in the browser"
	}
	return &rush.Condition{Class: rush.ClassRemoved, Message: reason}
}

// unqueueTasks takes tasks out of their queues.
func unqueueTasks(ctx context.Context, b *hub, o *order) (*result, error) {
	res, keys, err := b.choose(ctx, o, func(m match) string {
		if m.state != rush.Queued {
			return fmt.Sprintf("it is %s, in no queue", m.state)
		}
		return ""
	})
	if err != nil {
		return nil, err
	}
	for len(keys) > 0 {
		some := keys[:min(together, len(keys))]
		keys = keys[len(some):]
		done, err := b.net.Unqueue(ctx, []*rush.Condition{removedFor(o.Reason)}, some...)
		if err != nil {
			return res, err
		}
		res.Done += len(done)
		removed := map[rush.TaskKey]bool{}
		for _, key := range done {
			removed[key] = true
		}
		for _, key := range some {
			if !removed[key] {
				res.refuse(key, "it is in no queue any more")
			}
		}
	}
	return res, nil
}

// emptyQueues takes all tasks out of the queues named, or out of all.
func emptyQueues(ctx context.Context, b *hub, o *order) (*result, error) {
	keys, err := b.net.EmptyQueue(ctx, removedFor(o.Reason), o.Queues...)
	if err != nil {
		return nil, err
	}
	return &result{Done: len(keys), Numbers: keys[:min(mostRefused, len(keys))]}, nil
}
