package table

import (
	"fmt"
	"slices"
	"time"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"github.com/rushnet/rush/internal/wire"
)

// cell returns the value of a cell: nil, bool, int64, float64, string, []byte,
// time.Time, []any or map[string]any. Null entries of maps are left out.
func cell(a arrow.Array, i int) any {
	if isNull(a, i) {
		return nil
	}
	switch a := a.(type) {
	case *array.Boolean:
		return a.Value(i)
	case *array.Int64:
		return a.Value(i)
	case *array.Int32:
		return int64(a.Value(i))
	case *array.Float64:
		return a.Value(i)
	case *array.String:
		return a.Value(i)
	case *array.Binary:
		return append([]byte{}, a.Value(i)...)
	case *array.Timestamp:
		return time.UnixMicro(int64(a.Value(i))).UTC()
	case *array.List:
		from, to := a.ValueOffsets(i)
		list := make([]any, 0, to-from)
		for j := from; j < to; j++ {
			list = append(list, cell(a.ListValues(), int(j)))
		}
		return list
	case *array.Struct:
		m := map[string]any{}
		for j, f := range a.DataType().(*arrow.StructType).Fields() {
			if v := cell(a.Field(j), i); v != nil {
				m[f.Name] = v
			}
		}
		return m
	}
	panic(fmt.Sprintf("table: no column has type %s", a.DataType()))
}

// isNull is the array's own IsNull, which arrays of nothing but nulls deny.
func isNull(a arrow.Array, i int) bool { return a.DataType().ID() == arrow.NULL || a.IsNull(i) }

// appendText appends a value as the text of a column of several kinds: a
// string as it stands, everything else as JSON without quotes around it.
//
// The text of a value must not depend on the column type that it went
// through on its way. So a whole float looks like an integer, null entries of
// maps are left out, and times are cut to microseconds.
func appendText(b []byte, v any) []byte {
	if s, ok := v.(string); ok {
		return append(b, s...)
	}
	from := len(b)
	b = appendJSON(b, v, true)
	if b[from] == '"' { // bytes, times and NaN: nothing in them is escaped
		b = append(b[:from], b[from+1:len(b)-1]...)
	}
	return b
}

// appendJSON appends a value as JSON, like wire.AppendJSON, but leaves out
// null entries of maps, cuts times to microseconds and, if asked to, writes
// whole floats like integers.
func appendJSON(b []byte, v any, wholeFloats bool) []byte {
	switch v := v.(type) {
	case float64:
		b = wire.AppendJSONFloat(b, v)
		if n := len(b); wholeFloats && b[n-1] == '0' && b[n-2] == '.' {
			b = b[:n-2]
		}
		return b
	case time.Time:
		b = append(b, '"')
		b = time.UnixMicro(v.UnixMicro()).UTC().AppendFormat(b, time.RFC3339Nano)
		return append(b, '"')
	case []any:
		b = append(b, '[')
		for i, e := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendJSON(b, e, wholeFloats)
		}
		return append(b, ']')
	case map[string]any:
		return appendJSONObject(b, v, wholeFloats)
	}
	b, err := wire.AppendJSON(b, v)
	if err != nil {
		panic(fmt.Sprintf("table: %v", err)) // cells hold nothing else
	}
	return b
}

func appendJSONObject(b []byte, m map[string]any, wholeFloats bool) []byte {
	names := make([]string, 0, len(m))
	for name, v := range m {
		if v != nil {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	b = append(b, '{')
	for i, name := range names {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendJSON(b, name, wholeFloats)
		b = append(b, ':')
		b = appendJSON(b, m[name], wholeFloats)
	}
	return append(b, '}')
}
