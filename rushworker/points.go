package rushworker

import (
	"context"

	"github.com/rushnet/rush"
)

// ClaimPoint reserves a point, by any name, for the task whose number the worker
// has claimed, so that no two tasks have the same point. It returns the number of
// the task that has the point: the given one, or that of another task or worker,
// who was first. A number has one point, the last that was claimed for it. A
// point is free again when its task is deleted, when the worker that claimed its
// number is lost before it created the task, and after a reset.
func (w *Worker) ClaimPoint(ctx context.Context, point string, key rush.TaskKey) (holder rush.TaskKey, err error) {
	err = w.patiently(ctx, "claim a point", func() error {
		holder, err = w.net.ClaimPoint(ctx, point, key)
		return err
	})
	return holder, err
}
