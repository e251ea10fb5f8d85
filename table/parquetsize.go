package table

import (
	"fmt"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"
)

// checkParquet reads the columns that have names as [ReadRows] does, but keeps none of
// them, and fails as soon as the file has more than the limits allow, whatever it says
// about itself. It holds a few batches of one column in memory.
func checkParquet(pq *pqarrow.FileReader, schema *arrow.Schema, names []string, limits RowLimits) error {
	m := measure{limits: limits}
	if err := m.shape(pq.ParquetReader().NumRows(), names); err != nil {
		return err
	}
	for i, f := range schema.Fields() {
		if names[i] == "" {
			continue
		}
		if err := m.column(pq, i, f); err != nil {
			return fmt.Errorf("column %s: %w", f.Name, err)
		}
	}
	return nil
}

// A measure adds up what a file has.
type measure struct {
	limits RowLimits
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

// shape refuses too many rows, and too many cells of the columns that have names.
func (m *measure) shape(rows int64, names []string) error {
	if err := m.add(rows, 0); err != nil {
		return err
	}
	columns := int64(0)
	for _, name := range names {
		if name != "" {
			columns++
		}
	}
	if rows > 0 && columns > m.limits.Cells/rows {
		return fmt.Errorf("it has %d columns and %d rows; expected at most %d cells: give fewer rows at a time", columns, rows, m.limits.Cells)
	}
	return nil
}

func (m *measure) column(pq *pqarrow.FileReader, i int, f arrow.Field) error {
	if !isForeign(f.Type) {
		return nil // it is refused
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
