package store

import (
	"context"

	"github.com/rushnet/rush"
)

// Points are what tasks are about, as far as no two of them are to be about the
// same.
type Points interface {
	// ClaimPoint reserves a point, by any name, for the task with a number, and
	// returns the number of the task that has it then: the given one, or that of
	// another task that had it before, which keeps it. A number has one point: the
	// one that it had before is free again. So is a point whose number belongs to
	// no task and to no worker that claimed it, as when a task was deleted or
	// a worker was lost before it created it. A reset frees all.
	ClaimPoint(ctx context.Context, point string, key rush.TaskKey) (holder rush.TaskKey, err error)
}
