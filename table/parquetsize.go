package table

import (
	"fmt"
	"io"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"
)

// ParquetLimits say how large a Parquet file may be once it is read: a few bytes of
// one can stand for any number of rows, and for the same long text in each.
type ParquetLimits struct {
	Rows  int64 // at most so many
	Cells int64 // rows times columns
	Bytes int64 // of all cells, as Arrow has them
}

// CheckParquet reads a Parquet file as [ReadParquetRows] does, but keeps none of it,
// and fails as soon as the file has more than the limits allow, whatever it says
// about itself. It holds a few batches of one column in memory.
func CheckParquet(r interface {
	io.ReaderAt
	io.Seeker
}, limits ParquetLimits) (err error) {
	defer func() {
		if p := recover(); p != nil { // what the library does about some damaged files
			err = fmt.Errorf("the Parquet file is damaged: %v", p)
		}
	}()
	return openParquet(r, func(pq *pqarrow.FileReader, schema *arrow.Schema) error {
		m := measure{limits: limits}
		in := pq.ParquetReader()
		columns := int64(in.MetaData().Schema.NumColumns())
		if err := m.add(in.NumRows(), 0); err != nil {
			return err
		}
		if in.NumRows() > 0 && columns > limits.Cells/in.NumRows() {
			return fmt.Errorf("it has %d columns and %d rows; expected at most %d cells: give fewer rows at a time", columns, in.NumRows(), limits.Cells)
		}
		for i, f := range schema.Fields() {
			if err := m.column(pq, i, f); err != nil {
				return fmt.Errorf("column %s: %w", f.Name, err)
			}
		}
		return nil
	})
}

// A measure adds up what a file has.
type measure struct {
	limits ParquetLimits
	bytes  int64
}

// add notes the rows of a column so far, and more bytes.
func (m *measure) add(rows, bytes int64) error {
	m.bytes += bytes
	switch {
	case rows > m.limits.Rows:
		return fmt.Errorf("it has %d rows or more; expected at most %d: give fewer at a time", rows, m.limits.Rows)
	case m.bytes > m.limits.Bytes:
		return fmt.Errorf("its cells have more than %d MB; give fewer rows at a time", m.limits.Bytes>>20)
	}
	return nil
}

func (m *measure) column(pq *pqarrow.FileReader, i int, f arrow.Field) error {
	if f.Name == RestName || !isForeign(f.Type) {
		return nil // it is not read, or refused
	}
	column, err := fieldReader(pq, i)
	if err != nil || column == nil {
		return err
	}
	defer column.Release()
	batch := m.batch(pq)
	for rows := int64(0); ; {
		chunked, err := column.NextBatch(batch)
		if err != nil {
			return err
		}
		n, size := int64(chunked.Len()), int64(0)
		for _, chunk := range chunked.Chunks() {
			size += int64(chunk.Data().SizeInBytes())
		}
		chunked.Release()
		if n == 0 {
			return nil
		}
		rows += n
		if err := m.add(rows, size); err != nil {
			return err
		}
	}
}

// batch is how many cells are decoded at once: so many that even if each were the
// longest text that the file can have, they fit into the limit.
func (m *measure) batch(pq *pqarrow.FileReader) int64 {
	meta, longest := pq.ParquetReader().MetaData(), int64(1)
	for g := range pq.ParquetReader().NumRowGroups() {
		longest = max(longest, meta.RowGroup(g).TotalByteSize())
	}
	return min(designBatch, max(1, m.limits.Bytes/longest))
}
