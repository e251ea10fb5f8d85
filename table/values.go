package table

import (
	"fmt"
	"math"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"github.com/rushnet/rush"
)

// Maps returns the rows of a table as values by column name: nil, bool, int64,
// float64, string, []byte, time.Time, []any or map[string]any. Every row has
// every column; null entries of maps are left out.
func Maps(t Table) []rush.Values {
	rows := make([]rush.Values, t.NumRows())
	for i := range rows {
		rows[i] = make(rush.Values, t.NumCols())
	}
	for i := range int(t.NumCols()) {
		col := t.Column(i)
		row := 0
		for _, a := range col.Data().Chunks() {
			for j := range a.Len() {
				rows[row][col.Name()] = cell(a, j)
				row++
			}
		}
	}
	return rows
}

// Floats returns a column of numbers in the order of the rows, with NaN for
// null. It fails when there is no such column, naming those that there are, or
// when the column holds anything but integers and floats.
func Floats(t Table, name string) ([]float64, error) {
	col, err := columnOf(t, name)
	if err != nil {
		return nil, err
	}
	out := make([]float64, 0, t.NumRows())
	for _, a := range col.Data().Chunks() {
		for i := range a.Len() {
			v := math.NaN()
			switch a := a.(type) {
			case *array.Float64:
				if a.IsValid(i) {
					v = a.Value(i)
				}
			case *array.Int64:
				if a.IsValid(i) {
					v = float64(a.Value(i))
				}
			case *array.Null:
			default:
				return nil, fmt.Errorf("the column %q holds values of type %s; expected numbers", name, a.DataType())
			}
			out = append(out, v)
		}
	}
	return out, nil
}

func columnOf(t arrow.Table, name string) (*arrow.Column, error) {
	at := t.Schema().FieldIndices(name)
	if len(at) == 0 {
		var names []string
		for _, f := range t.Schema().Fields() {
			names = append(names, f.Name)
		}
		return nil, fmt.Errorf("the table has no column %q; expected one of %s", name, strings.Join(names, ", "))
	}
	return t.Column(at[0]), nil
}
