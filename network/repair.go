package network

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/scratch"
	"github.com/rushnet/rush/objects"
)

// Repair mends what a crash of the machine or a hand in the database left
// behind, and returns a sentence for each thing that it did: none if the
// network is sound, which is not changed then. The tasks' own records are
// believed; indexes, counters and the log of endings are made to agree with
// them, and what runs on a worker that is not alive is queued again while it
// has retries left, or fails as lost. Objects that no tag holds, and files of
// the object store that belong to no object, are deleted when they are older
// than older. It may be called while workers work; they wait for it, and so does
// all else on the same Redis: 5 to 8 µs for each task of the network, as measured
// on two cores, most of a second for 100,000. In a file it is a third of that.
func (r *Rush) Repair(ctx context.Context, older time.Duration) ([]string, error) {
	said, err := r.net.Repair(ctx)
	if err != nil {
		if errors.Is(err, rush.ErrNoNetwork) {
			return nil, err
		}
		return nil, fmt.Errorf("repair network %s: %w", r.id, err)
	}
	collected, err := r.Objects().Collect(ctx, older)
	return append(said, collected...), err
}

// Repair mends the store's list of networks: names that nothing is behind are
// removed, networks that are in no list are listed, and what is left of
// networks that were destroyed is deleted, the files of their objects too. It
// returns a sentence for each thing that it did. So are temporary files on this
// machine, of workers whose manager was killed.
func (s *Store) Repair(ctx context.Context) ([]string, error) {
	said, err := s.st.RepairNetworks(ctx)
	if err != nil {
		return said, fmt.Errorf("repair %s: %w", s.Address(), err)
	}
	for _, dir := range scratch.Sweep("") {
		said = append(said, fmt.Sprintf("the directory %s had temporary files of a worker whose process was killed; it was removed", dir))
	}
	removed, err := objects.RemoveFolders(ctx, s.st)
	if said = append(said, removed...); err != nil {
		return said, fmt.Errorf("repair %s: %w", s.Address(), err)
	}
	return said, nil
}
