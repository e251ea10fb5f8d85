package sqlitestore

import (
	"encoding/binary"
	"encoding/json"
	"errors"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// saveAnswer keeps what a step was answered, so that it can be given again,
// and what the worker has delivered. That of a step without a nonce is not
// kept.
func (t *txn) saveAnswer(step *store.Step, w *workerRow, turn *store.Turn) error {
	if step.Nonce <= 0 {
		return t.stmt("UPDATE workers SET tasks = ?, busy = ? WHERE id = ?").int(w.tasks).int(w.busy).int(w.number).run()
	}
	popped := int64(0)
	if turn.Task != nil {
		popped = t.id(int64(turn.Task.Key))
	}
	return t.stmt("UPDATE workers SET nonce = ?, answer = ?, popped = ?, kept = NULL, tasks = ?, busy = ? WHERE id = ?").
		int(step.Nonce).blob(encodeTurn(turn, step.Program)).optInt(popped).int(w.tasks).int(w.busy).int(w.number).run()
}

// keepAnswer keeps a task for the workers whose last step popped it, before it
// is deleted or changed in a way that asPopped does not see.
func (t *txn) keepAnswer(row *taskRow) error {
	if row.attempt == 0 || !t.isAnswer(row.id) {
		return nil
	}
	record, err := t.record(number(row.id), rush.AllFields)
	if err != nil {
		return err
	}
	kept, err := json.Marshal(&record)
	if err != nil {
		return err
	}
	return t.stmt("UPDATE workers SET kept = ? WHERE network = ? AND popped = ? AND kept IS NULL").
		text(string(kept)).int(t.net.id).int(row.id).run()
}

// isAnswer reports whether a worker's last step popped a task.
func (t *txn) isAnswer(task int64) bool {
	s := t.stmt("SELECT 1 FROM workers WHERE network = ? AND popped = ? AND kept IS NULL").int(t.net.id).int(task)
	found := s.next()
	return s.close() == nil && found
}

// keptTask returns what keepAnswer kept for a worker; without a state if it
// was nothing.
func (t *txn) keptTask(worker int64) (r rush.Record, err error) {
	var kept string
	s := t.stmt("SELECT kept FROM workers WHERE id = ?").int(worker)
	if s.next() {
		kept = s.getText()
	}
	if err := s.close(); err != nil || kept == "" {
		return r, err
	}
	return r, json.Unmarshal([]byte(kept), &r)
}

// An answer is a turn as it is kept: the task is read again.
type answer struct {
	outcomes []store.Outcome
	task     rush.TaskKey
	attempt  int
	turn     store.Turn // without the two
	program  uint32     // that took the step
}

const (
	turnRejected = 1 << iota
	turnExhausted
	turnDrained
	turnPaused
)

// encodeTurn packs a turn, and which program took the step.
func encodeTurn(turn *store.Turn, program uint32) []byte {
	flags := byte(0)
	if turn.Rejected {
		flags |= turnRejected
	}
	if turn.Exhausted {
		flags |= turnExhausted
	}
	if turn.Drained {
		flags |= turnDrained
	}
	if turn.Paused {
		flags |= turnPaused
	}
	task, attempt := rush.NoTask, 0
	if turn.Task != nil {
		task, attempt = turn.Task.Key, turn.Task.Attempt
	}
	b := []byte{flags}
	for _, v := range [...]int64{int64(task), int64(attempt), int64(turn.Created), turn.Started, int64(turn.Claimed), int64(program), int64(len(turn.Outcomes))} {
		b = binary.AppendVarint(b, v)
	}
	for _, o := range turn.Outcomes {
		b = append(b, byte(o))
	}
	return append(b, turn.Stop...)
}

// decodeTurn reads what encodeTurn wrote.
func decodeTurn(b []byte) (a answer, err error) {
	errDamaged := errors.New("the answer to the worker's last step is damaged")
	if len(b) == 0 {
		return a, errDamaged
	}
	flags := b[0]
	b = b[1:]
	var values [7]int64
	for i := range values {
		n := 0
		if values[i], n = binary.Varint(b); n <= 0 {
			return a, errDamaged
		}
		b = b[n:]
	}
	if values[6] < 0 || values[6] > int64(len(b)) {
		return a, errDamaged
	}
	for _, o := range b[:values[6]] {
		a.outcomes = append(a.outcomes, store.Outcome(o))
	}
	a.task, a.attempt, a.program = rush.TaskKey(values[0]), int(values[1]), uint32(values[5])
	a.turn = store.Turn{
		Created: rush.TaskKey(values[2]), Started: values[3], Claimed: rush.TaskKey(values[4]), Stop: string(b[values[6]:]),
		Rejected: flags&turnRejected != 0, Exhausted: flags&turnExhausted != 0, Drained: flags&turnDrained != 0,
		Paused: flags&turnPaused != 0,
	}
	return a, nil
}

func (t *txn) answer(worker int64) (answer, error) {
	var b []byte
	s := t.stmt("SELECT answer FROM workers WHERE id = ?").int(worker)
	if s.next() {
		b = s.getBlob()
	}
	if err := s.close(); err != nil {
		return answer{}, err
	}
	return decodeTurn(b)
}

// answerAgain returns the answer to the worker's last step, if the program took
// that. A task that was popped comes as it was then.
func (t *txn) answerAgain(w *workerRow, program uint32) (store.Turn, error) {
	a, err := t.answer(w.number)
	if err == nil && a.program != program {
		err = &store.StaleError{Last: w.nonce}
	}
	if err != nil {
		return store.Turn{}, err
	}
	turn := a.turn
	turn.Outcomes = a.outcomes
	if a.task == rush.NoTask {
		return turn, nil
	}
	record, err := t.keptTask(w.number)
	if err == nil && record.State == "" {
		record, err = t.record(a.task, rush.AllFields)
	}
	if err != nil || record.State == "" {
		return turn, err
	}
	asPopped(&record, a.attempt)
	turn.Task = &record
	return turn, nil
}

// asPopped takes from a record what has happened since an attempt began.
func asPopped(r *rush.Record, attempt int) {
	if r.State == rush.Running && r.Attempt == attempt {
		return
	}
	for i, a := range r.Attempts {
		if a.Number == attempt {
			r.Worker, r.Started, r.Attempts = a.Worker, a.Started, r.Attempts[:i]
			break
		}
	}
	r.State, r.Attempt, r.Finished = rush.Running, attempt, 0
	r.YS, r.YSExtra, r.Condition = nil, nil, nil
}
