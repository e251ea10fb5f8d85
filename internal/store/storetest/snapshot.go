package storetest

import (
	"context"
	"fmt"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

func snapshotTests() []test {
	return []test{
		{"it says what had not ended", testSnapshot},
		{"with the log it gives every task once, whoever writes", testSnapshotRace},
		{"readers see all of a reset or nothing", testSnapshotReset},
	}
}

func testSnapshot(f *fixture) {
	f.define(0, 0)
	f.register("w1")
	f.create(queued(3)...)
	f.create(running(3, "w1")...)
	f.create(after(0), after(1))
	f.end(finished(5, 1), failed(1, 0))
	f.retry(5)
	got, err := f.net.Snapshot(f.Context())
	f.check(err)
	f.same("snapshot", got, rush.Snapshot{
		Cursor: f.read(f.net, rush.Cursor{}).Next, Deferred: span(6, 1), Queued: []rush.TaskKey{5, 0, 2}, Running: span(3, 2),
	})
}

// testSnapshotRace takes snapshots while workers create, retry and end tasks.
func testSnapshotRace(f *fixture) {
	const limit = 300
	f.define(limit, 0)
	f.create(queued(50)...)
	reader := f.other()
	var g errgroup.Group
	var over atomic.Bool
	g.Go(func() error {
		for !over.Load() {
			if err := wantOnce(f.Context(), reader); err != nil {
				return err
			}
		}
		return nil
	})
	f.each(6, mixedLoop)
	over.Store(true)
	f.check(g.Wait())
	f.check(wantOnce(f.Context(), reader))
}

// mixedLoop pops or proposes, and finishes, fails or retries.
func mixedLoop(w *worker, n store.Network) (got []rush.TaskKey, err error) {
	step := store.Step{Worker: w.id, Pop: true}
	for step.Nonce = 1; ; step.Nonce++ {
		step.Propose = proposal(rush.NoTask)
		step.Propose.MaxRetries = 1
		turn, err := n.Next(w.Context(), step)
		if err != nil {
			return got, err
		}
		key, attempt := turn.Created, 1
		if turn.Task != nil {
			key, attempt = turn.Task.Key, turn.Task.Attempt
		}
		if key == rush.NoTask {
			return got, nil
		}
		got = append(got, key)
		step.Done = []store.Done{[]store.Done{finished(key, attempt), failed(key, attempt), retried(key, attempt)}[step.Nonce%3]}
	}
}

// wantOnce returns an error unless a snapshot and the log before it have every
// task exactly once.
func wantOnce(ctx context.Context, n store.Network) error {
	snapshot, err := n.Snapshot(ctx)
	if err != nil {
		return err
	}
	where := map[rush.TaskKey]string{}
	add := func(keys []rush.TaskKey, list string) {
		for _, key := range keys {
			if where[key] != "" {
				err = fmt.Errorf("task %d is %s and %s", key, where[key], list)
			}
			where[key] = list
		}
	}
	add(snapshot.Deferred, "deferred")
	add(snapshot.Queued, "queued")
	add(snapshot.Running, "running")
	ended, endedErr := endedBefore(ctx, n, snapshot.Cursor)
	if endedErr != nil {
		return endedErr
	}
	add(ended, "ended")
	for key := range rush.TaskKey(len(where)) {
		if where[key] == "" {
			return fmt.Errorf("task %d is nowhere, of %d in a snapshot and its log", key, len(where))
		}
	}
	return err
}

// endedBefore replays the log up to a cursor and returns what had ended.
func endedBefore(ctx context.Context, n store.Network, end rush.Cursor) ([]rush.TaskKey, error) {
	ended := map[rush.TaskKey]bool{}
	for from := (rush.Cursor{}); from.Offset < end.Offset; {
		page, err := n.Ended(ctx, from, int(end.Offset-from.Offset), rush.NoFields, 0)
		if err != nil {
			return nil, err
		}
		for _, e := range page.Endings {
			if e.Withdrawn() {
				delete(ended, e.Key)
			} else if ended[e.Key] {
				return nil, fmt.Errorf("task %d ended twice in the log", e.Key)
			} else {
				ended[e.Key] = true
			}
		}
		from = page.Next
	}
	var keys []rush.TaskKey
	for key := range ended {
		keys = append(keys, key)
	}
	return keys, nil
}

// testSnapshotReset resets the network to and fro while it is read.
func testSnapshotReset(f *fixture) {
	f.define(0, 0)
	reader := f.other()
	var over atomic.Bool
	var g errgroup.Group
	g.Go(func() error {
		for !over.Load() {
			counts, err := reader.Counts(f.Context())
			if err != nil {
				return err
			}
			if counts != (rush.Counts{}) && counts != (rush.Counts{Queued: 500, Created: 500}) {
				return fmt.Errorf("a reader saw %+v", counts)
			}
			snapshot, err := reader.Snapshot(f.Context())
			if err != nil {
				return err
			}
			if n := len(snapshot.Queued); n != 0 && n != 500 {
				return fmt.Errorf("a reader saw %d tasks", n)
			}
		}
		return nil
	})
	for range 20 {
		f.create(queued(500)...)
		f.reset(false)
	}
	over.Store(true)
	f.check(g.Wait())
}
