package redisstore

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/redis/go-redis/v9"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/wire"
)

// emptySlice is how many task hashes one call deletes, so that it does not
// hold others up.
const emptySlice = 5_000

// lookUp returns the id of a network.
func (s *Store) lookUp(ctx context.Context, name rush.NetworkID) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", s.explain(ctx, err)
	}
	entry, err := s.client.HGet(ctx, registryKey, string(name)).Result()
	if errors.Is(err, redis.Nil) {
		return "", rush.ErrNoNetwork
	}
	return entryID(entry), s.explain(ctx, err)
}

// entryID returns the id in an entry of the registry.
func entryID(entry string) string {
	id, _, _ := strings.Cut(entry, " ")
	return id
}

// allocate returns the id of a network, new if it has none.
func (s *Store) allocate(ctx context.Context, name rush.NetworkID) (string, error) {
	v, err := s.run(ctx, "allocate", registryKey, string(name))
	id, _ := v.(string)
	return id, err
}

// Networks lists the networks by name.
func (s *Store) Networks(ctx context.Context) ([]store.NetworkInfo, error) {
	if err := ctx.Err(); err != nil {
		return nil, s.explain(ctx, err)
	}
	if err := s.purge(ctx); err != nil {
		return nil, fmt.Errorf("list networks: %w", err)
	}
	entries, err := s.client.HGetAll(ctx, registryKey).Result()
	if err != nil {
		return nil, fmt.Errorf("list networks: %w", s.explain(ctx, err))
	}
	infos := []store.NetworkInfo{}
	for _, name := range slices.Sorted(maps.Keys(entries)) {
		v, err := s.run(ctx, "counts", key(entryID(entries[name]), netKey))
		if errors.Is(err, rush.ErrNoNetwork) {
			continue // half created, half destroyed, or expired
		}
		if err != nil {
			return nil, fmt.Errorf("list networks: %s: %w", name, err)
		}
		info := readInfo(unpack(v))
		info.ID = rush.NetworkID(name)
		infos = append(infos, info)
	}
	return infos, nil
}

// readInfo reads what counts.lua returns.
func readInfo(r *reply) (info store.NetworkInfo) {
	r.array()
	info.Counts = readCounts(r)
	info.Created = wire.Time(r.int())
	info.Workers = int(r.int())
	info.Expires = wire.Time(r.int())
	info.Run = readRun(r)
	return info
}

// Rename gives a network another name.
func (s *Store) Rename(ctx context.Context, from, to rush.NetworkID) error {
	if err := s.rename(ctx, from, to); err != nil {
		return fmt.Errorf("network %s: rename to %s: %w", from, to, err)
	}
	return nil
}

func (s *Store) rename(ctx context.Context, from, to rush.NetworkID) error {
	if err := to.Validate(); err != nil {
		return err
	}
	entries, err := s.client.HMGet(ctx, registryKey, string(from), string(to)).Result()
	if err != nil {
		return s.explain(ctx, err)
	}
	if entry, ok := entries[0].(string); ok {
		if there, err := s.exists(ctx, entryID(entry)); err != nil || !there {
			return cmpErr(err, rush.ErrNoNetwork)
		}
	}
	empty := "" // an entry that nothing is behind
	if entry, ok := entries[1].(string); ok {
		there, err := s.exists(ctx, entryID(entry))
		if err != nil {
			return err
		}
		if !there {
			empty = entry
		}
	}
	_, err = s.run(ctx, "rename", registryKey, string(from), string(to), empty)
	return err
}

// cmpErr returns the first error that is not nil.
func cmpErr(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// exists reports whether there is a network of an id.
func (s *Store) exists(ctx context.Context, id string) (bool, error) {
	_, err := s.run(ctx, "counts", key(id, netKey))
	if errors.Is(err, rush.ErrNoNetwork) {
		return false, nil
	}
	return err == nil, err
}

// Destroy deletes a network: first its name, then what others wait on and
// find, then the tasks, in slices. A repeat goes on where it stopped.
func (s *Store) Destroy(ctx context.Context, name rush.NetworkID) error {
	if err := s.destroy(ctx, name); err != nil {
		return fmt.Errorf("network %s: destroy: %w", name, err)
	}
	return nil
}

func (s *Store) destroy(ctx context.Context, name rush.NetworkID) error {
	id, err := s.lookUp(ctx, name)
	switch {
	case errors.Is(err, rush.ErrNoNetwork):
		// What an earlier call left can only be found if its id was the name.
		if taken, err := s.isID(ctx, string(name)); err != nil || taken {
			return err
		}
		id = string(name)
	case err != nil:
		return err
	}
	if _, err := s.run(ctx, "forget", registryKey, string(name), id); err != nil {
		return err
	}
	if _, err := s.run(ctx, "destroy", key(id, netKey)); err != nil {
		return err
	}
	return s.clear(ctx, id)
}

// forgetEmpty removes a name that no network is behind, and reports whether it
// did. The list and the network are in different slots of a cluster: somebody
// may make the network just now. Then it is listed again, by us, or by them if
// they come later.
func (s *Store) forgetEmpty(ctx context.Context, name, id string) (bool, error) {
	if there, err := s.exists(ctx, id); err != nil || there {
		return false, err
	}
	removed, err := s.run(ctx, "forget", registryKey, name, id)
	if err != nil || removed == int64(0) {
		return false, err
	}
	there, err := s.exists(ctx, id)
	if err != nil || !there {
		return err == nil, err
	}
	return false, s.explain(ctx, s.client.HSetNX(ctx, registryKey, name, id).Err())
}

// isID reports whether a network, of whatever name, has this id.
func (s *Store) isID(ctx context.Context, id string) (bool, error) {
	entries, err := s.client.HVals(ctx, registryKey).Result()
	has := slices.ContainsFunc(entries, func(entry string) bool { return entryID(entry) == id })
	return has, s.explain(ctx, err)
}

// empty deletes the task hashes that a reset or a destroy left.
func (s *Store) empty(ctx context.Context, id string) error {
	for {
		more, err := s.run(ctx, "empty", key(id, netKey), emptySlice)
		if err != nil || more == int64(0) {
			return err
		}
	}
}
