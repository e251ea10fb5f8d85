package redisstore

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/rushnet/rush"
)

// Counts reads the counters; see store.Archive.
func (n *network) Counts(ctx context.Context) (rush.Counts, error) {
	r, err := n.call(ctx, "counts")
	if err != nil {
		return rush.Counts{}, err
	}
	r.array()
	return readCounts(r), n.wrap("counts", r.err)
}

// Budget reads the limit and what is taken of it; see store.Archive.
func (n *network) Budget(ctx context.Context) (rush.Budget, error) {
	r, err := n.call(ctx, "budget")
	if err != nil {
		return rush.Budget{}, err
	}
	r.array()
	b := rush.Budget{Limit: r.int(), Taken: r.int()}
	return b, n.wrap("budget", r.finish())
}

func readCounts(r *reply) rush.Counts {
	return rush.Counts{
		Deferred: r.int(), Queued: r.int(), Running: r.int(), Finished: r.int(), Failed: r.int(),
		Created: r.int(), Deleted: r.int(), Claimed: r.int(),
	}
}

// Snapshot reads which tasks had not ended; see store.Archive.
func (n *network) Snapshot(ctx context.Context) (rush.Snapshot, error) {
	return n.snapshot(ctx, "snapshot", "dqr")
}

// snapshot reads the indexes of some states, named by their letters.
func (n *network) snapshot(ctx context.Context, verb, states string) (s rush.Snapshot, err error) {
	v, err := n.do(ctx, "snapshot", states)
	if err != nil {
		return s, n.wrap(verb, err)
	}
	r := unpack(v)
	r.array()
	s.Cursor = rush.Cursor{Epoch: r.int(), Offset: r.int()}
	s.Deferred = readKeys(r)
	slices.Sort(s.Deferred)
	for range r.array() {
		s.Queued = append(s.Queued, readKeys(r)...)
	}
	s.Running, err = decodeKeys(r.bytes())
	slices.Sort(s.Running)
	r.check(err)
	return s, n.wrap(verb, r.finish())
}

// readKeys reads an array of numbers, which may be strings.
func readKeys(r *reply) []rush.TaskKey {
	keys := make([]rush.TaskKey, r.array())
	for i := range keys {
		keys[i] = rush.TaskKey(r.number())
	}
	return keys
}

// number reads an integer in decimal.
func (r *reply) number() int64 {
	b := r.bytes()
	if r.err != nil {
		return 0
	}
	n, err := strconv.ParseInt(string(b), 10, 64)
	r.check(err)
	return n
}

// Keys lists the numbers of the tasks in a state; see store.Archive. The
// finished and the failed ones are those that the log says.
func (n *network) Keys(ctx context.Context, state rush.State) ([]rush.TaskKey, error) {
	switch state {
	case rush.Deferred, rush.Queued, rush.Running:
		s, err := n.snapshot(ctx, "keys", string(letter(state)))
		return slices.Concat(s.Deferred, s.Queued, s.Running), err
	case rush.Finished, rush.Failed:
		return n.ended(ctx, state)
	}
	return nil, n.wrap("keys", fmt.Errorf("the state is %q; expected one of those in rush.States", state))
}

// ended replays the log.
func (n *network) ended(ctx context.Context, state rush.State) ([]rush.TaskKey, error) {
	in := map[rush.TaskKey]bool{}
	page := rush.Page{More: true}
	for page.More {
		var err error
		if page, err = n.Ended(ctx, page.Next, logChunk, rush.NoFields, 0); err != nil {
			return nil, err
		}
		if page.Reset {
			clear(in)
		}
		replay(in, page.Endings, state)
	}
	keys := make([]rush.TaskKey, 0, len(in))
	for key := range in {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys, nil
}

// replay notes which tasks are in a state.
func replay(in map[rush.TaskKey]bool, log []rush.Ending, state rush.State) {
	for _, e := range log {
		if e.State == state {
			in[e.Key] = true
		} else {
			delete(in, e.Key)
		}
	}
}

// Records reads tasks; see store.Archive.
func (n *network) Records(ctx context.Context, keys []rush.TaskKey, fields rush.Fields) ([]rush.Record, error) {
	records := make([]rush.Record, len(keys))
	for {
		same, err := n.readRecords(ctx, keys, selectFields(fields), records)
		if err != nil || same {
			return records, err
		}
		clear(records) // the network was reset meanwhile: all or nothing
	}
}

// readRecords reads tasks in chunks, and reports whether all chunks were of
// the same epoch.
func (n *network) readRecords(ctx context.Context, keys []rush.TaskKey, sel selection, records []rush.Record) (bool, error) {
	epochs := make([]int64, max(1, (len(keys)+readChunk-1)/readChunk))
	err := inChunks(ctx, len(epochs), func(ctx context.Context, i int) error {
		chunk := keys[i*readChunk : min(len(keys), (i+1)*readChunk)]
		r, err := n.call(ctx, "records", appendKeys([]any{sel.arg()}, chunk)...)
		if err != nil {
			return err
		}
		r.array()
		epochs[i] = r.int()
		for j := range r.array() {
			rec := &records[i*readChunk+j]
			rec.Key = chunk[j]
			sel.read(r, rec)
		}
		return n.wrap("records", r.finish())
	})
	return slices.Max(epochs) == slices.Min(epochs), err
}
