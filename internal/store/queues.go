package store

import (
	"context"

	"github.com/rushnet/rush"
)

// Queues is where queued tasks wait. A queue is there while it has tasks; its
// name is any text, "" that of the shared one. A worker's own queue has its
// id: when the worker ends, however it does, what waits there comes to the
// front of the shared one, in the order in which it waited and behind what the
// worker ran and is queued again; and what is queued for one that has ended
// (Retry, a dependency that finished) goes into the shared one too. A task
// that has moved stays with the shared one.
type Queues interface {
	// Queues lists the queues that have tasks, by name.
	Queues(ctx context.Context) ([]QueueLength, error)

	// Queue lists the tasks of a queue in the order in which they will be
	// taken: at most so many after the first from ones, or all of these if most
	// is 0. Memory and what is sent are of those that it lists.
	Queue(ctx context.Context, name string, from, most int64) ([]rush.TaskKey, error)

	// Remove fails those of the tasks that are queued, each with its
	// condition; others, and unknown ones, stay as they are. It returns for
	// each whether it was removed. At least 1,000 are removed in one step.
	Remove(ctx context.Context, keys []rush.TaskKey, conditions [][]byte) ([]bool, error)
}

// A QueueLength says how many tasks wait in a queue.
type QueueLength struct {
	Name   string
	Length int64
}
