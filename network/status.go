package network

import (
	"context"
	"fmt"

	"github.com/rushnet/rush"
)

// Status returns the state of each task, in the order of the keys;
// rush.Missing for one that does not exist.
func (r *Rush) Status(ctx context.Context, keys ...rush.TaskKey) ([]rush.State, error) {
	records, err := r.net.Records(ctx, keys, rush.NoFields)
	if err != nil {
		return nil, fmt.Errorf("read the state of %d tasks: %w", len(keys), err)
	}
	states := make([]rush.State, len(keys))
	for i, rec := range records {
		if states[i] = rec.State; rec.State == "" {
			states[i] = rush.Missing
		}
	}
	return states, nil
}

// TaskExists reports for each of the tasks whether there is one of that number.
func (r *Rush) TaskExists(ctx context.Context, keys ...rush.TaskKey) ([]bool, error) {
	states, err := r.Status(ctx, keys...)
	exists := make([]bool, len(states))
	for i, s := range states {
		exists[i] = s != rush.Missing
	}
	return exists, err
}

// IsRunning reports whether a task is running; it is not if it does not exist.
func (r *Rush) IsRunning(ctx context.Context, key rush.TaskKey) (bool, error) {
	return r.isIn(ctx, key, rush.Running)
}

// IsFailed reports whether a task has failed; it has not if it does not exist.
func (r *Rush) IsFailed(ctx context.Context, key rush.TaskKey) (bool, error) {
	return r.isIn(ctx, key, rush.Failed)
}

func (r *Rush) isIn(ctx context.Context, key rush.TaskKey, state rush.State) (bool, error) {
	states, err := r.Status(ctx, key)
	return err == nil && states[0] == state, err
}

// TasksIn reads the tasks that are in a state: queued ones in the order in which
// they will be taken, the others by ascending number. One that was deleted
// between two reads is left out.
func (r *Rush) TasksIn(ctx context.Context, state rush.State) ([]*rush.Task, error) {
	keys, err := r.Keys(ctx, state)
	if err != nil {
		return nil, err
	}
	states, err := r.Status(ctx, keys...)
	if err != nil {
		return nil, err
	}
	there := keys[:0]
	for i, key := range keys {
		if states[i] == state {
			there = append(there, key)
		}
	}
	return r.Tasks(ctx, there...)
}

// RawTask reads a task as the store holds it: values still encoded, times in
// microseconds.
func (r *Rush) RawTask(ctx context.Context, key rush.TaskKey) (rush.Record, error) {
	records, err := r.net.Records(ctx, []rush.TaskKey{key}, rush.AllFields)
	if err != nil {
		return rush.Record{}, fmt.Errorf("read a task: %w", err)
	}
	if records[0].State == "" {
		return rush.Record{}, fmt.Errorf("network %s: %w", r.id, &rush.TaskError{Key: key, Err: rush.ErrNoTask})
	}
	return records[0], nil
}

// Waiting is a deferred task and what it waits for.
type Waiting struct {
	Key        rush.TaskKey
	DependsOn  []rush.TaskKey
	Unfinished []rush.TaskKey // those of them that have not finished
}

// Deferred lists which tasks wait for which others, by ascending number.
func (r *Rush) Deferred(ctx context.Context) ([]Waiting, error) {
	keys, err := r.net.Keys(ctx, rush.Deferred)
	if err != nil {
		return nil, fmt.Errorf("list the deferred tasks: %w", err)
	}
	records, err := r.net.Records(ctx, keys, rush.FieldOptions)
	if err != nil {
		return nil, fmt.Errorf("list the deferred tasks: %w", err)
	}
	var on []rush.TaskKey
	for i := range records {
		on = append(on, records[i].DependsOn...)
	}
	states, err := r.Status(ctx, on...)
	if err != nil {
		return nil, err
	}
	list := make([]Waiting, 0, len(records))
	for i := range records {
		rec := &records[i]
		w := Waiting{Key: rec.Key, DependsOn: rec.DependsOn}
		for k, key := range rec.DependsOn {
			if states[k] != rush.Finished {
				w.Unfinished = append(w.Unfinished, key)
			}
		}
		if states = states[len(rec.DependsOn):]; rec.State == rush.Deferred {
			list = append(list, w)
		}
	}
	return list, nil
}
