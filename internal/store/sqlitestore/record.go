package sqlitestore

import (
	"strings"
	"time"

	"github.com/rushnet/rush"
)

// recordParts are the columns of each part of a record, in the order in which
// scanRecord reads them.
var recordParts = [...]struct {
	fields  rush.Fields
	columns string
}{
	{rush.NoFields, "t.state, t.attempt"},
	{rush.FieldXS, "t.xs"},
	{rush.FieldYS, "t.ys"},
	{rush.FieldXSExtra, "t.xs_extra"},
	{rush.FieldYSExtra, "t.ys_extra"},
	{rush.FieldCondition, "t.condition"},
	{rush.FieldWorker, "t.worker"},
	{rush.FieldTimes, "t.created, t.started, t.finished, t.proposing, t.waiting, t.evaluating, t.storing"},
	{rush.FieldOptions, "t.queue, t.function, t.seed, t.timeout, t.stall, t.max_retries, t.memory, t.isolate, t.depends_on"},
	{rush.FieldHistory, "t.progress, t.history"},
	{rush.FieldReports, "t.reports"},
}

// recordColumns returns the columns to select for a record's parts.
func recordColumns(fields rush.Fields) string {
	var columns []string
	for _, part := range recordParts {
		if fields.Has(part.fields) {
			columns = append(columns, part.columns)
		}
	}
	return strings.Join(columns, ", ")
}

// scanRecord reads the columns of recordColumns into a record that has its
// key. Attempts and Late are left to addHistory: history says how many there
// are.
func (t *txn) scanRecord(s *stmt, r *rush.Record, fields rush.Fields) (history int64, err error) {
	r.State, r.Attempt = taskState(s.getInt()), int(s.getInt())
	for _, blob := range [...]struct {
		field rush.Fields
		value *[]byte
	}{
		{rush.FieldXS, &r.XS},
		{rush.FieldYS, &r.YS},
		{rush.FieldXSExtra, &r.XSExtra},
		{rush.FieldYSExtra, &r.YSExtra},
		{rush.FieldCondition, &r.Condition},
	} {
		if fields.Has(blob.field) {
			*blob.value = s.getBlob()
		}
	}
	if fields.Has(rush.FieldWorker) {
		if r.Worker, err = t.workerName(s.getInt()); err != nil {
			return 0, err
		}
	}
	if fields.Has(rush.FieldTimes) {
		r.Created, r.Started, r.Finished = s.getInt(), s.getInt(), s.getInt()
		r.Spent = rush.Spent{
			Proposing: time.Duration(s.getInt()), Waiting: time.Duration(s.getInt()),
			Evaluating: time.Duration(s.getInt()), Storing: time.Duration(s.getInt()),
		}
	}
	if fields.Has(rush.FieldOptions) {
		if err := t.scanOptions(s, r); err != nil {
			return 0, err
		}
	}
	if fields.Has(rush.FieldHistory) {
		r.Progress, history = s.getBlob(), s.getInt()
	}
	if fields.Has(rush.FieldReports) {
		r.Reports = decodeReports(s.getBlob())
	}
	return history, nil
}

func (t *txn) scanOptions(s *stmt, r *rush.Record) (err error) {
	if r.Queue, err = t.queueName(s.getInt()); err != nil {
		return err
	}
	r.Function, r.Seed = s.getText(), decodeSeed(s.getBlob())
	r.Timeout, r.Stall = time.Duration(s.getInt()), time.Duration(s.getInt())
	r.MaxRetries, r.Memory = int(s.getInt()), s.getInt()
	r.Isolate = s.getInt() == 1
	r.DependsOn = decodeKeys(s.getBlob())
	return nil
}

// record reads one task; without a state if there is none.
func (t *txn) record(key rush.TaskKey, fields rush.Fields) (rush.Record, error) {
	r := rush.Record{Key: key}
	if !holds(key) {
		return r, nil
	}
	id := t.id(int64(key))
	s := t.stmt(t.store.recordQuery(fields)).int(id)
	var history int64
	var err error
	if s.next() {
		history, err = t.scanRecord(s, &r, fields)
	}
	if closed := s.close(); closed != nil || err != nil {
		return r, firstError(closed, err)
	}
	if history > 0 {
		err = t.addHistory(&r, id)
	}
	return r, err
}

// recordQuery returns the statement that reads the parts of one task.
func (s *Store) recordQuery(fields rush.Fields) string {
	if sql, found := s.queries.Load(fields); found {
		return sql.(string)
	}
	sql := "SELECT " + recordColumns(fields) + " FROM tasks t WHERE t.id = ?"
	s.queries.Store(fields, sql)
	return sql
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// addHistory reads a task's earlier attempts and late results.
func (t *txn) addHistory(r *rush.Record, id int64) error {
	var workers []int64
	s := t.stmt("SELECT worker, number, ys, ys_extra, condition, reports, started, finished FROM attempts WHERE task = ? ORDER BY number").int(id)
	for s.next() {
		workers = append(workers, s.getInt())
		r.Attempts = append(r.Attempts, rush.AttemptRecord{
			Number: int(s.getInt()), YS: s.getBlob(), YSExtra: s.getBlob(), Condition: s.getBlob(),
			Reports: decodeReports(s.getBlob()), Started: s.getInt(), Finished: s.getInt(),
		})
	}
	if err := s.close(); err != nil {
		return err
	}
	s = t.stmt("SELECT worker, attempt, ys, condition, at FROM late WHERE task = ? ORDER BY id").int(id)
	for s.next() {
		workers = append(workers, s.getInt())
		r.Late = append(r.Late, rush.LateRecord{
			Attempt: int(s.getInt()), YS: s.getBlob(), Condition: s.getBlob(), At: s.getInt(),
		})
	}
	if err := s.close(); err != nil {
		return err
	}
	return t.nameWorkers(r, workers)
}

// nameWorkers fills in who made the attempts and delivered the late results.
func (t *txn) nameWorkers(r *rush.Record, workers []int64) (err error) {
	for i := range r.Attempts {
		if r.Attempts[i].Worker, err = t.workerName(workers[i]); err != nil {
			return err
		}
	}
	for i := range r.Late {
		if r.Late[i].Worker, err = t.workerName(workers[len(r.Attempts)+i]); err != nil {
			return err
		}
	}
	return nil
}
