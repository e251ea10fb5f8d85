package redisstore

import (
	"context"
	"time"

	"github.com/redis/go-redis/v9"

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

// A Between does something between two commands of a store.
type Between struct {
	Before string // the command, e.g. zrem
	Do     func()
}

// Meanwhile has something happen once, before a command of the store.
func (s *Store) Meanwhile(b Between) { s.client.AddHook(&b) }

// DialHook leaves a dial as it is.
func (*Between) DialHook(next redis.DialHook) redis.DialHook { return next }

// ProcessPipelineHook leaves a pipeline as it is.
func (*Between) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}

// ProcessHook does what is to be done before the command.
func (b *Between) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		if cmd.Name() == b.Before {
			b.Before = ""
			b.Do()
		}
		return next(ctx, cmd)
	}
}
