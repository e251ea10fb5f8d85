package table

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/ipc"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
)

// arrowOf writes batches as others write them: compressed, as a file or a stream.
func arrowOf(t *testing.T, stream bool, schema *arrow.Schema, batches ...arrow.Record) []byte {
	t.Helper()
	var out bytes.Buffer
	opts := []ipc.Option{ipc.WithSchema(schema), ipc.WithLZ4()}
	var w interface {
		Write(arrow.Record) error
		Close() error
	} = ipc.NewWriter(&out, opts...)
	if !stream {
		var err error
		if w, err = ipc.NewFileWriter(&seeker{Buffer: &out}, opts...); err != nil {
			t.Fatal(err)
		}
	}
	for _, b := range batches {
		if err := w.Write(b); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// A seeker is written from beginning to end.
type seeker struct{ *bytes.Buffer }

func (s *seeker) Seek(int64, int) (int64, error) { return int64(s.Len()), nil }

// batchOf has a column that fill appends to.
func batchOf(of arrow.DataType, fill func(array.Builder)) (*arrow.Schema, arrow.Record) {
	schema := arrow.NewSchema([]arrow.Field{{Name: "x", Type: of, Nullable: true}}, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	fill(b.Field(0))
	return schema, b.NewRecord()
}

func TestReadRowsOfArrow(t *testing.T) {
	t.Parallel()
	factor := &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int8, ValueType: arrow.BinaryTypes.String}
	schema, batch := batchOf(factor, func(b array.Builder) {
		for _, s := range []string{"a", "b", "a"} {
			if err := b.(*array.BinaryDictionaryBuilder).AppendString(s); err != nil {
				t.Error(err)
			}
		}
		b.AppendNull()
	})
	want := []rush.Values{{"x": "a"}, {"x": "b"}, {"x": "a"}, {"x": nil}, {"x": "a"}, {"x": "b"}, {"x": "a"}, {"x": nil}}
	for _, stream := range []bool{false, true} {
		file := arrowOf(t, stream, schema, batch, batch)
		for _, format := range []FileFormat{Arrow, ArrowStream} { // it is seen which it is
			got, err := ReadRows(bytes.NewReader(file), format, nil)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("stream %t (-want +got):\n%s", stream, diff)
			}
		}
	}
}

// A small file that stands for very many values is refused before they are made.
func TestReadRowsOfArrowRefusesWhatUnfolds(t *testing.T) {
	t.Parallel()
	limits := RowLimits{Rows: 100_000, Cells: 150_000, Bytes: 4 << 20}
	type made func() (*arrow.Schema, arrow.Record)
	for _, tc := range []struct {
		name string
		make made
		want string
	}{
		{"rows of nothing", func() (*arrow.Schema, arrow.Record) {
			return batchOf(arrow.Null, func(b array.Builder) { b.AppendNulls(100_001) })
		}, "at most 100000"},
		{"items of lists", func() (*arrow.Schema, arrow.Record) {
			return batchOf(arrow.ListOf(arrow.FixedWidthTypes.Boolean), func(b array.Builder) {
				list := b.(*array.ListBuilder)
				for range 2 {
					list.Append(true)
					list.ValueBuilder().(*array.BooleanBuilder).AppendNulls(100_000)
				}
			})
		}, "more than 150000 values"},
		{"texts", func() (*arrow.Schema, arrow.Record) {
			return batchOf(arrow.BinaryTypes.String, func(b array.Builder) {
				for range 100 {
					b.(*array.StringBuilder).Append(strings.Repeat("x", 100<<10))
				}
			})
		}, "more than 4 MB"},
	} {
		schema, batch := tc.make()
		for _, stream := range []bool{false, true} {
			file := arrowOf(t, stream, schema, batch)
			if len(file) > 1<<20 {
				t.Errorf("%s: the file has %d bytes; expected a small one", tc.name, len(file))
			}
			_, err := ReadRows(bytes.NewReader(file), Arrow, &RowsOptions{Limits: &limits})
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("%s, stream %t: got %v, want %q", tc.name, stream, err, tc.want)
			}
		}
	}
}

// Every byte of a file may be damaged: it is an error or other values, never a panic, and
// never more memory than the limits say.
func TestReadRowsOfDamagedArrow(t *testing.T) {
	t.Parallel()
	schema, batch := batchOf(arrow.BinaryTypes.String, func(b array.Builder) {
		for i := range 3 {
			b.(*array.StringBuilder).Append(fmt.Sprint("text ", i))
		}
	})
	limits := &RowLimits{Rows: 1000, Cells: 1000, Bytes: 1 << 20}
	for _, stream := range []bool{false, true} {
		good, failed := arrowOf(t, stream, schema, batch), 0
		for i := range good {
			bad := bytes.Clone(good)
			bad[i] ^= 0x55
			if _, err := ReadRows(bytes.NewReader(bad), Arrow, &RowsOptions{Limits: limits}); err != nil {
				failed++
			}
		}
		if failed == 0 {
			t.Errorf("stream %t: no damage of %d bytes was an error", stream, len(good))
		}
	}
}

// Only the file knows how many buffers a column of views has, and who reads it takes
// memory for as many.
func TestReadRowsOfArrowRefusesViews(t *testing.T) {
	t.Parallel()
	schema, batch := batchOf(arrow.BinaryTypes.StringView, func(b array.Builder) { b.AppendNull() })
	_, err := ReadRows(bytes.NewReader(arrowOf(t, true, schema, batch)), Arrow, nil)
	if err == nil || !strings.Contains(err.Error(), "column of views") {
		t.Errorf("got %v", err)
	}
}
