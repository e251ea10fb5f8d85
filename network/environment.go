package network

import (
	"context"
	"fmt"

	"github.com/rushnet/rush/internal/environment"
	"github.com/rushnet/rush/rushworker"
)

// SetEnvironment sets named values of the network's environment, all of them in
// one step, in place of those of the same names; others stay. Workers that start
// read them. Those that run go on with what they have until they are sent
// rush.CommandRefresh, which takes effect after the running task and before the
// next. A reset of the network keeps them. Archive.Environment returns them.
//
// The tasks do not record which values they were evaluated with.
func (r *Rush) SetEnvironment(ctx context.Context, e rushworker.Environment) error {
	docs, err := environment.Encode(e.Constants, e.Variables)
	if err == nil {
		err = r.net.WriteDocuments(ctx, docs)
	}
	if err != nil {
		return fmt.Errorf("set the environment of network %s: %w", r.id, err)
	}
	return nil
}

// UnsetEnvironment takes named values out of the network's environment, so that
// what workers were started with counts again once they are refreshed. A name
// that is not there does no harm.
func (r *Rush) UnsetEnvironment(ctx context.Context, constants, variables []string) error {
	if err := r.net.WriteDocuments(ctx, environment.Without(constants, variables)); err != nil {
		return fmt.Errorf("unset the environment of network %s: %w", r.id, err)
	}
	return nil
}
