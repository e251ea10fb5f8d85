package redisstore

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// Queues lists the queues that have tasks; see store.Queues.
func (n *network) Queues(ctx context.Context) ([]store.QueueLength, error) {
	r, err := n.call(ctx, "queues")
	if err != nil {
		return nil, err
	}
	queues := make([]store.QueueLength, r.array()/2)
	for i := range queues {
		queues[i] = store.QueueLength{Name: r.string(), Length: r.int()}
	}
	slices.SortFunc(queues, func(a, b store.QueueLength) int { return strings.Compare(a.Name, b.Name) })
	return queues, n.wrap("queues", r.finish())
}

// Queue lists the tasks of a queue; see store.Queues.
func (n *network) Queue(ctx context.Context, name string, from, most int64) ([]rush.TaskKey, error) {
	last := int64(-1) // of the list
	if most > 0 {
		last = from + most - 1
	}
	r, err := n.call(ctx, "queue", name, from, last)
	if err != nil {
		return nil, err
	}
	keys := readKeys(r)
	return keys, n.wrap("queue", r.finish())
}

// Remove fails tasks that are queued; see store.Queues.
func (n *network) Remove(ctx context.Context, keys []rush.TaskKey, conditions [][]byte) ([]bool, error) {
	if len(conditions) != len(keys) {
		return nil, n.wrap("remove", fmt.Errorf("%d conditions were given for %d tasks; expected one for each", len(conditions), len(keys)))
	}
	removed := make([]bool, 0, len(keys))
	for first := true; first || len(removed) < len(keys); first = false {
		from := len(removed)
		args := []any{newNonce()}
		for i := from; i < min(len(keys), from+endChunk); i++ {
			args = append(args, int64(keys[i]), conditions[i])
		}
		r, err := n.call(ctx, "remove", args...)
		if err != nil {
			return removed, err
		}
		for _, digit := range r.bytes() {
			removed = append(removed, digit == '1')
		}
		if err := r.finish(); err != nil {
			return removed, n.wrap("remove", err)
		}
	}
	return removed, nil
}
