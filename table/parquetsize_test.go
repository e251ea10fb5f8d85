package table

import (
	"bytes"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
)

// oneColumn is a file of one column, which fill appends to.
func oneColumn(t *testing.T, of arrow.DataType, fill func(array.Builder)) []byte {
	t.Helper()
	schema := arrow.NewSchema([]arrow.Field{{Name: "x", Type: of, Nullable: true}}, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	fill(b.Field(0))
	record := b.NewRecord()
	defer record.Release()
	return parquetOf(t, record)
}

// A small file that stands for very many rows, or for very long texts, is refused
// before any of them is kept.
func TestReadRowsRefusesWhatUnfolds(t *testing.T) {
	t.Parallel()
	many := oneColumn(t, arrow.PrimitiveTypes.Int64, func(b array.Builder) { b.AppendNulls(500_000) })
	long := oneColumn(t, arrow.BinaryTypes.String, func(b array.Builder) {
		text := strings.Repeat("x", 100<<10)
		for range 200 {
			b.(*array.StringBuilder).Append(text)
		}
	})
	limits := RowLimits{Rows: 100_000, Cells: 1_000_000, Bytes: 4 << 20}
	for name, tc := range map[string]struct {
		file   []byte
		limits RowLimits
		want   string
	}{
		"rows":   {many, limits, "at most 100000"},
		"cells":  {many, RowLimits{Rows: 1_000_000, Cells: 100, Bytes: 1 << 30}, "at most 100 cells"},
		"texts":  {long, limits, "more than 4 MB"},
		"no end": {many[:len(many)-10], limits, "Parquet"},
	} {
		if len(tc.file) > 1<<20 {
			t.Errorf("%s: the file has %d bytes; expected a small one", name, len(tc.file))
		}
		_, err := ReadRows(bytes.NewReader(tc.file), Parquet, &RowsOptions{Limits: &tc.limits})
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got %v, want %q", name, err, tc.want)
		}
	}
	few := oneColumn(t, arrow.PrimitiveTypes.Int64, func(b array.Builder) { b.AppendNulls(1000) })
	if _, err := ReadRows(bytes.NewReader(few), Parquet, &RowsOptions{Limits: &limits}); err != nil {
		t.Error(err)
	}
}
