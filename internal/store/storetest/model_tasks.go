package storetest

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

func (m *model) Create(_ context.Context, tasks []store.NewTask, nonce string) ([]rush.TaskKey, error) {
	if err := m.absent(); err != nil {
		return nil, err
	}
	if keys, ok := m.nonces[nonce]; ok {
		return keys, nil
	}
	if err := m.refuse(tasks); err != nil {
		return nil, m.wrap(err)
	}
	keys := []rush.TaskKey{}
	for _, n := range tasks {
		n.DependsOn = n.Dependencies(keys)
		keys = append(keys, m.createOne(n))
	}
	m.nonces[nonce] = keys
	return keys, nil
}

// refuse says why tasks cannot be created.
func (m *model) refuse(tasks []store.NewTask) error {
	if err := store.CheckAfter(tasks); err != nil {
		return err
	}
	var starts int64
	made := map[rush.TaskKey]bool{} // the fixed numbers of those before
	for _, n := range tasks {
		if n.Fixed && (n.Key < 0 || int64(n.Key) >= m.def.Reserved) {
			return fmt.Errorf("task %d: %d numbers are reserved", n.Key, m.def.Reserved)
		}
		if n.Fixed && m.tasks[n.Key] != nil {
			continue
		}
		for _, key := range n.DependsOn {
			if m.tasks[key] == nil && !made[key] {
				return &rush.TaskError{Key: key, Err: rush.ErrNoTask}
			}
		}
		made[n.Key] = made[n.Key] || n.Fixed
		if err := m.objects.lacks(n.Objects); err != nil {
			return err
		}
		if n.State == rush.Running {
			starts++
			if m.alive(n.Worker) == nil {
				return fmt.Errorf("worker %s: %w", n.Worker, rush.ErrNoWorker)
			}
		}
	}
	if starts > m.room() {
		return rush.ErrExhausted
	}
	return nil
}

// room returns how many tasks may still be taken.
func (m *model) room() int64 {
	if m.def.Limit <= 0 {
		return 1 << 60
	}
	return max(0, m.def.Limit-m.taken)
}

func (m *model) createOne(n store.NewTask) rush.TaskKey {
	key := n.Key
	if !n.Fixed {
		key = m.number()
	}
	if m.tasks[key] != nil {
		return key
	}
	m.objects.hold(store.TaskTag(key), n.Objects)
	t := m.add(key, rush.Record{XS: n.XS, XSExtra: n.XSExtra, Options: n.Options, DependsOn: n.DependsOn})
	if n.For != "" {
		if t.Queue = ""; m.alive(n.For) != nil {
			t.Queue = string(n.For)
		}
	}
	switch {
	case n.State == rush.Running:
		m.start(t, n.Worker)
	case n.State.Ended():
		t.YS, t.YSExtra = n.YS, n.YSExtra
		m.finish(t, n.Condition)
	case len(n.DependsOn) > 0:
		t.State = rush.Deferred
		m.resolve(t, len(m.queue))
	default:
		m.enqueue(t, len(m.queue))
	}
	return key
}

// number hands out the next number.
func (m *model) number() rush.TaskKey {
	m.next++
	return m.next - 1
}

func (m *model) add(key rush.TaskKey, r rush.Record) *modelTask {
	r.Key, r.Created = key, m.micros()
	t := &modelTask{Record: r, retried: map[int]bool{}}
	m.tasks[key] = t
	m.born++
	return t
}

// enqueue puts a task into the queue, at a place counted from the front.
func (m *model) enqueue(t *modelTask, place int) {
	if m.left(rush.WorkerID(t.Queue)) {
		t.Queue = ""
	}
	t.State = rush.Queued
	m.queue = slices.Insert(m.queue, place, t.Key)
}

// leave takes a task out of the state that it is in.
func (m *model) leave(t *modelTask) {
	m.queue = slices.DeleteFunc(m.queue, func(key rush.TaskKey) bool { return key == t.Key })
}

func (m *model) start(t *modelTask, w rush.WorkerID) {
	m.leave(t)
	if !t.taken {
		t.taken = true
		m.taken++
	}
	t.State, t.Worker, t.Started, t.Attempt = rush.Running, w, m.micros(), max(t.Attempt, 1)
}

// finish ends a task: failed if it has a condition, else finished.
func (m *model) finish(t *modelTask, condition []byte) {
	m.leave(t)
	t.State, t.Condition, t.Finished = rush.Finished, condition, m.micros()
	if condition != nil {
		t.State = rush.Failed
	}
	m.log = append(m.log, rush.Ending{Key: t.Key, Attempt: t.Attempt, State: t.State})
	m.lastSign = m.clock()
	m.resolveAfter(t.Key)
}

// resolveAfter looks again at what depends on a task that has ended or is no
// more. The smallest number comes last, and so to the very front.
func (m *model) resolveAfter(key rush.TaskKey) {
	for _, dependent := range slices.Backward(m.in(rush.Deferred)) {
		if t := m.tasks[dependent]; t.State == rush.Deferred && slices.Contains(t.DependsOn, key) {
			m.resolve(t, 0)
		}
	}
}

// resolve queues a deferred task whose dependencies are all finished, or fails
// it if that can not be any more.
func (m *model) resolve(t *modelTask, place int) {
	missing := 0
	for _, key := range t.DependsOn {
		on := m.tasks[key]
		if on == nil || on.State == rush.Failed {
			m.finish(t, condition(rush.ClassImpossible, "a task that it depends on failed"))
			return
		}
		if on.State != rush.Finished {
			missing++
		}
	}
	if missing == 0 {
		m.enqueue(t, place)
	}
}

// requeue gives a task that ran or ended another attempt, at the front.
func (m *model) requeue(t *modelTask) {
	m.renew(t)
	m.enqueue(t, 0)
}

// renew gives a task that ran or ended another attempt, in no state yet.
func (m *model) renew(t *modelTask) {
	t.Attempts = append(slices.Clone(t.Attempts), rush.AttemptRecord{
		Number: t.Attempt, Worker: t.Worker, YS: t.YS, YSExtra: t.YSExtra, Condition: t.Condition,
		Reports: t.Reports, Started: t.Started, Finished: t.Finished,
	})
	t.Attempt++
	t.Worker, t.YS, t.YSExtra, t.Condition, t.Progress, t.Started, t.Finished = "", nil, nil, nil, nil, 0, 0
	t.State, t.Reports = "", nil
}

// hasRetries reports whether the current attempt may be followed by another.
func (t *modelTask) hasRetries() bool { return t.Attempt <= t.MaxRetries }

func (m *model) End(_ context.Context, done []store.Done) ([]store.Outcome, error) {
	if err := m.absent(); err != nil {
		return nil, err
	}
	return m.endAll(done), nil
}

func (m *model) endAll(done []store.Done) []store.Outcome {
	outcomes := []store.Outcome{}
	for _, d := range done {
		outcomes = append(outcomes, m.endOne(d))
	}
	return outcomes
}

func (m *model) endOne(d store.Done) store.Outcome {
	t := m.tasks[d.Key]
	if t == nil {
		return store.NotFound
	}
	if d.Attempt == 0 {
		d.Attempt = t.Attempt
	}
	if d.Attempt != t.Attempt || t.State.Ended() {
		return m.endAgain(t, d)
	}
	t.Spent = plus(t.Spent, d.Spent)
	t.YSExtra = d.YSExtra
	if d.Condition != nil && t.State == rush.Running && (d.Requeue || d.Retry && t.hasRetries()) {
		t.Condition, t.Finished = d.Condition, m.micros()
		t.retried[t.Attempt] = true
		m.lastSign = m.clock()
		m.requeue(t)
		return store.Retried
	}
	t.YS = d.YS
	m.finish(t, d.Condition)
	return store.Applied
}

func plus(a, b rush.Spent) rush.Spent {
	return rush.Spent{
		Proposing: a.Proposing + b.Proposing, Waiting: a.Waiting + b.Waiting,
		Evaluating: a.Evaluating + b.Evaluating, Storing: a.Storing + b.Storing,
	}
}

// endAgain judges a Done about an attempt that is over.
func (m *model) endAgain(t *modelTask, d store.Done) store.Outcome {
	over := append(slices.Clone(t.Attempts), rush.AttemptRecord{
		Number: t.Attempt, YS: t.YS, Condition: t.Condition, Worker: t.Worker, Started: t.Started,
	})
	var by rush.WorkerID
	for _, a := range over {
		if a.Number != d.Attempt {
			continue
		}
		by = a.Worker
		if !bytes.Equal(a.YS, d.YS) || !bytes.Equal(a.Condition, d.Condition) {
			continue
		}
		if t.retried[a.Number] {
			return store.Retried
		}
		return store.Applied
	}
	late := rush.LateRecord{Attempt: d.Attempt, Worker: by, YS: d.YS, Condition: d.Condition, At: m.micros()}
	for _, l := range t.Late {
		if l.Attempt == late.Attempt && bytes.Equal(l.YS, late.YS) && bytes.Equal(l.Condition, late.Condition) {
			return store.Late
		}
	}
	t.Late = append(slices.Clone(t.Late), late)
	return store.Late
}

func (m *model) Delete(_ context.Context, keys []rush.TaskKey) (int, error) {
	if err := m.absent(); err != nil {
		return 0, err
	}
	for _, key := range keys {
		if t := m.tasks[key]; t != nil && t.State == rush.Running {
			return 0, m.wrap(&rush.TaskError{Key: key, Err: rush.ErrState})
		}
	}
	n := 0
	for _, key := range keys {
		t := m.tasks[key]
		if t == nil {
			continue
		}
		m.leave(t)
		if t.State.Ended() {
			m.log = append(m.log, rush.Ending{Key: key, Attempt: t.Attempt})
		}
		delete(m.tasks, key)
		m.objects.drop(store.TaskTag(key))
		m.deleted++
		n++
		m.resolveAfter(key)
	}
	return n, nil
}
