package table_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/ipc"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/wire"
	"github.com/rushnet/rush/table"
)

func export(t testing.TB, f *fake, opts table.ExportOptions) []byte {
	t.Helper()
	var out bytes.Buffer
	opts.Allocator = checked(t).Allocator
	if _, err := table.Export(context.Background(), f, &out, &opts); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// readBack reads one of the formats that Arrow's library can read.
func readBack(t testing.TB, format table.FileFormat, b []byte) arrow.Table {
	t.Helper()
	var schema *arrow.Schema
	var batches []arrow.Record
	switch format {
	case table.Parquet:
		return must(t)(pqarrow.ReadTable(context.Background(), bytes.NewReader(b), parquet.NewReaderProperties(nil), pqarrow.ArrowReadProperties{}, memory.DefaultAllocator))
	case table.Arrow:
		r, err := ipc.NewFileReader(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		schema = r.Schema()
		for i := range r.NumRecords() {
			batch, err := r.RecordAt(i)
			if err != nil {
				t.Fatal(err)
			}
			batches = append(batches, batch)
		}
	case table.ArrowStream:
		r, err := ipc.NewReader(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		schema = r.Schema()
		for r.Next() {
			r.Record().Retain()
			batches = append(batches, r.Record())
		}
		if r.Err() != nil {
			t.Fatal(r.Err())
		}
	}
	return array.NewTableFromRecords(schema, batches)
}

func readLines(t testing.TB, b []byte) []rush.Values {
	t.Helper()
	var out []rush.Values
	for line := range bytes.Lines(b) {
		if !json.Valid(line) {
			t.Fatalf("%q is not JSON", line)
		}
		v, err := wire.ParseJSONObject(line)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, v)
	}
	return out
}

func TestExportsReadBackAsTheTable(t *testing.T) {
	t.Parallel()
	f := network(t)
	for i := range 20 {
		f.finished(t, rush.Values{"x": i, "f": math.Sqrt(float64(i)), "s": strings.Repeat("ü,\"\n", i%3), "b": i%2 == 0, "bytes": []byte{byte(i)},
			"list": []any{1, 2.5}, "map": map[string]any{"a": i, "none": map[string]any{}}, "t": time.UnixMicro(int64(i)), "mixed": []any{i, "a"}[i%2]},
			rush.Values{"y": math.NaN(), "empty": map[string]any{}})
	}
	want := must(t)(table.States(context.Background(), f, nil, nil))
	for _, format := range []table.FileFormat{table.Arrow, table.ArrowStream, table.Parquet} {
		b := export(t, f, table.ExportOptions{Format: format})
		got := readBack(t, format, b)
		wantRows := table.Maps(want)
		if format == table.Parquet {
			for _, row := range wantRows {
				for _, name := range []string{"map", "empty"} {
					if row[name] != nil { // text, because Parquet has no maps without names
						row[name] = strings.ReplaceAll(string(jsonOf(t, row[name])), `.0`, "")
					}
				}
			}
		} else if !got.Schema().Equal(want.Schema()) {
			t.Errorf("%s: the schema is %s, want %s", format, got.Schema(), want.Schema())
		}
		if diff := cmp.Diff(wantRows, table.Maps(got), cmpopts.EquateNaNs()); diff != "" {
			t.Errorf("%s: -want +got:\n%s", format, diff)
		}
	}
}

func jsonOf(t testing.TB, v any) []byte {
	t.Helper()
	b, err := wire.AppendJSON(nil, v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestAnyValuesReadBack exports any column in any format that keeps types.
func TestAnyValuesReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		values := anyColumn().Draw(rt, "values")
		f := newFake()
		for _, v := range values {
			f.finished(t, x(v), nil)
		}
		opts := &table.Options{Fields: rush.FieldXS}
		tbl, err := table.States(context.Background(), f, nil, opts)
		if err != nil {
			rt.Fatal(err)
		}
		want := column(t, tbl, "x")
		formats := []table.FileFormat{table.Arrow, table.ArrowStream}
		if rapid.IntRange(0, 3).Draw(rt, "seldom, because it is slow") == 0 {
			formats = append(formats, table.Parquet)
		}
		for _, format := range formats {
			b := export(t, f, table.ExportOptions{Options: *opts, Format: format})
			got := column(t, readBack(t, format, b), "x")
			for i := range want {
				if s, ok := got[i].(string); ok && format == table.Parquet && want[i] != nil {
					if _, same := want[i].(string); !same { // maps without a name
						if plain := newOracle([]any{values[i], "text"}); s != plain.cell(values[i]) {
							rt.Fatalf("%s: row %d is %q", format, i, s)
						}
						continue
					}
				}
				if diff := cmp.Diff(want[i], got[i], cmpopts.EquateNaNs()); diff != "" {
					rt.Fatalf("%s: row %d: -want +got:\n%s", format, i, diff)
				}
			}
		}
		for i, row := range readLines(t, export(t, f, table.ExportOptions{Options: *opts, Format: table.JSONLines})) {
			if diff := cmp.Diff(string(jsonOf(t, values[i])), string(jsonOf(t, row["x"]))); diff != "" {
				rt.Fatalf("jsonl: row %d: -want +got:\n%s", i, diff)
			}
		}
	})
}

func TestJSONLinesKeepEveryValue(t *testing.T) {
	t.Parallel()
	f := newFake()
	xs := []rush.Values{
		{"v": 1, "l": []any{1, 2.0, "a"}},
		{"v": 2.0, "l": map[string]any{"a": nil}},
		{"v": "text\n", "l": math.NaN()},
	}
	for _, v := range xs {
		f.finished(t, v, y(1))
	}
	got := string(export(t, f, table.ExportOptions{Options: table.Options{Fields: rush.FieldXS}, Format: table.JSONLines}))
	want := `{"number":0,"state":"finished","l":[1,2.0,"a"],"v":1,"y":1,"attempt":1}
{"number":1,"state":"finished","l":{"a":null},"v":2.0,"y":1,"attempt":1}
{"number":2,"state":"finished","l":"NaN","v":"text\n","y":1,"attempt":1}
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestAnExportShowsOneMoment(t *testing.T) {
	t.Parallel()
	for _, format := range table.FileFormats() {
		f := network(t)
		passes := 0
		f.onRecord = func() {
			if passes++; passes == 2 { // between the two passes
				f.finish(t, 1, y("a late string"))
				f.retry(0)
				f.finished(t, x(5), y(5))
			}
		}
		b := export(t, f, table.ExportOptions{Format: format})
		switch format {
		case table.CSV:
			lines, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
			if err != nil || len(lines) != 6 || lines[1][3] != "0" || lines[2][1] != "running" {
				t.Errorf("%s: %q, %v", format, lines, err)
			}
		case table.JSONLines:
			rows := readLines(t, b)
			if len(rows) != 5 || rows[0]["y"] != int64(0) || rows[1]["state"] != "running" || rows[1]["y"] != nil {
				t.Errorf("%s: %v", format, rows)
			}
		default:
			tbl := readBack(t, format, b)
			if diff := cmp.Diff([]any{int64(0), nil, nil, nil, nil}, column(t, tbl, "y")); diff != "" {
				t.Errorf("%s: %s", format, diff)
			}
		}
	}
}

func TestAnExportOfSomeTasks(t *testing.T) {
	t.Parallel()
	f := network(t)
	var out bytes.Buffer
	n, err := table.Export(context.Background(), f, &out, &table.ExportOptions{
		Options: table.Options{Keys: []rush.TaskKey{4, 2, 99, -1, 2}},
		Format:  table.JSONLines, States: []rush.State{rush.Failed, rush.Deferred, rush.Running},
	})
	rows := readLines(t, out.Bytes())
	if err != nil || n != 2 || len(rows) != 2 || rows[0]["number"] != int64(2) || rows[1]["number"] != int64(4) {
		t.Errorf("got %d: %v, %v", n, rows, err)
	}
}

func TestAnExportWithoutTasksIsAWholeFile(t *testing.T) {
	t.Parallel()
	opts := table.Options{Schema: table.Schema{{Name: "x", Role: table.XS, Type: table.Float64}}, Fields: rush.FieldXS}
	for _, format := range table.FileFormats() {
		b := export(t, newFake(), table.ExportOptions{Options: opts, Format: format})
		switch format {
		case table.CSV:
			if string(b) != "number,state,x,attempt\n" {
				t.Errorf("%s: %q", format, b)
			}
		case table.JSONLines:
			if len(b) != 0 {
				t.Errorf("%s: %q", format, b)
			}
		default:
			if got := readBack(t, format, b); got.NumRows() != 0 || got.NumCols() != 4 {
				t.Errorf("%s: %d rows of %s", format, got.NumRows(), got.Schema())
			}
		}
	}
}

func TestAResetDuringAnExportIsAnError(t *testing.T) {
	t.Parallel()
	for _, pass := range []int{1, 2} {
		f := network(t)
		passes := 0
		f.onRecord = func() {
			if passes++; passes == pass {
				f.reset()
				f.finished(t, x("other"), nil)
			}
		}
		_, err := table.Export(context.Background(), f, &bytes.Buffer{}, &table.ExportOptions{Options: *checked(t)})
		if !errors.Is(err, rush.ErrChanged) {
			t.Errorf("in pass %d: %v, want ErrChanged", pass, err)
		}
	}
}

// A shortWriter takes some bytes and then fails, like a full disk.
type shortWriter struct{ left int }

var errFull = errors.New("no space left on device")

func (w *shortWriter) Write(b []byte) (int, error) {
	if w.left -= len(b); w.left < 0 {
		return len(b) + w.left, errFull
	}
	return len(b), nil
}

func (w *shortWriter) Close() error { panic("closed by somebody who does not own it") }

func TestAWriterThatFailsIsReported(t *testing.T) {
	t.Parallel()
	f := network(t)
	for _, format := range table.FileFormats() {
		size := len(export(t, f, table.ExportOptions{Format: format}))
		for left := 0; left < size; left += 1 + size/15 {
			_, err := table.Export(context.Background(), f, &shortWriter{left}, &table.ExportOptions{Options: *checked(t), Format: format})
			if !errors.Is(err, errFull) {
				t.Errorf("%s, after %d of %d bytes: %v", format, left, size, err)
			}
		}
	}
}

func TestWriteIsTheTable(t *testing.T) {
	t.Parallel()
	f := network(t)
	opts := checked(t)
	tbl := must(t)(table.States(context.Background(), f, nil, opts))
	for _, format := range table.FileFormats() {
		var out bytes.Buffer
		if err := table.Write(&out, tbl, format, &table.WriteOptions{Allocator: opts.Allocator}); err != nil {
			t.Fatal(err)
		}
		if want := export(t, f, table.ExportOptions{Format: format}); format != table.Parquet && !bytes.Equal(want, out.Bytes()) {
			t.Errorf("%s: Write and Export differ:\n%q\n%q", format, out.Bytes(), want)
		}
	}
}

func TestFormatsHaveNames(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]table.FileFormat{
		"a.arrow": table.Arrow, "b/c.FEATHER": table.Arrow, "x.arrows": table.ArrowStream, "r.parquet": table.Parquet,
		"a.csv": table.CSV, "a.b.jsonl": table.JSONLines, "a.ndjson": table.JSONLines,
	} {
		if got, err := table.FormatOf(path); got != want || err != nil {
			t.Errorf("%s: %s, %v", path, got, err)
		}
	}
	if _, err := table.FormatOf("results.xlsx"); err == nil || !strings.Contains(err.Error(), ".parquet") {
		t.Errorf("got %v", err)
	}
	if got := table.Arrow.Streamed(); got != table.ArrowStream {
		t.Error(got)
	}
	if _, err := table.Export(context.Background(), newFake(), &bytes.Buffer{}, &table.ExportOptions{Format: "xlsx"}); err == nil {
		t.Error("an unknown format was written")
	}
}

func TestALargeExportComesInBatches(t *testing.T) {
	t.Parallel()
	const tasks = 20_000
	f := newFake()
	f.fill(t, tasks)
	for _, format := range []table.FileFormat{table.ArrowStream, table.Parquet} {
		tbl := readBack(t, format, export(t, f, table.ExportOptions{Format: format}))
		got, err := table.Floats(tbl, "number")
		if err != nil || len(got) != tasks {
			t.Fatalf("%s: %d rows, %v", format, len(got), err)
		}
		for i, n := range got {
			if n != float64(i) {
				t.Fatalf("%s: row %d is task %v", format, i, n)
			}
		}
	}
}
