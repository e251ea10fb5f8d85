package table

import (
	"bytes"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/tinylib/msgp/msgp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/wire"
)

// A filler builds the columns of a chunk from rows that the layout has
// observed:
//
//	fill
//	  add            a row
//	    addMap       the values of one role, each to its column's builder
//	      appendValue
//	        appendList, appendMap
type filler struct {
	layout *layout
	rows   int
	fixed  []array.Builder
	values []array.Builder // nil until the column's first value
	text   []byte          // scratch
}

// fill builds the columns of rows.
func (l *layout) fill(recs []*rush.Record) (*chunk, error) {
	f := &filler{layout: l, rows: len(recs), values: make([]array.Builder, len(l.columns))}
	defer f.release()
	for _, c := range l.fixed {
		f.fixed = append(f.fixed, f.builder(c.dtype))
	}
	for row, rec := range recs {
		if err := f.add(row, rec); err != nil {
			return nil, &rush.TaskError{Key: rec.Key, Err: err}
		}
	}
	return f.chunk(recs), nil
}

// fillFixed builds the columns that every task has.
func (l *layout) fillFixed(recs []*rush.Record) (*chunk, error) {
	f := &filler{layout: l, rows: len(recs)}
	defer f.release()
	for _, c := range l.fixed {
		f.fixed = append(f.fixed, f.builder(c.dtype))
	}
	for _, rec := range recs {
		if err := f.addFixed(rec); err != nil {
			return nil, &rush.TaskError{Key: rec.Key, Err: err}
		}
	}
	return f.chunk(recs), nil
}

// builder has room for the rows and no more, because chunks are kept.
func (f *filler) builder(dtype arrow.DataType) array.Builder {
	b := array.NewBuilder(f.layout.mem, dtype)
	b.Resize(f.rows)
	return b
}

func (f *filler) release() {
	for _, builders := range [][]array.Builder{f.fixed, f.values} {
		for _, b := range builders {
			if b != nil {
				b.Release()
			}
		}
	}
}

func (f *filler) add(row int, rec *rush.Record) error {
	if err := f.addFixed(rec); err != nil {
		return err
	}
	for role := range roles {
		if err := f.addMap(role, row, roleBytes(rec, role)); err != nil {
			return fmt.Errorf("read its %s: %w", roles[role], err)
		}
	}
	return nil
}

func (f *filler) addFixed(rec *rush.Record) error {
	for i, c := range f.layout.fixed {
		if err := c.append(f.fixed[i], rec); err != nil {
			return fmt.Errorf("read its %s: %w", c.name, err)
		}
	}
	return nil
}

func (f *filler) addMap(role, row int, b []byte) error {
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
		at := f.layout.find(role, pos, name)
		if at < 0 {
			return fmt.Errorf("%q: %w", name, errUnobserved)
		}
		if err := f.advance(at, row); err != nil {
			return fmt.Errorf("%q: %w", name, err)
		}
		if m.rest, err = f.appendValue(f.values[at], &f.layout.columns[at].shape, m.rest); err != nil {
			return fmt.Errorf("%q: %w", name, err)
		}
	}
	return nil
}

// advance fills a column with nulls up to the row.
func (f *filler) advance(at, row int) error {
	b := f.values[at]
	if b == nil {
		b = f.builder(f.layout.columns[at].dtype)
		f.values[at] = b
	}
	if missing := row - b.Len(); missing > 0 {
		b.AppendNulls(missing)
	} else if missing < 0 {
		return errTwice
	}
	return nil
}

// chunk takes what was built.
func (f *filler) chunk(recs []*rush.Record) *chunk {
	c := &chunk{rows: f.rows, version: f.layout.version, values: make([]arrow.Array, len(f.values))}
	for _, b := range f.fixed {
		c.fixed = append(c.fixed, b.NewArray())
	}
	for i, b := range f.values {
		dtype := f.layout.columns[i].dtype
		if b == nil {
			c.values[i] = nulls(f.layout.mem, dtype, f.rows)
			continue
		}
		b.AppendNulls(f.rows - b.Len())
		c.values[i] = b.NewArray()
	}
	c.measure(recs)
	return c
}

// appendValue appends the MessagePack value that b begins with to a column of
// a shape that has observed it, and returns the bytes after it.
func (f *filler) appendValue(to array.Builder, s *shape, b []byte) (rest []byte, err error) {
	if msgp.IsNil(b) {
		to.AppendNull()
		return b[1:], nil
	}
	if s.kind == kindText {
		return f.appendText(to, b)
	}
	k, err := kindOf(b)
	if err != nil {
		return nil, err
	}
	if k != s.kind && !(k == kindInt && s.kind == kindFloat) {
		return nil, errUnobserved
	}
	switch k {
	case kindBool:
		var v bool
		v, rest, err = msgp.ReadBoolBytes(b)
		to.(*array.BooleanBuilder).Append(v)
	case kindInt:
		var v int64
		v, rest, err = msgp.ReadInt64Bytes(b)
		if s.kind == kindFloat {
			to.(*array.Float64Builder).Append(float64(v))
		} else {
			to.(*array.Int64Builder).Append(v)
		}
	case kindFloat:
		var v float64
		v, rest, err = msgp.ReadFloat64Bytes(b)
		to.(*array.Float64Builder).Append(v)
	case kindString:
		var v []byte
		v, rest, err = readText(b)
		appendUTF8(to, v, false)
	case kindBytes:
		var v []byte
		v, rest, err = msgp.ReadBytesZC(b)
		to.(*array.BinaryBuilder).Append(v)
	case kindTime:
		var v time.Time
		v, rest, err = msgp.ReadTimeUTCBytes(b)
		to.(*array.TimestampBuilder).Append(arrow.Timestamp(v.UnixMicro()))
	case kindList:
		return f.appendList(to.(*array.ListBuilder), s, b)
	case kindMap:
		return f.appendMap(to.(*array.StructBuilder), s, b)
	}
	return rest, err
}

func (f *filler) appendList(to *array.ListBuilder, s *shape, b []byte) ([]byte, error) {
	n, b, err := listHeader(b)
	if err != nil {
		return nil, err
	}
	to.Append(true)
	values := to.ValueBuilder()
	for range n {
		if b, err = f.appendValue(values, s.elem, b); err != nil {
			return nil, err
		}
	}
	return b, nil
}

func (f *filler) appendMap(to *array.StructBuilder, s *shape, b []byte) ([]byte, error) {
	m, err := openMap(b)
	if err != nil {
		return nil, err
	}
	row := to.Len()
	to.Append(true)
	for at := 0; m.left > 0; at++ {
		name, err := m.next()
		if err != nil {
			return nil, err
		}
		i, ok := s.find(name, at)
		if !ok {
			return nil, fmt.Errorf("%q: %w", name, errUnobserved)
		}
		at = i
		value := to.FieldBuilder(i)
		if value.Len() > row {
			return nil, fmt.Errorf("%q: %w", name, errTwice)
		}
		if m.rest, err = f.appendValue(value, s.fields[i].shape, m.rest); err != nil {
			return nil, fmt.Errorf("%q: %w", name, err)
		}
	}
	for i := range s.fields {
		if value := to.FieldBuilder(i); value.Len() == row {
			value.AppendNull()
		}
	}
	return m.rest, nil
}

func (f *filler) appendText(to array.Builder, b []byte) ([]byte, error) {
	v, rest, err := wire.ReadValue(b)
	if err != nil {
		return nil, err
	}
	f.text = appendText(f.text[:0], v)
	appendUTF8(to, f.text, false)
	return rest, nil
}

// appendUTF8 appends a string; an empty one as null where asked to.
func appendUTF8(to array.Builder, s []byte, emptyIsNull bool) {
	b := to.(*array.StringBuilder)
	switch {
	case emptyIsNull && len(s) == 0:
		b.AppendNull()
	case utf8.Valid(s):
		b.BinaryBuilder.Append(s)
	default:
		b.BinaryBuilder.Append(bytes.ToValidUTF8(s, []byte(string(utf8.RuneError))))
	}
}
