package redisstore

import (
	"context"

	"github.com/rushnet/rush"
)

// ClaimPoint reserves a point for a task; see store.Points.
func (n *network) ClaimPoint(ctx context.Context, point string, key rush.TaskKey) (rush.TaskKey, error) {
	r, err := n.call(ctx, "claim_point", point, int64(key))
	if err != nil {
		return rush.NoTask, err
	}
	holder := rush.TaskKey(r.int())
	return holder, n.wrap("claim_point", r.finish())
}
