package redisstore

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/rushnet/rush"
)

// Expire has a network destroyed later; see store.Store. The hint for who
// purges comes first: without its counter it does nothing.
func (s *Store) Expire(ctx context.Context, name rush.NetworkID, after time.Duration) error {
	if err := s.expire(ctx, name, max(after, 0)); err != nil {
		return fmt.Errorf("network %s: expire: %w", name, err)
	}
	return nil
}

func (s *Store) expire(ctx context.Context, name rush.NetworkID, after time.Duration) error {
	id, err := s.lookUp(ctx, name)
	if err != nil {
		return err
	}
	now, err := s.client.Time(ctx).Result()
	if err != nil {
		return s.explain(ctx, err)
	}
	if after > 0 {
		hint := redis.Z{Score: float64(now.Add(after).UnixMicro()), Member: id}
		if err := s.client.ZAdd(ctx, expiringKey, hint).Err(); err != nil {
			return s.explain(ctx, err)
		}
	}
	_, err = s.run(ctx, "expire", key(id, netKey), after.Microseconds())
	return err
}

// purge destroys the networks whose time is over.
func (s *Store) purge(ctx context.Context) error {
	now, err := s.client.Time(ctx).Result()
	if err != nil {
		return s.explain(ctx, err)
	}
	due := &redis.ZRangeBy{Min: "-inf", Max: strconv.FormatInt(now.UnixMicro(), 10)}
	ids, err := s.client.ZRangeByScore(ctx, expiringKey, due).Result()
	if err != nil || len(ids) == 0 {
		return s.explain(ctx, err)
	}
	for _, id := range ids {
		if err := s.purgeOne(ctx, id); err != nil {
			return err
		}
	}
	// The hints go last, so that a repeat goes on where this stopped; one that
	// was renewed meanwhile stays.
	return s.explain(ctx, s.client.ZRemRangeByScore(ctx, expiringKey, due.Min, due.Max).Err())
}

// purgeOne destroys the network of an id, if its time is over.
func (s *Store) purgeOne(ctx context.Context, id string) error {
	entries, err := s.client.HGetAll(ctx, registryKey).Result()
	if err != nil {
		return s.explain(ctx, err)
	}
	destroyed, err := s.run(ctx, "destroy", key(id, netKey), 1)
	if err != nil {
		return err
	}
	if destroyed == int64(1) {
		for name, entry := range entries {
			if entryID(entry) != id {
				continue
			}
			if _, err := s.forgetEmpty(ctx, name, id); err != nil {
				return err
			}
		}
	}
	return s.clear(ctx, id)
}
