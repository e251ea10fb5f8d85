package storetest

import (
	"errors"
	"fmt"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// A loop is what a worker does until there is no more to do. It returns the
// numbers that it got.
type loop func(w *worker, n store.Network) ([]rush.TaskKey, error)

// each runs a loop in many workers at once, over several handles on the store,
// and returns all that they got.
func (f *fixture) each(workers int, run loop) (got []rush.TaskKey) {
	f.Helper()
	handles := []store.Network{f.net, f.other(), f.other()}
	var mu sync.Mutex // guards got
	var g errgroup.Group
	for i := range workers {
		w := f.register(rush.WorkerID(fmt.Sprintf("w%d", i)))
		g.Go(func() error {
			keys, err := run(w, handles[i%len(handles)])
			mu.Lock()
			defer mu.Unlock()
			got = append(got, keys...)
			return err
		})
	}
	f.check(g.Wait())
	return got
}

// proposeAll is a worker's loop with one round trip for each task: finish the
// last one, propose the number that was claimed and claim the next.
func proposeAll(w *worker, n store.Network) (created []rush.TaskKey, err error) {
	step := store.Step{Worker: w.id, Claim: true}
	for step.Nonce = 1; ; step.Nonce++ {
		turn, err := n.Next(w.Context(), step)
		if err != nil {
			return created, err
		}
		step.Done, step.Propose = nil, nil
		if turn.Created != rush.NoTask {
			created = append(created, turn.Created)
			step.Done = []store.Done{finished(turn.Created, 1)}
		}
		if turn.Claimed != rush.NoTask {
			step.Propose = proposal(turn.Claimed)
		}
		if step.Done == nil && step.Propose == nil {
			return created, nil
		}
	}
}

// popAll is the loop of a worker that evaluates what is queued.
func popAll(w *worker, n store.Network) (popped []rush.TaskKey, err error) {
	step := store.Step{Worker: w.id, Pop: true}
	for step.Nonce = 1; ; step.Nonce++ {
		turn, err := n.Next(w.Context(), step)
		if err != nil || turn.Task == nil {
			return popped, err
		}
		popped = append(popped, turn.Task.Key)
		step.Done = []store.Done{finished(turn.Task.Key, 1)}
	}
}

// ignore returns nil for an error that is to be expected.
func ignore(err, expected error) error {
	if errors.Is(err, expected) {
		return nil
	}
	return err
}
