package table

import (
	"bufio"
	"fmt"
	"io"
	"strconv"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/tinylib/msgp/msgp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/wire"
)

// A jsonWriter writes JSON lines: batches cell by cell, or records value by
// value, for which types of columns do not matter.
type jsonWriter struct {
	out    *bufio.Writer
	keys   [][]byte // what stands before each value: {"number": and ,"state":
	line   []byte   // scratch
	values [][]byte // scratch of writeRecords: the MessagePack value of each column
}

func newJSONWriter(w io.Writer, schema *arrow.Schema) *jsonWriter {
	j := &jsonWriter{out: bufio.NewWriterSize(w, 1<<16)}
	for i, f := range schema.Fields() {
		key := []byte{','}
		if i == 0 {
			key[0] = '{'
		}
		j.keys = append(j.keys, append(appendJSON(key, f.Name, false), ':'))
	}
	return j
}

func (j *jsonWriter) write(r arrow.Record) error {
	for row := range int(r.NumRows()) {
		j.line = j.line[:0]
		for i, a := range r.Columns() {
			j.line = append(j.line, j.keys[i]...)
			j.line = appendJSONCell(j.line, a, row)
		}
		if err := j.end(); err != nil {
			return err
		}
	}
	return nil
}

func (j *jsonWriter) end() error {
	j.line = append(j.line, "}\n"...)
	_, err := j.out.Write(j.line)
	return err
}

func (j *jsonWriter) close() error { return j.out.Flush() }

func appendJSONCell(b []byte, a arrow.Array, row int) []byte {
	if isNull(a, row) {
		return append(b, "null"...)
	}
	switch a := a.(type) {
	case *array.Int64:
		return strconv.AppendInt(b, a.Value(row), 10)
	case *array.Float64:
		return wire.AppendJSONFloat(b, a.Value(row))
	case *array.String:
		return appendJSONString(b, msgp.UnsafeBytes(a.Value(row)))
	case *array.Timestamp:
		b = append(b, '"')
		b = appendScalar(b, a, row)
		return append(b, '"')
	}
	return appendJSON(b, cell(a, row), false)
}

// writeRecords writes tasks in the columns of a layout that has observed them.
func (j *jsonWriter) writeRecords(l *layout, recs []*rush.Record) error {
	fixed, err := l.fillFixed(recs)
	if err != nil {
		return err
	}
	defer fixed.release()
	j.values = append(j.values[:0], make([][]byte, len(l.columns))...)
	for row, r := range recs {
		clear(j.values)
		for role := range roles {
			if err := j.locate(l, role, roleBytes(r, role)); err != nil {
				return &rush.TaskError{Key: r.Key, Err: fmt.Errorf("read its %s: %w", roles[role], err)}
			}
		}
		if err := j.writeRow(l, fixed, row); err != nil {
			return &rush.TaskError{Key: r.Key, Err: err}
		}
	}
	return nil
}

// locate finds the values of a map in its bytes.
func (j *jsonWriter) locate(l *layout, role int, b []byte) error {
	if len(b) == 0 {
		return nil
	}
	m, err := openMap(b)
	if err != nil {
		return err
	}
	for pos := 0; m.left > 0; pos++ {
		name, err := m.next()
		if err != nil {
			return err
		}
		at := l.find(role, pos, name)
		if at < 0 {
			return fmt.Errorf("%q: %w", name, errUnobserved)
		}
		j.values[at] = m.rest
		if m.rest, err = msgp.Skip(m.rest); err != nil {
			return fmt.Errorf("%q: %w", name, err)
		}
	}
	return nil
}

func (j *jsonWriter) writeRow(l *layout, fixed *chunk, row int) error {
	j.line = j.line[:0]
	for place := range j.keys {
		j.line = append(j.line, j.keys[place]...)
		if i := place - leading; i < 0 || i >= len(l.order) {
			j.line = appendJSONCell(j.line, fixed.array(l, place), row)
			continue
		}
		value := j.values[l.order[place-leading]]
		if value == nil {
			j.line = append(j.line, "null"...)
			continue
		}
		var err error
		if j.line, err = appendJSONValue(j.line, value); err != nil {
			return err
		}
	}
	return j.end()
}

// appendJSONValue appends the MessagePack value that b begins with as JSON,
// exactly.
func appendJSONValue(line, b []byte) ([]byte, error) {
	k, err := kindOf(b)
	if err != nil {
		return nil, err
	}
	switch k {
	case kindInt:
		v, _, err := msgp.ReadInt64Bytes(b)
		return strconv.AppendInt(line, v, 10), err
	case kindFloat:
		v, _, err := msgp.ReadFloat64Bytes(b)
		return wire.AppendJSONFloat(line, v), err
	case kindString:
		v, _, err := readText(b)
		return appendJSONString(line, v), err
	}
	v, _, err := wire.ReadValue(b)
	if err != nil {
		return nil, err
	}
	return wire.AppendJSON(line, v)
}

func appendJSONString(line, s []byte) []byte {
	for _, c := range s {
		if c < ' ' || c >= 0x7f || c == '"' || c == '\\' {
			return appendJSON(line, string(s), false)
		}
	}
	line = append(line, '"')
	line = append(line, s...)
	return append(line, '"')
}
