package webui

import (
	"context"
	"fmt"
	"net/http"

	"github.com/rushnet/rush"
)

// queues lists the network's queues; with ?queue=NAME also the first tasks of one.
func (h *Handler) queues(w http.ResponseWriter, r *http.Request) error {
	return h.with(r, func(b *hub) error {
		all, err := b.net.Queues(r.Context())
		if err != nil {
			return err
		}
		for i := range all {
			all[i].Workers = notNil(all[i].Workers)
		}
		said := map[string]any{"queues": notNil(all), "now_us": nowMicros()}
		if name := r.URL.Query().Get("queue"); name != "" {
			keys, err := b.net.QueueTasks(r.Context(), name)
			if err != nil {
				return err
			}
			said["tasks"] = notNil(keys[:min(mostRefused, len(keys))])
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
