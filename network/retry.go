package network

import (
	"context"
	"fmt"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/wire"
	"github.com/rushnet/rush/seeds"
)

// RetryOptions are for [Rush.Retry].
type RetryOptions struct {
	IgnoreLimit bool // retry also what has no retries left
	NextSeed    bool // give each the next substream after its seed; otherwise it draws the same again
}

// Retry queues ended tasks again, at the front and in the order given, with the
// next attempt number; what is known of the attempt before stays with the task.
// All are retried or none. Refused are a task that has not ended (rush.ErrState),
// one that is impossible, as those are retried that it depends on, and one that
// has no retries left, unless the limit is ignored. Tasks that were impossible
// because of the retried ones wait for them again.
func (r *Rush) Retry(ctx context.Context, opts RetryOptions, keys ...rush.TaskKey) error {
	if len(keys) == 0 {
		return nil
	}
	records, err := r.net.Records(ctx, keys, rush.FieldCondition|rush.FieldOptions)
	if err != nil {
		return fmt.Errorf("retry tasks: %w", err)
	}
	raw := store.RetryOptions{IgnoreLimit: opts.IgnoreLimit}
	for i := range records {
		if err := retryable(&records[i]); err != nil {
			return fmt.Errorf("network %s: retry: %w", r.id, &rush.TaskError{Key: keys[i], Err: err})
		}
		if opts.NextSeed {
			seed := r.stream(&records[i]).NextSub()
			raw.Seeds = append(raw.Seeds, seed[:])
		}
	}
	return r.net.Retry(ctx, keys, raw)
}

// retryable returns an error for a task that failed because of another.
func retryable(rec *rush.Record) error {
	if rec.State != rush.Failed {
		return nil // the store knows better how it stands by now
	}
	c, err := wire.DecodeCondition(rec.Condition)
	if err == nil && c != nil && c.Class == rush.ClassImpossible {
		return fmt.Errorf("%w: it is impossible, as it depends on a task that failed; retry that", rush.ErrState)
	}
	return err
}

// stream returns the random-number stream of a task's objective.
func (r *Rush) stream(rec *rush.Record) seeds.Stream {
	if len(rec.Seed) == len(seeds.Stream{}) {
		return seeds.Stream(rec.Seed)
	}
	return r.seed.At(int64(rec.Key)).Objective()
}

// DeleteOptions are for [Rush.Delete].
type DeleteOptions struct {
	// Running deletes running tasks too: they fail as removed first, and what
	// their workers deliver for them is lost.
	Running bool
}

// Delete removes tasks with all that is known of them, and returns how many
// there were; unknown ones are ignored. A running one is an error, rush.ErrState,
// unless opts say otherwise; then none is deleted. Tasks that wait for a deleted
// one become impossible.
func (r *Rush) Delete(ctx context.Context, opts DeleteOptions, keys ...rush.TaskKey) (int, error) {
	if len(keys) == 0 {
		return 0, nil
	}
	if opts.Running {
		condition, err := wire.EncodeCondition(&rush.Condition{Class: rush.ClassRemoved, Message: "it is being deleted"})
		if err != nil {
			return 0, err
		}
		records, err := r.net.Records(ctx, keys, rush.NoFields)
		if err != nil {
			return 0, err
		}
		var done []store.Done
		for _, rec := range records {
			if rec.State == rush.Running || rec.State == rush.Queued {
				done = append(done, store.Done{Key: rec.Key, Condition: condition})
			}
		}
		if _, err := r.net.End(ctx, done); err != nil {
			return 0, err
		}
	}
	n, err := r.net.Delete(ctx, keys)
	if err != nil {
		return n, err
	}
	return n, r.Objects().EmptyTrash(ctx)
}
