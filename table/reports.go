package table

import (
	"bytes"
	"fmt"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/tinylib/msgp/msgp"

	"github.com/rushnet/rush"
)

// maxReported is how many outputs EncodeReports has columns for.
const maxReported = 100

// EncodeReports writes what tasks have reported as one uncompressed Arrow IPC stream:
// a row for each report of the current attempt, in the order of the records and by
// step. Columns of the role "task" are number, attempt and step, integers, and state;
// of the role YS there is a float for each of the first 100 outputs that somewhere is
// a number, null where it was not reported as one. MetaName has an output's name also
// where the column's is another one, as in tables. Of the records only Reports are
// read, beside what every record has.
func EncodeReports(recs []*rush.Record) ([]byte, error) {
	w := newReportWriter()
	defer w.release()
	for _, rec := range recs {
		for _, report := range rec.Reports {
			if err := w.add(rec, report); err != nil {
				return nil, &rush.TaskError{Key: rec.Key, Err: fmt.Errorf("read the report of step %d: %w", report.Step, err)}
			}
		}
	}
	b, err := w.encode()
	if err != nil {
		return nil, fmt.Errorf("encode the reports of %d tasks: %w", len(recs), err)
	}
	return b, nil
}

// reportHead are the columns that every report has.
var reportHead = []arrow.Field{
	{Name: "number", Type: arrow.PrimitiveTypes.Int64}, {Name: "attempt", Type: arrow.PrimitiveTypes.Int64},
	{Name: "step", Type: arrow.PrimitiveTypes.Int64}, {Name: "state", Type: arrow.BinaryTypes.String},
}

// A reportWriter builds the columns of reports.
type reportWriter struct {
	mem     memory.Allocator
	rows    int
	ints    [3]*array.Int64Builder
	state   *array.StringBuilder
	names   []string // of the outputs, in the order in which they came
	at      map[string]int
	outputs []*array.Float64Builder // each as long as the last row that has it
}

func newReportWriter() *reportWriter {
	w := &reportWriter{mem: memory.NewGoAllocator(), at: map[string]int{}}
	w.state = array.NewStringBuilder(w.mem)
	for i := range w.ints {
		w.ints[i] = array.NewInt64Builder(w.mem)
	}
	return w
}

func (w *reportWriter) release() {
	w.state.Release()
	for _, b := range w.ints {
		b.Release()
	}
	for _, b := range w.outputs {
		b.Release()
	}
}

// add adds a row.
func (w *reportWriter) add(rec *rush.Record, report rush.ReportRecord) error {
	for i, v := range [3]int64{int64(rec.Key), int64(rec.Attempt), report.Step} {
		w.ints[i].Append(v)
	}
	w.state.Append(string(rec.State))
	w.rows++
	if len(report.YS) == 0 {
		return nil
	}
	m, err := openMap(report.YS)
	for err == nil && m.left > 0 {
		var name []byte
		if name, err = m.next(); err != nil {
			break
		}
		var v float64
		var ok bool
		if v, ok, m.rest, err = readNumber(m.rest); ok && err == nil {
			w.put(name, v)
		}
	}
	return err
}

// put writes an output of the last row.
func (w *reportWriter) put(name []byte, v float64) {
	i, ok := w.at[string(name)]
	if !ok {
		if len(w.names) == maxReported {
			return
		}
		i = len(w.names)
		w.at[string(name)] = i
		w.names = append(w.names, string(name))
		w.outputs = append(w.outputs, array.NewFloat64Builder(w.mem))
	}
	b := w.outputs[i]
	if missing := w.rows - 1 - b.Len(); missing >= 0 { // else the map has the name twice: the first counts
		b.AppendNulls(missing)
		b.Append(v)
	}
}

// readNumber reads the MessagePack value that b begins with, if it is a number, and
// returns the bytes after it.
func readNumber(b []byte) (v float64, ok bool, rest []byte, err error) {
	k, err := kindOf(b)
	if err != nil {
		return 0, false, nil, err
	}
	switch k {
	case kindInt:
		var n int64
		n, rest, err = msgp.ReadInt64Bytes(b)
		return float64(n), true, rest, err
	case kindFloat:
		v, rest, err = msgp.ReadFloat64Bytes(b)
		return v, true, rest, err
	}
	rest, err = msgp.Skip(b)
	return 0, false, rest, err
}

// encode writes all rows as one batch.
func (w *reportWriter) encode() ([]byte, error) {
	var fields []arrow.Field
	var columns []arrow.Array
	defer func() {
		for _, c := range columns {
			c.Release()
		}
	}()
	for i, field := range reportHead {
		field.Nullable, field.Metadata = true, arrow.NewMetadata([]string{MetaRole}, []string{"task"})
		fields = append(fields, field)
		if i < len(w.ints) {
			columns = append(columns, w.ints[i].NewArray())
		}
	}
	columns = append(columns, w.state.NewArray())
	for i, b := range w.outputs {
		b.AppendNulls(w.rows - b.Len())
		fields = append(fields, reportField(w.names[i]))
		columns = append(columns, b.NewArray())
	}
	schema := arrow.NewSchema(fields, nil)
	batch := array.NewRecord(schema, columns, int64(w.rows))
	defer batch.Release()
	var out bytes.Buffer
	stream := newArrowStream(&out, schema, &WriteOptions{Allocator: w.mem})
	err := stream.write(batch)
	if err == nil {
		err = stream.close()
	}
	return out.Bytes(), err
}

func reportField(name string) arrow.Field {
	shown := label(name)
	if shown == "" || shown == "step" || isFixedName(shown) {
		shown = string(YS) + "." + shown
	}
	return arrow.Field{
		Name: shown, Type: arrow.PrimitiveTypes.Float64, Nullable: true,
		Metadata: arrow.NewMetadata([]string{MetaRole, MetaName}, []string{string(YS), label(name)}),
	}
}
