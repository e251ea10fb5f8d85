package table

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/float16"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"
	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
)

// foreignFile writes rows, given as JSON, to a Parquet file with these columns.
func foreignFile(t *testing.T, json string, fields ...arrow.Field) []byte {
	t.Helper()
	schema := arrow.NewSchema(fields, nil)
	record, _, err := array.RecordFromJSON(memory.DefaultAllocator, schema, strings.NewReader(json))
	if err != nil {
		t.Fatal(err)
	}
	defer record.Release()
	return parquetOf(t, record)
}

func parquetOf(t *testing.T, record arrow.Record) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := pqarrow.NewFileWriter(record.Schema(), &out, parquet.NewWriterProperties(parquet.WithMaxRowGroupLength(10_000)), pqarrow.NewArrowWriterProperties(pqarrow.WithStoreSchema()))
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(record); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestReadParquetRowsOfAnyOrigin(t *testing.T) {
	t.Parallel()
	types := []arrow.DataType{
		arrow.PrimitiveTypes.Int8, arrow.PrimitiveTypes.Int16, arrow.PrimitiveTypes.Int32, arrow.PrimitiveTypes.Int64,
		arrow.PrimitiveTypes.Uint8, arrow.PrimitiveTypes.Uint16, arrow.PrimitiveTypes.Uint32, arrow.PrimitiveTypes.Uint64,
		arrow.PrimitiveTypes.Float32, arrow.PrimitiveTypes.Float64,
	}
	var fields []arrow.Field
	for _, dt := range types {
		fields = append(fields, arrow.Field{Name: dt.Name(), Type: dt, Nullable: true})
	}
	fields = append(fields,
		arrow.Field{Name: "bool", Type: arrow.FixedWidthTypes.Boolean, Nullable: true},
		arrow.Field{Name: "string", Type: arrow.BinaryTypes.String, Nullable: true},
		arrow.Field{Name: "large", Type: arrow.BinaryTypes.LargeString, Nullable: true},
		arrow.Field{Name: "factor", Type: &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int8, ValueType: arrow.BinaryTypes.String}, Nullable: true},
		arrow.Field{Name: "list", Type: arrow.ListOf(arrow.PrimitiveTypes.Int32), Nullable: true},
		arrow.Field{Name: "time", Type: arrow.FixedWidthTypes.Timestamp_ms, Nullable: true},
	)
	file := foreignFile(t, `[
		{"int8": 1, "int16": 2, "int32": 3, "int64": 4, "uint8": 5, "uint16": 6, "uint32": 7, "uint64": 8, "float32": 0.5, "float64": 0.1,
		 "bool": true, "string": "a", "large": "b", "factor": "c", "list": [1, 2], "time": "2026-01-02T03:04:05Z"},
		{}]`, fields...)
	got, err := ReadParquetRows(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	want := []rush.Values{
		{"int8": int64(1), "int16": int64(2), "int32": int64(3), "int64": int64(4), "uint8": int64(5), "uint16": int64(6), "uint32": int64(7), "uint64": int64(8),
			"float32": 0.5, "float64": 0.1, "bool": true, "string": "a", "large": "b", "factor": "c", "list": []any{int64(1), int64(2)},
			"time": time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)},
		{},
	}
	for _, f := range fields {
		want[1][f.Name] = nil
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A file has several row groups, and more rows than are decoded at once.
func TestReadParquetRowsInTheirOrder(t *testing.T) {
	t.Parallel()
	schema := arrow.NewSchema([]arrow.Field{{Name: "i", Type: arrow.PrimitiveTypes.Int64}, {Name: "s", Type: arrow.BinaryTypes.String}}, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	const n = 3*designBatch + 5
	for i := range n {
		b.Field(0).(*array.Int64Builder).Append(int64(i))
		b.Field(1).(*array.StringBuilder).Append(fmt.Sprint("row ", i%7))
	}
	record := b.NewRecord()
	defer record.Release()
	rows, err := ReadParquetRows(bytes.NewReader(parquetOf(t, record)))
	if err != nil || len(rows) != n {
		t.Fatalf("%d rows, %v; want %d", len(rows), err, n)
	}
	for i, row := range rows {
		if row["i"] != int64(i) || row["s"] != fmt.Sprint("row ", i%7) {
			t.Fatalf("row %d is %v", i, row)
		}
	}
}

func TestReadParquetRowsOfHalves(t *testing.T) {
	t.Parallel()
	b := array.NewFloat16Builder(memory.DefaultAllocator)
	defer b.Release()
	b.Append(float16.New(1.5))
	a := b.NewArray()
	defer a.Release()
	if v, err := foreignCell(a, 0); err != nil || v != 1.5 {
		t.Errorf("got %v, %v", v, err)
	}
}

func TestReadParquetRowsRefuses(t *testing.T) {
	t.Parallel()
	good := foreignFile(t, `[{"a": 1}]`, arrow.Field{Name: "a", Type: arrow.PrimitiveTypes.Int64})
	for name, tc := range map[string]struct {
		file []byte
		want string
	}{
		"no Parquet file": {[]byte("a,b\n1,2\n"), "expected a Parquet file"},
		"a torn file":     {good[:len(good)/2], "expected a Parquet file"},
		"a type without values": {foreignFile(t, `[{"d": "2026-01-02"}]`, arrow.Field{Name: "d", Type: arrow.FixedWidthTypes.Date32}),
			"column d: its type is date32"},
		"an integer beyond int64": {foreignFile(t, `[{"u": 9223372036854775808}]`, arrow.Field{Name: "u", Type: arrow.PrimitiveTypes.Uint64}),
			"column u: row 1: the integer 9223372036854775808 does not fit"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if rows, err := ReadParquetRows(bytes.NewReader(tc.file)); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, %v; want %q in the error", rows, err, tc.want)
			}
		})
	}
}

// Every byte of a file may be damaged: it is an error or other values, never
// a panic.
func TestReadParquetRowsOfDamagedFiles(t *testing.T) {
	t.Parallel()
	good := foreignFile(t, `[{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]`,
		arrow.Field{Name: "a", Type: arrow.PrimitiveTypes.Int64}, arrow.Field{Name: "b", Type: arrow.BinaryTypes.String})
	failed := 0
	for i := range good {
		bad := bytes.Clone(good)
		bad[i] ^= 0x55
		if _, err := ReadParquetRows(bytes.NewReader(bad)); err != nil {
			failed++
		}
	}
	if failed == 0 {
		t.Errorf("no damage of %d bytes was an error", len(good))
	}
}
