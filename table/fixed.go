package table

import (
	"time"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/tinylib/msgp/msgp"

	"github.com/rushnet/rush"
)

// A fixedColumn is one that every task has.
type fixedColumn struct {
	name   string
	dtype  arrow.DataType
	needs  rush.Fields // of the record
	unit   string      // "" when the type says it all
	append func(array.Builder, *rush.Record) error
}

// leading is how many fixed columns stand before the tasks' own.
const leading = 2

var (
	int64Type   = arrow.PrimitiveTypes.Int64
	float64Type = arrow.PrimitiveTypes.Float64
	stringType  = arrow.BinaryTypes.String
	timeType    = arrow.FixedWidthTypes.Timestamp_us
	seedType    = arrow.ListOf(arrow.PrimitiveTypes.Int32)
)

// fixedColumns is read only. The number is the first.
var fixedColumns = []fixedColumn{
	{name: "number", dtype: int64Type, append: integer(func(r *rush.Record) int64 { return int64(r.Key) })},
	{name: "state", dtype: stringType, append: text(func(r *rush.Record) string { return string(r.State) })},

	{name: "condition", dtype: stringType, needs: rush.FieldCondition, append: condition(
		func(class, message []byte) []byte {
			if len(message) == 0 {
				return class
			}
			return append(append(append([]byte(nil), class...), ": "...), message...)
		})},
	{name: "condition_class", dtype: stringType, needs: rush.FieldCondition, append: condition(
		func(class, _ []byte) []byte { return class })},
	{name: "worker_id", dtype: stringType, needs: rush.FieldWorker, append: text(func(r *rush.Record) string { return string(r.Worker) })},
	{name: "attempt", dtype: int64Type, append: integer(func(r *rush.Record) int64 { return int64(r.Attempt) })},
	{name: "seed", dtype: seedType, needs: rush.FieldOptions, append: seed},
	{name: "created", dtype: timeType, needs: rush.FieldTimes, append: moment(func(r *rush.Record) int64 { return r.Created })},
	{name: "started", dtype: timeType, needs: rush.FieldTimes, append: moment(func(r *rush.Record) int64 { return r.Started })},
	{name: "finished", dtype: timeType, needs: rush.FieldTimes, append: moment(func(r *rush.Record) int64 { return r.Finished })},
	{name: "proposing", dtype: float64Type, needs: rush.FieldTimes, unit: "s", append: seconds(func(s *rush.Spent) time.Duration { return s.Proposing })},
	{name: "waiting", dtype: float64Type, needs: rush.FieldTimes, unit: "s", append: seconds(func(s *rush.Spent) time.Duration { return s.Waiting })},
	{name: "evaluating", dtype: float64Type, needs: rush.FieldTimes, unit: "s", append: seconds(func(s *rush.Spent) time.Duration { return s.Evaluating })},
	{name: "storing", dtype: float64Type, needs: rush.FieldTimes, unit: "s", append: seconds(func(s *rush.Spent) time.Duration { return s.Storing })},
}

// isFixedName reports whether a fixed column has the name, whichever fields
// are read, so that names do not depend on them.
func isFixedName(name string) bool {
	for i := range fixedColumns {
		if fixedColumns[i].name == name {
			return true
		}
	}
	return name == RestName
}

func integer(of func(*rush.Record) int64) func(array.Builder, *rush.Record) error {
	return func(b array.Builder, r *rush.Record) error {
		b.(*array.Int64Builder).Append(of(r))
		return nil
	}
}

// text appends a string, and null for the empty one.
func text(of func(*rush.Record) string) func(array.Builder, *rush.Record) error {
	return func(b array.Builder, r *rush.Record) error {
		appendUTF8(b, []byte(of(r)), true)
		return nil
	}
}

// moment appends a time, and null for none.
func moment(of func(*rush.Record) int64) func(array.Builder, *rush.Record) error {
	return func(b array.Builder, r *rush.Record) error {
		if us := of(r); us != 0 {
			b.(*array.TimestampBuilder).Append(arrow.Timestamp(us))
		} else {
			b.AppendNull()
		}
		return nil
	}
}

func seconds(of func(*rush.Spent) time.Duration) func(array.Builder, *rush.Record) error {
	return func(b array.Builder, r *rush.Record) error {
		b.(*array.Float64Builder).Append(of(&r.Spent).Seconds())
		return nil
	}
}

func seed(b array.Builder, r *rush.Record) error {
	list := b.(*array.ListBuilder)
	if r.Seed == nil {
		list.AppendNull()
		return nil
	}
	list.Append(true)
	list.ValueBuilder().(*array.Int32Builder).AppendValues(r.Seed, nil)
	return nil
}

// condition appends what show makes of a condition, and null for none.
func condition(show func(class, message []byte) []byte) func(array.Builder, *rush.Record) error {
	return func(b array.Builder, r *rush.Record) error {
		if len(r.Condition) == 0 {
			b.AppendNull()
			return nil
		}
		class, message, err := readCondition(r.Condition)
		appendUTF8(b, show(class, message), false)
		return err
	}
}

func readCondition(b []byte) (class, message []byte, err error) {
	m, err := openMap(b)
	for err == nil && m.left > 0 {
		var name []byte
		if name, err = m.next(); err != nil {
			break
		}
		value := m.rest
		if m.rest, err = msgp.Skip(m.rest); err != nil {
			break
		}
		switch string(name) {
		case "class":
			class, _, err = msgp.ReadStringZC(value)
		case "message":
			message, _, err = msgp.ReadStringZC(value)
		}
	}
	return class, message, err
}
