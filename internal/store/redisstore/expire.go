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
// purges comes first, so that none is missing if this ends in between; and once
// more, as a purge may have taken it before the network was due.
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
		if err := s.hint(ctx, id, now.Add(after).UnixMicro()); err != nil {
			return err
		}
	}
	v, err := s.run(ctx, "expire", key(id, netKey), after.Microseconds())
	if err != nil {
		return err
	}
	if due, _ := v.(int64); due > 0 {
		return s.hint(ctx, id, due)
	}
	return nil
}

// hint says when, in µs, a network may have to be destroyed.
func (s *Store) hint(ctx context.Context, id string, due int64) error {
	return s.explain(ctx, s.client.ZAdd(ctx, expiringKey, redis.Z{Score: float64(due), Member: id}).Err())
}

// purge destroys the networks whose time is over. Each hint goes after its
// network, so that a repeat goes on where this stopped.
func (s *Store) purge(ctx context.Context) error {
	now, err := s.client.Time(ctx).Result()
	if err != nil {
		return s.explain(ctx, err)
	}
	due := &redis.ZRangeBy{Min: "-inf", Max: strconv.FormatInt(now.UnixMicro(), 10)}
	hints, err := s.client.ZRangeByScoreWithScores(ctx, expiringKey, due).Result()
	if err != nil {
		return s.explain(ctx, err)
	}
	for _, hint := range hints {
		id, _ := hint.Member.(string)
		if err := s.purgeOne(ctx, id); err != nil {
			return err
		}
		if _, err := s.run(ctx, "settle", expiringKey, id, int64(hint.Score)); err != nil {
			return err
		}
	}
	return nil
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
