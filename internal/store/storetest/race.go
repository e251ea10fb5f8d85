package storetest

import (
	"fmt"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

func raceTests() []test {
	return []test{
		{"whatever is done at once, nothing is lost", testRaceEverything},
		{"one step delivered by many at once is one step", testRaceNonce},
		{"one create called by many at once is one create", testRaceCreate},
	}
}

// testRaceEverything has workers work and end, while others end, retry and
// delete tasks. The invariants hold at every moment.
func testRaceEverything(f *fixture) {
	f.define(0, 0)
	f.create(queued(200)...)
	var g errgroup.Group
	for i := range 6 {
		w, n := f.register(rush.WorkerID(fmt.Sprintf("w%d", i))), f.other()
		g.Go(func() error { return workAndEnd(w, n) })
	}
	meddler := f.other()
	g.Go(func() error {
		for key := range rush.TaskKey(150) {
			if err := meddle(f, meddler, key); err != nil {
				return err
			}
		}
		return nil
	})
	var over atomic.Bool
	var auditor errgroup.Group
	n := f.other()
	auditor.Go(func() error {
		for !over.Load() {
			a, err := n.Audit(f.Context())
			if err != nil {
				return err
			}
			if found := store.Check(a); found != nil {
				return fmt.Errorf("while others work: %v", found)
			}
		}
		return nil
	})
	err := g.Wait()
	over.Store(true)
	f.check(auditor.Wait())
	f.check(err)
}

// workAndEnd works for some steps and then leaves with a task and a claim.
func workAndEnd(w *worker, n store.Network) error {
	step := store.Step{Worker: w.id, Claim: true}
	for step.Nonce = 1; step.Nonce < 40; step.Nonce++ {
		turn, err := n.Next(w.Context(), step)
		if err != nil {
			return err
		}
		step.Done, step.Propose, step.Pop = nil, nil, step.Nonce%3 == 0
		for _, key := range []rush.TaskKey{turn.Created, taskKey(turn)} {
			if key != rush.NoTask {
				step.Done = append(step.Done, retried(key, 0), finished(key, 0))
			}
		}
		if turn.Claimed != rush.NoTask {
			step.Propose = proposal(turn.Claimed)
		}
	}
	_, err := n.EndWorker(w.Context(), store.WorkerEnd{
		ID: w.id, State: rush.WorkerTerminated, Condition: condition(rush.ClassKilled, ""), Retry: true,
	})
	return err
}

func taskKey(turn store.Turn) rush.TaskKey {
	if turn.Task == nil {
		return rush.NoTask
	}
	return turn.Task.Key
}

// meddle ends, retries and deletes a task of whatever state.
func meddle(f *fixture, n store.Network, key rush.TaskKey) error {
	if _, err := n.End(f.Context(), []store.Done{failed(key, 0)}); err != nil {
		return err
	}
	err := n.Retry(f.Context(), []rush.TaskKey{key}, store.RetryOptions{IgnoreLimit: true})
	if err = ignore(err, rush.ErrState); err != nil {
		return err
	}
	if key%4 != 0 {
		return nil
	}
	_, err = n.Delete(f.Context(), []rush.TaskKey{key})
	return ignore(err, rush.ErrState)
}

// testRaceNonce sends the same step over several handles, as a client that
// lost the reply does while the first request is still under way.
func testRaceNonce(f *fixture) {
	f.define(0, 0)
	f.create(queued(3)...)
	f.register("w1")
	turns := make([]store.Turn, 6)
	var g errgroup.Group
	for i := range turns {
		n := f.other()
		g.Go(func() (err error) {
			turns[i], err = n.Next(f.Context(), store.Step{Worker: "w1", Nonce: 1, Pop: true})
			return err
		})
	}
	f.check(g.Wait())
	for _, turn := range turns {
		f.same("turn", turn, turns[0])
	}
	f.same("counts", f.counts(), rush.Counts{Queued: 2, Running: 1, Created: 3})
}

func testRaceCreate(f *fixture) {
	f.define(0, 0)
	numbers := make([][]rush.TaskKey, 6)
	var g errgroup.Group
	for i := range numbers {
		n := f.other()
		g.Go(func() (err error) {
			numbers[i], err = n.Create(f.Context(), queued(20), "the same nonce")
			return err
		})
	}
	f.check(g.Wait())
	for _, keys := range numbers {
		if !slices.Equal(keys, numbers[0]) {
			f.Errorf("got numbers %v and %v", keys, numbers[0])
		}
	}
	f.same("counts", f.counts(), rush.Counts{Queued: 20, Created: 20})
}
