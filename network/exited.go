package network

import (
	"context"
	"errors"
	"fmt"

	"github.com/rushnet/rush"
)

// DeleteWorkers forgets workers that have ended, so that lists do not grow for
// ever: no ids mean all that have ended, and unknown ones are ignored. It
// returns those that there were, by the order of registration, never nil. One that is
// alive is an error (rush.ErrAlive), and then none is deleted.
//
// What others have of a worker stays: its id in the records of its tasks and in
// the log, and its responses until they are deleted. The columns that
// rushworker.Archive.WithWorkers adds are empty for it. A worker that was lost,
// but still runs, cannot join again once it is deleted, and ends. The id may be
// used again.
func (r *Rush) DeleteWorkers(ctx context.Context, ids ...rush.WorkerID) ([]rush.WorkerID, error) {
	if len(ids) == 0 {
		ids = nil
	}
	deleted, err := r.net.DeleteWorkers(ctx, ids)
	if errors.Is(err, rush.ErrAlive) {
		err = fmt.Errorf("%w; stop it first, or wait until it has ended", err)
	}
	if err != nil {
		return nil, fmt.Errorf("delete workers of network %s: %w", r.id, err)
	}
	return append([]rush.WorkerID{}, deleted...), nil
}
