package wire

import (
	"errors"
	"fmt"
	"time"

	"github.com/rushnet/rush"
)

// Time is the time that a store holds: microseconds since 1970, 0 for the zero
// time.
func Time(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

// EncodeCondition returns the condition as a MessagePack map; nil gives nil.
func EncodeCondition(c *rush.Condition) ([]byte, error) {
	if c == nil {
		return nil, nil
	}
	m := rush.Values{"class": string(c.Class), "message": c.Message}
	if c.ExitCode != nil {
		m["exit_code"] = int64(*c.ExitCode)
	}
	for name, s := range map[string]string{"signal": c.Signal, "stderr": c.Stderr, "trace": c.Trace} {
		if s != "" {
			m[name] = s
		}
	}
	return Encode(m)
}

// DecodeCondition reads what EncodeCondition wrote.
func DecodeCondition(b []byte) (*rush.Condition, error) {
	m, err := Decode(b)
	if err != nil || m == nil {
		return nil, err
	}
	text := func(name string) string { s, _ := m[name].(string); return s }
	c := &rush.Condition{
		Class:   rush.Class(text("class")),
		Message: text("message"),
		Signal:  text("signal"),
		Stderr:  text("stderr"),
		Trace:   text("trace"),
	}
	if code, ok := m["exit_code"].(int64); ok {
		n := int(code)
		c.ExitCode = &n
	}
	return c, nil
}

// Task decodes a record. A record without a state gives rush.ErrNoTask.
func Task(r *rush.Record) (*rush.Task, error) {
	if r.State == "" {
		return nil, &rush.TaskError{Key: r.Key, Err: rush.ErrNoTask}
	}
	var d decoder
	t := &rush.Task{
		Key:       r.Key,
		State:     r.State,
		XS:        d.values(r.XS),
		YS:        d.values(r.YS),
		XSExtra:   d.values(r.XSExtra),
		YSExtra:   d.values(r.YSExtra),
		Condition: d.condition(r.Condition),
		Progress:  d.value(r.Progress),
		Reports:   d.reports(r.Reports),
		Worker:    r.Worker,
		Attempt:   r.Attempt,
		Options:   r.Options,
		DependsOn: r.DependsOn,
		Created:   Time(r.Created),
		Started:   Time(r.Started),
		Finished:  Time(r.Finished),
		Spent:     r.Spent,
	}
	for _, a := range r.Attempts {
		t.Attempts = append(t.Attempts, rush.Attempt{
			Number:    a.Number,
			Worker:    a.Worker,
			YS:        d.values(a.YS),
			Condition: d.condition(a.Condition),
			Reports:   d.reports(a.Reports),
			Started:   Time(a.Started),
			Finished:  Time(a.Finished),
		})
	}
	for _, l := range r.Late {
		t.Late = append(t.Late, rush.Late{
			Attempt: l.Attempt, Worker: l.Worker, YS: d.values(l.YS), Condition: d.condition(l.Condition), At: Time(l.At),
		})
	}
	if d.err != nil {
		return nil, &rush.TaskError{Key: r.Key, Err: fmt.Errorf("read its record: %w", d.err)}
	}
	return t, nil
}

// A decoder remembers what went wrong, so that reading many fields stays flat.
type decoder struct{ err error }

func (d *decoder) values(b []byte) rush.Values {
	v, err := Decode(b)
	d.err = errors.Join(d.err, err)
	return v
}

func (d *decoder) reports(records []rush.ReportRecord) []rush.Report {
	var reports []rush.Report
	for _, r := range records {
		reports = append(reports, rush.Report{Step: r.Step, YS: d.values(r.YS)})
	}
	return reports
}

func (d *decoder) value(b []byte) any {
	if len(b) == 0 {
		return nil
	}
	v, _, err := ReadValue(b)
	d.err = errors.Join(d.err, err)
	return v
}

func (d *decoder) condition(b []byte) *rush.Condition {
	c, err := DecodeCondition(b)
	d.err = errors.Join(d.err, err)
	return c
}
