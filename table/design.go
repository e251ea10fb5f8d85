package table

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"

	"github.com/rushnet/rush"
)

// ReadParquetRows reads the rows of a Parquet file of any origin, with all of its
// columns but RestName: integers of every width become int64, floats float64. A column of a
// type that has no such value is an error that names it. All rows are held in
// memory.
func ReadParquetRows(r ReadSeekerAt) ([]rush.Values, error) { return ReadRows(r, Parquet, nil) }

func parquetRows(r ReadSeekerAt, o *RowsOptions) (rows []rush.Values, err error) {
	err = openParquet(r, func(pq *pqarrow.FileReader, schema *arrow.Schema) error {
		names, err := o.choose(schema)
		if err == nil && o.Limits != nil {
			err = checkParquet(pq, schema, names, *o.Limits)
		}
		if err != nil {
			return err
		}
		var d design
		for i, f := range schema.Fields() {
			if names[i] == "" {
				continue
			}
			if err := d.column(pq, i, f, names[i]); err != nil {
				return fmt.Errorf("column %s: %w", f.Name, err)
			}
		}
		rows = d.rows
		return nil
	})
	return rows, err
}

// A design is the rows of a file, read column by column: what the library has
// for whole tables reads in goroutines of its own, whose panics on damaged files
// nobody can catch.
type design struct {
	rows  []rush.Values
	names int // columns read
}

// designBatch is how many cells are decoded at once.
const designBatch = 8192

func (d *design) column(pq *pqarrow.FileReader, i int, f arrow.Field, name string) error {
	if err := checkForeign(f.Type); err != nil {
		return err
	}
	column, err := fieldReader(pq, i)
	if err != nil || column == nil {
		return err
	}
	defer column.Release()
	return d.read(column, name)
}

// fieldReader reads a field of all rows; nil if there are none.
func fieldReader(pq *pqarrow.FileReader, i int) (*pqarrow.ColumnReader, error) {
	in := pq.ParquetReader()
	leaves := map[int]bool{}
	for leaf := range in.MetaData().Schema.NumColumns() {
		leaves[leaf] = true
	}
	groups := make([]int, in.NumRowGroups())
	for g := range groups {
		groups[g] = g
	}
	if len(groups) == 0 {
		return nil, nil
	}
	return pq.GetFieldReader(context.Background(), i, leaves, groups)
}

func (d *design) read(column *pqarrow.ColumnReader, name string) error {
	row := 0
	for {
		batch, err := column.NextBatch(designBatch)
		if err != nil {
			return err
		}
		before := row
		for _, chunk := range batch.Chunks() {
			if row, err = d.cells(chunk, row, name); err != nil {
				break
			}
		}
		batch.Release()
		if err != nil {
			return err
		}
		if row == before {
			break
		}
	}
	if d.names++; row != len(d.rows) {
		return fmt.Errorf("it has %d rows, others have %d: the file is damaged", row, len(d.rows))
	}
	return nil
}

// cells sets the cells of a column from a row on and returns the row after them.
func (d *design) cells(a arrow.Array, row int, name string) (int, error) {
	for i := range a.Len() {
		v, err := foreignCell(a, i)
		if err != nil {
			return row, fmt.Errorf("row %d: %w", row+1, err)
		}
		if row == len(d.rows) {
			d.rows = append(d.rows, rush.Values{})
		}
		if _, twice := d.rows[row][name]; twice {
			return row, errors.New("there are two columns of that name; remove one")
		}
		if d.rows[row][name] = v; len(d.rows[row]) <= d.names {
			return row, fmt.Errorf("it has more than %d rows, others have not: the file is damaged", row)
		}
		row++
	}
	return row, nil
}

// checkForeign refuses a type that foreignCell does not know.
func checkForeign(t arrow.DataType) error {
	if !isForeign(t) {
		return fmt.Errorf("its type is %s; expected integers, floats, booleans, texts, times or lists of them", t)
	}
	return nil
}

// isForeign reports whether foreignCell knows the type.
func isForeign(t arrow.DataType) bool {
	switch t := t.(type) {
	case *arrow.DictionaryType:
		return isForeign(t.ValueType)
	case *arrow.ListType:
		return isForeign(t.Elem())
	}
	switch t.ID() {
	case arrow.NULL, arrow.BOOL, arrow.INT8, arrow.INT16, arrow.INT32, arrow.INT64, arrow.UINT8, arrow.UINT16, arrow.UINT32, arrow.UINT64,
		arrow.FLOAT16, arrow.FLOAT32, arrow.FLOAT64, arrow.STRING, arrow.LARGE_STRING, arrow.BINARY, arrow.TIMESTAMP:
		return true
	}
	return false
}

// foreignCell is cell for the types that rush itself does not write.
func foreignCell(a arrow.Array, i int) (any, error) {
	if isNull(a, i) {
		return nil, nil
	}
	switch a := a.(type) {
	case *array.Int8:
		return int64(a.Value(i)), nil
	case *array.Int16:
		return int64(a.Value(i)), nil
	case *array.Uint8:
		return int64(a.Value(i)), nil
	case *array.Uint16:
		return int64(a.Value(i)), nil
	case *array.Uint32:
		return int64(a.Value(i)), nil
	case *array.Uint64:
		if n := a.Value(i); n > math.MaxInt64 {
			return nil, fmt.Errorf("the integer %d does not fit into 64 bits with a sign", n)
		}
		return int64(a.Value(i)), nil
	case *array.Float16:
		return float64(a.Value(i).Float32()), nil
	case *array.Float32:
		return float64(a.Value(i)), nil
	case *array.LargeString:
		return a.Value(i), nil
	case *array.Dictionary:
		return foreignCell(a.Dictionary(), a.GetValueIndex(i))
	case *array.Timestamp:
		return a.Value(i).ToTime(a.DataType().(*arrow.TimestampType).Unit).UTC(), nil
	case *array.Boolean, *array.Int32, *array.Int64, *array.Float64, *array.String, *array.Binary:
		return cell(a, i), nil
	case *array.List:
		return foreignList(a, i)
	}
	panic(fmt.Sprintf("table: isForeign took the type %s", a.DataType()))
}

func foreignList(a *array.List, i int) (any, error) {
	from, to := a.ValueOffsets(i)
	list := make([]any, 0, to-from)
	for j := from; j < to; j++ {
		v, err := foreignCell(a.ListValues(), int(j))
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, nil
}
