package redisstore

import (
	"context"
	"time"

	"github.com/rushnet/rush"
)

// NeverLookAgain has those who wait rely on being woken.
func (s *Store) NeverLookAgain() { s.blocked.look = time.Hour }

// Key returns a key of a network, by its parts.
func (s *Store) Key(ctx context.Context, name rush.NetworkID, parts ...string) (string, error) {
	id, err := s.lookUp(ctx, name)
	return key(id, parts...), err
}

// Interrupted does the part of Destroy that comes before the tasks are
// deleted.
func (s *Store) Interrupted(ctx context.Context, name rush.NetworkID) error {
	id, err := s.lookUp(ctx, name)
	if err != nil {
		return err
	}
	if _, err := s.run(ctx, "forget", registryKey, string(name), id); err != nil {
		return err
	}
	_, err = s.run(ctx, "destroy", key(id, netKey))
	return err
}
