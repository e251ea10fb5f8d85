package storetest

import (
	"slices"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// A flaw is one thing that a broken store does wrong; "" is none.
type flaw string

func (f flaw) is(name flaw) bool { return f == name }

// spoilStep breaks what is delivered with a step.
func (f flaw) spoilStep(m *model, step *store.Step) {
	w := m.alive(step.Worker)
	if f.is("a repeated step is taken again") && w != nil {
		w.nonce = -1
	}
	if f.is("nobody is lost") && w == nil && m.worker(step.Worker) != nil {
		m.worker(step.Worker).State = rush.WorkerRunning
	}
	if f.is("the shared queue comes first") && step.Queues == nil {
		step.Queues = []string{"", string(step.Worker)}
	}
	step.Done = slices.Clone(step.Done)
	f.spoilDone(step.Done)
}

// spoilDone breaks endings.
func (f flaw) spoilDone(done []store.Done) {
	for i := range done {
		if f.is("the attempt is not looked at") {
			done[i].Attempt = 0
		}
	}
}

// fetch breaks what a step gets.
func (f flaw) fetch(m *model, w *modelWorker, step store.Step, turn *store.Turn) {
	switch {
	case f.is("the budget has room for one more") && m.def.Limit > 0:
		m.def.Limit++
		defer func() { m.def.Limit-- }()
	case f.is("a signal stops nothing"):
		signal := w.signal
		w.signal = rush.SignalNone
		defer func() { w.signal = signal }()
	case f.is("a proposal is lost when a task is popped") && step.Propose != nil && len(m.queue) > 0:
		delete(m.claims, step.Propose.Key)
	case f.is("another's number is accepted") && step.Propose != nil:
		if _, claimed := m.claims[step.Propose.Key]; claimed {
			m.claims[step.Propose.Key] = w.ID
		}
	}
	m.fetch(w, step, turn)
	if f.is("drained is never said") {
		turn.Drained = false
	}
}

// spoilRetry breaks a retry.
func (f flaw) spoilRetry(m *model, keys []rush.TaskKey) {
	if f.is("a retry is not logged") {
		m.log = m.log[:len(m.log)-len(keys)]
	}
	if f.is("a retry goes to the back") {
		m.queue = append(m.queue[len(keys):], keys...)
	}
}

// spoilClaims breaks the pool of numbers.
func (f flaw) spoilClaims(m *model) {
	for key, holder := range m.claims {
		if f.is("claims do not go back") && holder == "" {
			delete(m.claims, key)
		}
	}
}

// accept drops the numbers that the call itself would give.
func (m *model) accept(tasks []store.NewTask) []store.NewTask {
	tasks = slices.Clone(tasks)
	for i := range tasks {
		tasks[i].DependsOn = slices.DeleteFunc(slices.Clone(tasks[i].DependsOn), func(key rush.TaskKey) bool { return key == m.next })
	}
	return tasks
}
