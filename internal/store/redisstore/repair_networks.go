package redisstore

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/redis/go-redis/v9"

	"github.com/rushnet/rush"
)

// scanCount is how many keys the server looks at in one step.
const scanCount = 1_000

// RepairNetworks mends the registry; see store.Store. It looks at every key of
// the server.
func (s *Store) RepairNetworks(ctx context.Context) (said []string, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("repair the list of networks: %w", s.explain(ctx, err))
		}
	}()
	// Networks are made and named meanwhile: what was listed before the survey
	// is looked for in it, and what it found is looked for in a later list.
	before, err := s.client.HGetAll(ctx, registryKey).Result()
	if err != nil {
		return nil, err
	}
	found, err := s.survey(ctx)
	if err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(before)) {
		id := entryID(before[name])
		sentence, err := s.repairEntry(ctx, name, id, found[id])
		if err != nil {
			return said, err
		}
		said = append(said, sentence...)
	}
	entries, err := s.client.HGetAll(ctx, registryKey).Result()
	if err != nil {
		return said, err
	}
	ids := map[string]bool{}
	for _, entry := range entries {
		ids[entryID(entry)] = true
	}
	for _, id := range slices.Sorted(maps.Keys(found)) {
		if found[id].folders {
			if err := s.moveFolders(ctx, id); err != nil {
				return said, err
			}
		}
		if ids[id] {
			continue
		}
		sentence, err := s.adopt(ctx, id, found[id], entries)
		if err != nil {
			return said, err
		}
		said = append(said, sentence...)
	}
	return said, nil
}

// A remains is what a survey found of one network.
type remains struct {
	counters bool
	trash    bool
	folders  bool  // of objects, to be moved
	epoch    int64 // the highest of which there are keys
	next     int64 // the number after the highest task of that epoch
	keys     int
}

// survey looks at all keys and returns what there is of each network, by id.
func (s *Store) survey(ctx context.Context) (map[string]*remains, error) {
	found := map[string]*remains{}
	var mu sync.Mutex // guards found: the masters of a cluster are scanned at once
	scan := func(ctx context.Context, c *redis.Client) error {
		keys := c.Scan(ctx, 0, "rush:{*", scanCount).Iterator()
		for keys.Next(ctx) {
			id, rest, ok := strings.Cut(strings.TrimPrefix(keys.Val(), "rush:{"), "}:")
			if !ok {
				continue
			}
			mu.Lock()
			if found[id] == nil {
				found[id] = &remains{}
			}
			found[id].see(rest)
			mu.Unlock()
		}
		return keys.Err()
	}
	switch c := s.client.(type) {
	case *redis.ClusterClient:
		return found, c.ForEachMaster(ctx, scan)
	case *redis.Client:
		return found, scan(ctx, c)
	}
	return nil, fmt.Errorf("a client of type %T cannot be scanned", s.client)
}

// see notes a key, without the part that all keys of its network share.
func (r *remains) see(key string) {
	r.keys++
	switch key {
	case countersKey:
		r.counters = true
	case trashKey:
		r.trash = true
	case objectFoldersKey:
		r.folders = true
	}
	epoch, rest, ok := strings.Cut(key, ":")
	e, err := strconv.ParseInt(epoch, 10, 64)
	if !ok || err != nil || e < r.epoch {
		return
	}
	if e > r.epoch {
		r.epoch, r.next = e, 0
	}
	if n, err := strconv.ParseInt(rest, 10, 64); err == nil {
		r.next = max(r.next, n+1)
	}
}

// repairEntry mends what is behind an entry of the registry.
func (s *Store) repairEntry(ctx context.Context, name, id string, r *remains) ([]string, error) {
	switch {
	case r == nil:
		removed, err := s.forgetEmpty(ctx, name, id)
		if err != nil || !removed {
			return nil, err
		}
		return []string{fmt.Sprintf("network %s: there was nothing behind its name; it was removed from the list", name)}, nil
	case r.counters || r.next == 0:
		return nil, nil
	}
	made, err := s.run(ctx, "revive", key(id, netKey), r.epoch, r.next)
	if err != nil || made == int64(0) {
		return nil, err
	}
	return []string{fmt.Sprintf("network %s: its counters were lost; its tasks were found, but not its budget and how many numbers are reserved: define them again", name)}, nil
}

// adopt gives a network that is in no list a name, and finishes the deletion
// of one that was destroyed.
func (s *Store) adopt(ctx context.Context, id string, r *remains, entries map[string]string) ([]string, error) {
	switch {
	case !r.counters && r.trash:
		if err := s.empty(ctx, id); err != nil {
			return nil, err
		}
		return []string{fmt.Sprintf("network %s: it was destroyed, but for some of its tasks; now they are gone too", id)}, nil
	case !r.counters:
		return nil, nil // what expires, or somebody else's
	}
	name := id
	for i := 1; entries[name] != ""; i++ {
		name = fmt.Sprintf("%s.%d", id, i)
	}
	if rush.NetworkID(name).Validate() != nil {
		return nil, nil // not ours
	}
	listed, err := s.client.HSetNX(ctx, registryKey, name, id).Result()
	if err != nil || !listed {
		return nil, err
	}
	entries[name] = id
	return []string{fmt.Sprintf("network %s: it was in no list; it is listed again", name)}, nil
}
