package redisstore

import (
	"context"

	"github.com/rushnet/rush/internal/store"
)

// Repair mends the network; see store.Control. It is one script, so that
// nobody sees it half mended.
func (n *network) Repair(ctx context.Context) ([]string, error) {
	conditions, err := store.RepairConditions()
	if err != nil {
		return nil, n.wrap("repair", err)
	}
	r, err := n.call(ctx, "repair", newNonce(), conditions.Lost, conditions.NoOutputs, conditions.NoCondition)
	if err != nil {
		return nil, err
	}
	said := make([]string, r.array())
	for i := range said {
		said[i] = r.string()
	}
	return said, n.wrap("repair", r.finish())
}
