package table

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/wire"
)

// The names in what the column RestName holds of a task: a MessagePack map with
// what the other columns do not say, null if they say all. Values and the condition
// stand there, with a checksum of what the columns make of them, if that
// is not the same; when somebody has changed the columns since they count.
const (
	restCondition  = "condition"
	restSpent      = "spent"
	restProgress   = "progress"
	restReports    = "reports"
	restAttempts   = "attempts"
	restLate       = "late"
	restQueue      = "queue"
	restFunction   = "function"
	restTimeout    = "timeout"
	restStall      = "stall"
	restMaxRetries = "max_retries"
	restMemory     = "memory"
	restIsolate    = "isolate"
	restDependsOn  = "depends_on"
	restEnded      = "ended" // place among all that have ended
	restQueued     = "place" // among all that are queued
)

// rest returns what a record has that built, which was made of its columns, has
// not.
func rest(r, built *rush.Record) rush.Values {
	v := rush.Values{}
	for role, name := range roles {
		restBytes(v, string(name), roleBytes(r, role), roleBytes(built, role))
	}
	restBytes(v, restCondition, r.Condition, built.Condition)
	if s := r.Spent; s != built.Spent {
		v[restSpent] = []any{int64(s.Proposing), int64(s.Waiting), int64(s.Evaluating), int64(s.Storing)}
	}
	if len(r.Progress) > 0 {
		v[restProgress] = r.Progress
	}
	if len(r.Reports) > 0 {
		v[restReports] = packReports(r.Reports)
	}
	restHistory(v, r)
	restOptions(v, &r.Options)
	if len(r.DependsOn) > 0 {
		list := make([]any, len(r.DependsOn))
		for i, key := range r.DependsOn {
			list[i] = int64(key)
		}
		v[restDependsOn] = list
	}
	return v
}

func restBytes(v rush.Values, name string, b, built []byte) {
	if !bytes.Equal(b, built) {
		v[name] = []any{packBytes(b), checksum(built)}
	}
}

// packBytes keeps nil apart.
func packBytes(b []byte) any {
	if len(b) == 0 {
		return nil
	}
	return b
}

func checksum(b []byte) int64 {
	h := fnv.New64a()
	_, _ = h.Write(b)
	return int64(h.Sum64())
}

func restHistory(v rush.Values, r *rush.Record) {
	if len(r.Attempts) > 0 {
		list := make([]any, len(r.Attempts))
		for i, a := range r.Attempts {
			list[i] = []any{
				int64(a.Number), string(a.Worker), packBytes(a.YS), packBytes(a.YSExtra), packBytes(a.Condition),
				packReports(a.Reports), a.Started, a.Finished,
			}
		}
		v[restAttempts] = list
	}
	if len(r.Late) > 0 {
		list := make([]any, len(r.Late))
		for i, l := range r.Late {
			list[i] = []any{int64(l.Attempt), string(l.Worker), packBytes(l.YS), packBytes(l.Condition), l.At}
		}
		v[restLate] = list
	}
}

func packReports(reports []rush.ReportRecord) []any {
	list := make([]any, len(reports))
	for i, r := range reports {
		list[i] = []any{r.Step, packBytes(r.YS)}
	}
	return list
}

func restOptions(v rush.Values, o *rush.Options) {
	for name, s := range map[string]string{restQueue: o.Queue, restFunction: o.Function} {
		if s != "" {
			v[name] = s
		}
	}
	for name, n := range map[string]int64{
		restTimeout: int64(o.Timeout), restStall: int64(o.Stall), restMaxRetries: int64(o.MaxRetries), restMemory: o.Memory,
	} {
		if n != 0 {
			v[name] = n
		}
	}
	if o.Isolate {
		v[restIsolate] = true
	}
}

// complete adds to a record that was made of columns what their rest says, and
// returns the places that it has; -1 is none.
func complete(r *rush.Record, b []byte) (ended, queued int64, err error) {
	v, err := wire.Decode(b)
	if err != nil {
		return -1, -1, fmt.Errorf("column %s: %w", RestName, err)
	}
	u := unpacker{}
	for role, name := range roles {
		u.bytes(v[string(name)], roleField(r, role))
	}
	u.bytes(v[restCondition], &r.Condition)
	if list := u.list(v[restSpent]); len(list) == 4 {
		r.Spent = rush.Spent{
			Proposing: time.Duration(u.int(list[0])), Waiting: time.Duration(u.int(list[1])),
			Evaluating: time.Duration(u.int(list[2])), Storing: time.Duration(u.int(list[3])),
		}
	}
	r.Progress = u.raw(v[restProgress])
	r.Reports = u.reports(v[restReports])
	u.history(r, v)
	r.Queue, r.Function = u.text(v[restQueue]), u.text(v[restFunction])
	r.Timeout, r.Stall = time.Duration(u.int(v[restTimeout])), time.Duration(u.int(v[restStall]))
	r.MaxRetries, r.Memory = int(u.int(v[restMaxRetries])), u.int(v[restMemory])
	r.Isolate = v[restIsolate] == true
	for _, key := range u.list(v[restDependsOn]) {
		r.DependsOn = append(r.DependsOn, rush.TaskKey(u.int(key)))
	}
	ended, queued = -1, -1
	if at, ok := v[restEnded]; ok {
		ended = u.int(at)
	}
	if at, ok := v[restQueued]; ok {
		queued = u.int(at)
	}
	if u.wrong {
		return -1, -1, fmt.Errorf("column %s: it holds other things than rush writes there", RestName)
	}
	return ended, queued, nil
}

// roleField returns where a record has the values of the i-th role.
func roleField(r *rush.Record, i int) *[]byte {
	switch roles[i] {
	case XS:
		return &r.XS
	case YS:
		return &r.YS
	case XSExtra:
		return &r.XSExtra
	}
	return &r.YSExtra
}

// An unpacker notes whether something was of another type than expected; null
// is none of anything.
type unpacker struct{ wrong bool }

func (u *unpacker) int(v any) int64 {
	n, ok := v.(int64)
	u.wrong = u.wrong || !ok && v != nil
	return n
}

func (u *unpacker) text(v any) string {
	s, ok := v.(string)
	u.wrong = u.wrong || !ok && v != nil
	return s
}

func (u *unpacker) raw(v any) []byte {
	b, ok := v.([]byte)
	u.wrong = u.wrong || !ok && v != nil
	return b
}

func (u *unpacker) list(v any) []any {
	list, ok := v.([]any)
	u.wrong = u.wrong || !ok && v != nil
	return list
}

// row is a list of n values.
func (u *unpacker) row(v any, n int) []any {
	list := u.list(v)
	if len(list) != n {
		u.wrong = true
		return make([]any, n)
	}
	return list
}

// bytes replaces what columns made by what they were made of, unless they were
// changed since.
func (u *unpacker) bytes(v any, to *[]byte) {
	if v == nil {
		return
	}
	pair := u.row(v, 2)
	if b := u.raw(pair[0]); u.int(pair[1]) == checksum(*to) {
		*to = b
	}
}

func (u *unpacker) reports(v any) []rush.ReportRecord {
	var reports []rush.ReportRecord
	for _, item := range u.list(v) {
		row := u.row(item, 2)
		reports = append(reports, rush.ReportRecord{Step: u.int(row[0]), YS: u.raw(row[1])})
	}
	return reports
}

func (u *unpacker) history(r *rush.Record, v rush.Values) {
	for _, item := range u.list(v[restAttempts]) {
		a := u.row(item, 8)
		r.Attempts = append(r.Attempts, rush.AttemptRecord{
			Number: int(u.int(a[0])), Worker: rush.WorkerID(u.text(a[1])), YS: u.raw(a[2]), YSExtra: u.raw(a[3]), Condition: u.raw(a[4]),
			Reports: u.reports(a[5]), Started: u.int(a[6]), Finished: u.int(a[7]),
		})
	}
	for _, item := range u.list(v[restLate]) {
		l := u.row(item, 5)
		r.Late = append(r.Late, rush.LateRecord{
			Attempt: int(u.int(l[0])), Worker: rush.WorkerID(u.text(l[1])), YS: u.raw(l[2]), Condition: u.raw(l[3]), At: u.int(l[4]),
		})
	}
}
