package frozenstore

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/table"
)

// A network is a handle on the network of a file, or on one that is not there.
type network struct {
	store *Store
	id    rush.NetworkID
}

var _ store.Network = (*network)(nil)

const endedPage = 8192 // entries of the log

// ID is the handle's.
func (n *network) ID() rush.NetworkID { return n.id }

// About is what the file says of the network; nil if it does not.
func (n *network) About() *table.About { return n.store.file.About }

// archive reads the rows.
func (n *network) archive() (*archive, error) {
	if err := n.there(); err != nil {
		return nil, err
	}
	return n.store.read()
}

func (n *network) there() error {
	if n.id != n.store.id {
		return fmt.Errorf("network %s: %w in %s; the file is of %s", n.id, rush.ErrNoNetwork, n.store.path, n.store.id)
	}
	return nil
}

// idle waits, as nothing is ever new.
func idle(ctx context.Context, wait time.Duration) error {
	if wait <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
	return ctx.Err()
}

// unknownSeed is the body of the definition of a file that does not have one: every
// network has a seed.
const unknownSeed = `{"seed":[10407,1,1,1,1,1,1]}`

// Definition is the definition that the file has.
func (n *network) Definition(context.Context) (store.Definition, error) {
	if err := n.there(); err != nil {
		return store.Definition{}, err
	}
	def := store.Definition{Version: 1, Body: []byte(unknownSeed)}
	if about := n.About(); about != nil {
		def.Limit, def.Reserved, def.Version = about.Limit, about.Reserved, max(1, about.Version)
		if len(about.Definition) > 0 {
			def.Body = about.Definition
		}
	}
	return def, nil
}

// AwaitDefinition waits in vain for a newer one.
func (n *network) AwaitDefinition(ctx context.Context, after int64, wait time.Duration) (store.Definition, error) {
	def, err := n.Definition(ctx)
	if err == nil && def.Version <= after {
		err = idle(ctx, wait)
	}
	return def, err
}

// Run is the run as it was.
func (n *network) Run(context.Context) (rush.Run, error) { return runOf(n.About()), n.there() }

// Audit reads what the invariants speak of.
func (n *network) Audit(context.Context) (*store.Audit, error) {
	a, err := n.archive()
	if err != nil {
		return nil, err
	}
	return a.audit(), nil
}

// Counts counts the rows.
func (n *network) Counts(context.Context) (rush.Counts, error) {
	a, err := n.archive()
	if err != nil {
		return rush.Counts{}, err
	}
	return a.counts, nil
}

// Budget is the budget as it was.
func (n *network) Budget(context.Context) (rush.Budget, error) {
	a, err := n.archive()
	if err != nil {
		return rush.Budget{}, err
	}
	return a.budget, nil
}

// Records reads tasks by number.
func (n *network) Records(_ context.Context, keys []rush.TaskKey, fields rush.Fields) ([]rush.Record, error) {
	a, err := n.archive()
	if err != nil {
		return nil, err
	}
	out := make([]rush.Record, len(keys))
	for i, key := range keys {
		out[i] = a.record(key, fields)
	}
	return out, nil
}

// Ended reads the log of endings, which has one entry for each task that has ended.
func (n *network) Ended(ctx context.Context, from rush.Cursor, most int, fields rush.Fields, wait time.Duration) (page rush.Page, err error) {
	a, err := n.archive()
	if err != nil {
		return page, err
	}
	if from.Epoch != 0 {
		page.Reset, from = true, rush.Cursor{}
	}
	if most <= 0 {
		most = endedPage
	}
	length := int64(len(a.log))
	at := min(max(0, from.Offset), length)
	end := min(at+int64(most), length)
	if at == end && !page.Reset {
		return rush.Page{Next: from}, idle(ctx, wait)
	}
	page.Endings = slices.Clone(a.log[at:end])
	page.Next, page.More = rush.Cursor{Offset: end}, end < length
	if fields != rush.NoFields {
		page.Records = make([]rush.Record, 0, end-at)
		for _, i := range a.ended[at:end] {
			page.Records = append(page.Records, pick(&a.records[i], fields))
		}
	}
	return page, nil
}

// Snapshot reads which tasks had not ended.
func (n *network) Snapshot(context.Context) (rush.Snapshot, error) {
	a, err := n.archive()
	if err != nil {
		return rush.Snapshot{}, err
	}
	return rush.Snapshot{
		Cursor:   rush.Cursor{Offset: int64(len(a.log))},
		Deferred: slices.Clone(a.states[rush.Deferred]), Queued: slices.Clone(a.states[rush.Queued]), Running: slices.Clone(a.states[rush.Running]),
	}, nil
}

// Keys lists the tasks of a state.
func (n *network) Keys(_ context.Context, state rush.State) ([]rush.TaskKey, error) {
	a, err := n.archive()
	if err != nil {
		return nil, err
	}
	return slices.Clone(a.states[state]), nil
}

// Queues lists the queues that had tasks.
func (n *network) Queues(context.Context) ([]store.QueueLength, error) {
	a, err := n.archive()
	if err != nil {
		return nil, err
	}
	var queues []store.QueueLength
	for _, key := range a.states[rush.Queued] {
		name := a.records[a.at[key]].Queue
		at, found := slices.BinarySearchFunc(queues, name, func(q store.QueueLength, name string) int {
			switch {
			case q.Name < name:
				return -1
			case q.Name > name:
				return 1
			}
			return 0
		})
		if !found {
			queues = slices.Insert(queues, at, store.QueueLength{Name: name})
		}
		queues[at].Length++
	}
	return queues, nil
}

// Queue lists tasks of a queue.
func (n *network) Queue(_ context.Context, name string, from, most int64) ([]rush.TaskKey, error) {
	a, err := n.archive()
	if err != nil {
		return nil, err
	}
	var keys []rush.TaskKey
	for _, key := range a.states[rush.Queued] {
		if a.records[a.at[key]].Queue != name {
			continue
		}
		if from--; from < 0 {
			keys = append(keys, key)
		}
		if most > 0 && int64(len(keys)) == most {
			break
		}
	}
	return keys, nil
}

// AwaitProgress reads how far a task was.
func (n *network) AwaitProgress(ctx context.Context, seen rush.Record, wait time.Duration) (rush.Record, error) {
	a, err := n.archive()
	if err != nil {
		return rush.Record{}, err
	}
	r := a.record(seen.Key, rush.FieldHistory)
	if r.State == "" {
		return r, fmt.Errorf("network %s: %w", n.id, &rush.TaskError{Key: seen.Key, Err: rush.ErrNoTask})
	}
	now := rush.Record{Key: r.Key, State: r.State, Attempt: r.Attempt, Progress: r.Progress}
	if now.State == seen.State && now.Attempt == seen.Attempt && string(now.Progress) == string(seen.Progress) {
		err = idle(ctx, wait)
	}
	return now, err
}
