package network

import (
	"context"
	"fmt"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/rushworker"
)

// Other returns what can be read of another network of the same store, as long as
// this manager is open. It is an error, rush.ErrNoNetwork, if there is none of that
// name; none is made.
func (r *Rush) Other(ctx context.Context, id rush.NetworkID) (*rushworker.Archive, error) {
	other := r.st.Network(id)
	if _, err := other.Definition(ctx); err != nil {
		return nil, fmt.Errorf("network %s: read another one: %w", r.id, err)
	}
	return rushworker.NewArchive(other, r.log), nil
}
