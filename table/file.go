package table

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
)

// A FileFormat is what tables are written as.
type FileFormat string

// The file formats. Read back, each gives the values of the table, and all but
// CSV their types:
//
//   - CSV is RFC 4180 with a header and line feeds. A null is an empty field
//     and an empty string a quoted one (""). Floats are the shortest text that
//     reads back as the same float, with a point or an exponent; NaN and the
//     infinities are NaN, Infinity and -Infinity; times are RFC 3339; bytes
//     are base64; lists and maps are JSON.
//   - JSON lines is an object a task, each with all names. NaN and the
//     infinities, for which JSON has no numbers, are strings; times and bytes
//     are as in CSV; lists and maps are JSON. Export writes every value by
//     itself: an integer stays one among floats, and a number among strings.
//   - Parquet is compressed with zstd, in row groups of 131,072 tasks. Columns
//     that hold maps without any name are JSON text, which is all that Parquet
//     leaves.
const (
	Arrow       FileFormat = "arrow"   // the IPC file format (.arrow, .feather): random access
	ArrowStream FileFormat = "arrows"  // the IPC streaming format (.arrows): for pipes and sockets
	Parquet     FileFormat = "parquet" // .parquet
	CSV         FileFormat = "csv"     // .csv
	JSONLines   FileFormat = "jsonl"   // .jsonl, .ndjson
)

// FileFormats lists the formats.
func FileFormats() []FileFormat {
	return []FileFormat{Arrow, ArrowStream, Parquet, CSV, JSONLines}
}

// FormatOf tells a file's format from its name; see the constants for the
// extensions.
func FormatOf(path string) (FileFormat, error) {
	switch ext := strings.ToLower(filepath.Ext(path)); ext {
	case ".arrow", ".feather":
		return Arrow, nil
	case ".arrows":
		return ArrowStream, nil
	case ".parquet":
		return Parquet, nil
	case ".csv":
		return CSV, nil
	case ".jsonl", ".ndjson":
		return JSONLines, nil
	default:
		return "", fmt.Errorf("the name %q does not tell a format; expected it to end in .arrow, .arrows, .parquet, .csv or .jsonl", path)
	}
}

// Streamed is the format to write where nobody can seek, such as standard
// output: ArrowStream for Arrow, whose readers look at the end first, and f
// itself otherwise.
func (f FileFormat) Streamed() FileFormat {
	if f == Arrow {
		return ArrowStream
	}
	return f
}

// WriteOptions say how a file is written. Nil and the zero value are valid.
type WriteOptions struct {
	// SpreadsheetSafe puts an apostrophe before text in CSV that spreadsheet
	// programs would run as a formula: what begins with = + - @, a tab or a
	// line break. The file is not exact then.
	SpreadsheetSafe bool
	// Allocator gives the memory that writing takes; nil means Go's own.
	Allocator memory.Allocator
}

// Write writes a table as a file. It neither releases the table nor closes w.
// A table without rows is a file with a schema, or a CSV header.
func Write(w io.Writer, t Table, f FileFormat, opts *WriteOptions) error {
	var o WriteOptions
	if opts != nil {
		o = *opts
	}
	gate := &sink{w: w}
	out, err := newBatchWriter(gate, f, t.Schema(), &o)
	if err != nil {
		return err
	}
	batches := array.NewTableReader(t, maxChunkRows)
	defer batches.Release()
	for err == nil && t.NumRows() > 0 && batches.Next() {
		err = out.write(batches.Record())
	}
	if err := gate.finish(out, err); err != nil {
		return fmt.Errorf("write %s: %w", f, err)
	}
	return nil
}

// A batchWriter writes record batches of one schema. After close, or an error,
// it has nothing left to release.
type batchWriter interface {
	write(arrow.Record) error
	close() error
}

func newBatchWriter(w *sink, f FileFormat, schema *arrow.Schema, o *WriteOptions) (batchWriter, error) {
	if o.Allocator == nil {
		o.Allocator = memory.NewGoAllocator()
	}
	switch f {
	case Arrow:
		return newArrowFile(w, schema, o)
	case ArrowStream:
		return newArrowStream(w, schema, o), nil
	case Parquet:
		return newParquetWriter(w, schema, o)
	case CSV:
		return newCSVWriter(w, schema, o), nil
	case JSONLines:
		return newJSONWriter(w, schema), nil
	}
	return nil, fmt.Errorf("%q is not a file format; expected arrow, arrows, parquet, csv or jsonl", f)
}

// A sink is what files are written to. It hides that the writer below could be
// closed, which is not ours to do, and writes nothing more after an error, so
// that a file which is not whole has no end either.
type sink struct {
	w   io.Writer
	err error
}

func (s *sink) Write(b []byte) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	n, err := s.w.Write(b)
	s.err = err
	return n, err
}

// failed returns the error of the sink, if it has one, else err.
func (s *sink) failed(err error) error {
	if s.err != nil {
		return s.err
	}
	return err
}

// finish closes a writer to the sink, whatever has happened so far.
func (s *sink) finish(out batchWriter, err error) error {
	if err != nil && s.err == nil {
		s.err = err
	}
	return s.failed(out.close())
}
