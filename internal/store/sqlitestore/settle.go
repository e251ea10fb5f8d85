package sqlitestore

import (
	"fmt"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// A taskRow is what verbs need of a task's row.
type taskRow struct {
	id         int64
	state      int64
	attempt    int64
	taken      bool
	worker     int64
	queue      int64
	position   int64
	created    int64
	started    int64
	finished   int64
	maxRetries int64
	history    int64
	unfinished int64  // of those that it depends on, while it is deferred
	condition  []byte // of a task that is created failed
}

// holder returns whose index the task is in; 0 for none.
func (r *taskRow) holder() int64 {
	switch r.state {
	case stateQueued:
		return r.queue
	case stateRunning:
		return -r.worker
	}
	return 0
}

// hasRetries reports whether the current attempt has retries left.
func (r *taskRow) hasRetries() bool { return r.attempt <= r.maxRetries }

// settle decides in which state a new task begins, and counts it.
func (t *txn) settle(row *taskRow, task *store.NewTask) (err error) {
	row.condition = task.Condition
	switch task.State {
	case "", rush.Queued, rush.Deferred:
		err = t.settleWaiting(row, task.DependsOn)
	case rush.Running:
		err = t.settleRunning(row, task.Worker)
	case rush.Finished, rush.Failed:
		err = t.settleEnded(row, task)
	default:
		err = fmt.Errorf("a task cannot be created in state %q; expected one of %q", task.State, rush.States())
	}
	if err != nil {
		return err
	}
	if row.queue, err = t.queueFor(task); err != nil {
		return err
	}
	t.net.tasks++
	*t.net.in(row.state)++
	switch {
	case row.state == stateQueued:
		if row.queue, err = t.livingQueue(row.queue); err != nil {
			return err
		}
		t.net.back++
		row.position = t.net.back
		t.topics |= topicWork
	case ended(row.state):
		row.finished = t.now
		return t.log(row.id, row.attempt, row.state)
	}
	return nil
}

// settleRunning has a new task run at a worker, which takes from the budget.
func (t *txn) settleRunning(row *taskRow, id rush.WorkerID) error {
	w, err := t.livingWorker(id)
	if err != nil {
		return err
	}
	if !t.net.room() {
		return fmt.Errorf("%w: %d tasks of %d were taken", rush.ErrExhausted, t.net.taken, t.net.limit)
	}
	t.start(row, w.number)
	return nil
}

// start has a task that is not running yet run at a worker.
func (t *txn) start(row *taskRow, worker int64) {
	if !row.taken {
		row.taken = true
		t.net.taken++
	}
	row.state, row.attempt, row.worker, row.started = stateRunning, max(1, row.attempt), worker, t.now
}

// settleEnded keeps the worker's name of a task that is copied from elsewhere.
func (t *txn) settleEnded(row *taskRow, task *store.NewTask) (err error) {
	row.state = stateNumber(task.State)
	if row.state == stateFailed && row.condition == nil {
		row.condition, err = defaultCondition(rush.DefaultCondition())
	}
	if task.Worker != "" && err == nil {
		row.worker, err = t.internWorker(task.Worker)
	}
	return err
}

const insertTask = `INSERT INTO tasks (id, state, attempt, taken, worker, queue, holder, position, created, started, finished,
	proposing, waiting, evaluating, storing, max_retries, xs, ys, xs_extra, ys_extra, condition, function, seed, timeout, stall, memory, isolate, depends_on, unfinished)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

// insert adds the row of a new task, and whom it waits for.
func (t *txn) insert(row *taskRow, task *store.NewTask, spent rush.Spent) error {
	ys := task.YS
	if row.state == stateFinished {
		ys = outputs(ys)
	}
	err := t.stmt(insertTask).int(row.id).int(row.state).int(row.attempt).bool(row.taken).optInt(row.worker).
		int(row.queue).optInt(row.holder()).int(row.position).int(row.created).int(row.started).int(row.finished).spent(&spent).
		int(int64(task.MaxRetries)).blob(task.XS).blob(ys).blob(task.XSExtra).blob(task.YSExtra).
		blob(row.condition).optText(task.Function).blob(encodeSeed(task.Seed)).optInt(int64(task.Timeout)).
		optInt(int64(task.Stall)).optInt(task.Memory).optInt(one(task.Isolate)).blob(encodeKeys(task.DependsOn)).int(row.unfinished).run()
	if err != nil {
		return err
	}
	return t.depend(row.id, task.DependsOn)
}

func one(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// noOutputs is an empty MessagePack map: what a finished task has that was
// given no outputs.
var noOutputs = []byte{0x80}

// outputs returns the outputs of a finished task, which are never nil.
func outputs(ys []byte) []byte {
	if ys == nil {
		return noOutputs
	}
	return ys
}
