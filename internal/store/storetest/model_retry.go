package storetest

import (
	"context"
	"slices"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/wire"
)

func (m *model) Retry(_ context.Context, keys []rush.TaskKey, opts store.RetryOptions) error {
	if err := m.absent(); err != nil {
		return err
	}
	for _, key := range keys {
		t := m.tasks[key]
		if t == nil {
			return m.wrap(&rush.TaskError{Key: key, Err: rush.ErrNoTask})
		}
		if !t.State.Ended() || !opts.IgnoreLimit && !t.hasRetries() || m.hopeless(t, keys) {
			return m.wrap(&rush.TaskError{Key: key, Err: rush.ErrState})
		}
	}
	restored := map[rush.TaskKey]bool{}
	for i, key := range keys {
		t := m.tasks[key]
		restored[key] = t.State == rush.Failed
		if opts.Seeds != nil {
			t.Seed = opts.Seeds[i]
		}
		m.log = append(m.log, rush.Ending{Key: key, Attempt: t.Attempt})
		m.renew(t)
	}
	for _, key := range slices.Backward(keys) {
		t := m.tasks[key]
		if t.taken || len(t.DependsOn) == 0 {
			m.enqueue(t, 0)
			continue
		}
		t.State = rush.Deferred
		m.resolve(t, 0)
	}
	for m.reviveOne(restored) {
		continue
	}
	return nil
}

// hopeless reports whether a task would have to wait for one that has failed,
// and is not retried, or for one that is gone.
func (m *model) hopeless(t *modelTask, retried []rush.TaskKey) bool {
	return !t.taken && slices.ContainsFunc(t.DependsOn, func(key rush.TaskKey) bool {
		on := m.tasks[key]
		return on == nil || on.State == rush.Failed && !slices.Contains(retried, key)
	})
}

// reviveOne has one task wait again that was impossible because of one that is
// restored, and for no other reason.
func (m *model) reviveOne(restored map[rush.TaskKey]bool) bool {
	for _, key := range m.in(rush.Failed) {
		t := m.tasks[key]
		c, err := wire.DecodeCondition(t.Condition)
		if err != nil || c.Class != rush.ClassImpossible || t.taken || m.hopeless(t, nil) ||
			!slices.ContainsFunc(t.DependsOn, func(on rush.TaskKey) bool { return restored[on] }) {
			continue
		}
		m.log = append(m.log, rush.Ending{Key: key, Attempt: t.Attempt})
		t.State, t.Condition, t.Finished = rush.Deferred, nil, 0
		restored[key] = true
		return true
	}
	return false
}
