package storetest

import (
	"context"
	"maps"
	"slices"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

func (m *model) Next(_ context.Context, step store.Step) (store.Turn, error) {
	w, turn, repeated, err := m.deliver(step)
	if err != nil || repeated {
		return turn, err
	}
	m.fetch(w, step, &turn)
	w.nonce, w.program, w.turn = step.Nonce, step.Program, turn
	return turn, nil
}

// deliver is the first half of Next: what the step has done.
func (m *model) deliver(step store.Step) (w *modelWorker, turn store.Turn, repeated bool, err error) {
	if err := m.absent(); err != nil {
		return nil, store.Turn{}, false, err
	}
	w = m.alive(step.Worker)
	if w != nil && w.nonce == step.Nonce && w.program == step.Program {
		return w, w.turn, true, nil
	}
	if w != nil && step.Nonce > 0 && step.Nonce <= w.nonce {
		return nil, turn, false, m.wrap(&store.StaleError{Last: w.nonce})
	}
	if w != nil && step.Propose != nil {
		if err := m.objects.lacks(step.Propose.Objects); err != nil {
			return nil, turn, false, m.wrap(err)
		}
	}
	turn = store.Turn{Created: rush.NoTask, Claimed: rush.NoTask, Outcomes: m.endAll(step.Done)}
	if w == nil {
		return nil, turn, false, m.wrap(rush.ErrLost)
	}
	for _, outcome := range turn.Outcomes {
		if outcome == store.Applied {
			w.Tasks++
		}
	}
	return w, turn, false, nil
}

// fetch is the second half of Next: what the step asks for.
func (m *model) fetch(w *modelWorker, step store.Step, turn *store.Turn) {
	if turn.Stop = m.stop; turn.Stop == "" {
		turn.Stop = string(w.signal)
	}
	if turn.Stop != "" {
		return
	}
	turn.Paused = w.State == rush.WorkerPaused
	if !turn.Paused {
		m.hand(w, step, turn)
	}
	turn.Exhausted = m.room() == 0 && !(step.Claim && step.Propose == nil && m.pooled())
	turn.Drained = m.drained()
}

// hand gives a worker what it asks for.
func (m *model) hand(w *modelWorker, step store.Step, turn *store.Turn) {
	if step.Pop {
		m.pop(w, step.Queues, turn)
	}
	if turn.Task == nil && step.Propose != nil {
		m.propose(w, step.Propose, turn)
	}
	if turn.Task == nil && step.Claim && (step.Propose == nil || turn.Created != rush.NoTask) {
		m.claim(w, turn)
	}
}

func (m *model) pop(w *modelWorker, queues []string, turn *store.Turn) {
	if queues == nil {
		queues = []string{string(w.ID), ""}
	}
	for _, queue := range queues {
		for _, key := range m.queue {
			if t := m.tasks[key]; t.Queue == queue && m.affords(t) {
				m.start(t, w.ID)
				record := t.Record
				turn.Task = &record
				return
			}
		}
	}
}

// affords reports whether the budget lets a queued task start.
func (m *model) affords(t *modelTask) bool { return t.taken || m.room() > 0 }

func (m *model) propose(w *modelWorker, p *store.Proposal, turn *store.Turn) {
	key := p.Key
	switch holder, claimed := m.claims[key]; {
	case key == rush.NoTask && m.room() == 0:
		return
	case key == rush.NoTask:
		key = m.number()
	case !claimed || holder != w.ID:
		turn.Rejected = true
		return
	default:
		delete(m.claims, key)
		m.taken-- // starting the task takes it again
	}
	t := m.add(key, rush.Record{XS: p.XS, XSExtra: p.XSExtra, Options: p.Options, Spent: p.Spent})
	m.start(t, w.ID)
	m.objects.hold(store.TaskTag(key), p.Objects)
	turn.Created, turn.Started = key, t.Started
}

func (m *model) claim(w *modelWorker, turn *store.Turn) {
	for _, key := range slices.Sorted(maps.Keys(m.claims)) {
		if m.claims[key] == "" {
			m.claims[key] = w.ID
			turn.Claimed = key
			return
		}
	}
	if m.room() > 0 {
		m.taken++
		turn.Claimed = m.number()
		m.claims[turn.Claimed] = w.ID
	}
}

// pooled reports whether a worker gave a number back that nobody has claimed.
func (m *model) pooled() bool {
	for _, holder := range m.claims {
		if holder == "" {
			return true
		}
	}
	return false
}

// drained reports whether nothing is running, claimed or left to be popped.
func (m *model) drained() bool {
	c := m.counts()
	return c.Running == 0 && c.Claimed == 0 &&
		!slices.ContainsFunc(m.queue, func(key rush.TaskKey) bool { return m.affords(m.tasks[key]) })
}
