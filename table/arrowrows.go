package table

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/ipc"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"github.com/rushnet/rush"
)

// arrowRows reads an Arrow file or stream.
func arrowRows(r ReadSeekerAt, o *RowsOptions) ([]rush.Values, error) {
	limits := RowLimits{Rows: math.MaxInt64, Cells: math.MaxInt64, Bytes: math.MaxInt64}
	if o.Limits != nil {
		limits = *o.Limits
	}
	size, err := r.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, err
	}
	if err := checkArrow(r, size); err != nil {
		return nil, err
	}
	// Bodies are read, and then unpacked, into memory of their own.
	memory := &boundedMemory{left: max(limits.Bytes, limits.Bytes+2*size), most: limits.Bytes}
	batches, schema, err := arrowBatches(r, size, memory)
	if err != nil {
		return nil, err
	}
	a := arrowReader{measure: measure{limits: limits}}
	if a.names, err = o.choose(schema); err != nil {
		return nil, err
	}
	for i, f := range schema.Fields() {
		if err := checkForeign(f.Type); a.names[i] != "" && err != nil {
			return nil, fmt.Errorf("column %s: %w", f.Name, err)
		}
	}
	for {
		batch, err := batches()
		if errors.Is(err, io.EOF) {
			return a.rows, nil
		}
		if err == nil {
			err = a.add(batch)
		}
		if err != nil {
			return nil, err
		}
	}
}

// arrowBatches returns what reads the batches of a file, or of a stream. Their memory
// is Go's.
func arrowBatches(r ReadSeekerAt, size int64, mem memory.Allocator) (next func() (arrow.Record, error), schema *arrow.Schema, err error) {
	magic := make([]byte, len(arrowMagic))
	if _, err := r.ReadAt(magic, 0); err != nil {
		return nil, nil, fmt.Errorf("expected an Arrow file: %w", err)
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return nil, nil, err
	}
	if bytes.Equal(magic, arrowMagic) {
		in, err := ipc.NewFileReader(r, ipc.WithAllocator(mem))
		if err != nil {
			return nil, nil, fmt.Errorf("expected an Arrow file: %w", err)
		}
		at := 0
		return func() (arrow.Record, error) {
			if at == in.NumRecords() {
				return nil, io.EOF
			}
			at++
			return in.RecordAt(at - 1)
		}, in.Schema(), nil
	}
	in, err := ipc.NewReader(r, ipc.WithAllocator(mem))
	if err != nil {
		return nil, nil, fmt.Errorf("expected an Arrow file: %w", err)
	}
	if saysRoles(in.Schema()) {
		err = endsStream(r, size)
	}
	return in.Read, in.Schema(), err
}

// saysRoles reports whether rush wrote the table.
func saysRoles(schema *arrow.Schema) bool {
	for _, f := range schema.Fields() {
		if _, says := f.Metadata.GetValue(MetaRole); says {
			return true
		}
	}
	return false
}

// An arrowReader makes rows of batches.
type arrowReader struct {
	measure
	names []string // of the columns, "" for one that is not read
	rows  []rush.Values
	cells int64
}

func (a *arrowReader) add(batch arrow.Record) error {
	from := len(a.rows)
	if err := a.shape(int64(from)+batch.NumRows(), a.names); err != nil {
		return err
	}
	for range int(batch.NumRows()) {
		a.rows = append(a.rows, rush.Values{})
	}
	for i, column := range batch.Columns() {
		name := a.names[i]
		if name == "" {
			continue
		}
		for row := range column.Len() {
			if err := a.set(from+row, name, column, row); err != nil {
				return fmt.Errorf("column %s: %w", batch.ColumnName(i), err)
			}
		}
	}
	return nil
}

// set sets a value of a row to that of a cell.
func (a *arrowReader) set(row int, name string, column arrow.Array, at int) error {
	if _, twice := a.rows[row][name]; twice {
		return errors.New("there are two columns of that name; remove one")
	}
	if a.cells += items(column, at); a.cells > a.limits.Cells {
		return fmt.Errorf("there are more than %d values with those of lists; give fewer rows at a time", a.limits.Cells)
	}
	v, err := foreignCell(column, at)
	if err != nil {
		return fmt.Errorf("row %d: %w", row+1, err)
	}
	a.rows[row][name] = v
	return nil
}

// items counts the values of a cell: 1, or what a list has.
func items(a arrow.Array, i int) int64 {
	switch a := a.(type) {
	case *array.Dictionary:
		if !a.IsNull(i) {
			return items(a.Dictionary(), a.GetValueIndex(i))
		}
	case *array.List:
		n := int64(1)
		from, to := a.ValueOffsets(i)
		if _, nested := a.ListValues().(*array.List); !nested {
			return n + to - from
		}
		for j := from; j < to; j++ {
			n += items(a.ListValues(), int(j))
		}
		return n
	}
	return 1
}

// errTooLarge is what boundedMemory panics with: who asks it for memory cannot fail.
type errTooLarge string

func (e errTooLarge) Error() string { return string(e) }

// A boundedMemory gives so much memory and no more.
type boundedMemory struct {
	memory.GoAllocator
	left int64 // bytes
	most int64 // for the error
}

func (m *boundedMemory) Allocate(size int) []byte {
	m.take(size)
	return m.GoAllocator.Allocate(size)
}

func (m *boundedMemory) Reallocate(size int, b []byte) []byte {
	m.take(size - len(b))
	return m.GoAllocator.Reallocate(size, b)
}

func (m *boundedMemory) Free(b []byte) {
	m.left += int64(len(b))
	m.GoAllocator.Free(b)
}

func (m *boundedMemory) take(size int) {
	if m.left -= int64(size); m.left < 0 {
		panic(errTooLarge(fmt.Sprintf("its columns have more than %d MB; give fewer rows at a time", m.most>>20)))
	}
}
