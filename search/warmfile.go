package search

import (
	"fmt"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/wire"
	"github.com/rushnet/rush/table"
)

// exportedRows reads the tasks of a file that rush exported with what it is about, or of
// any Arrow file, as rows: their values, and the state. It leaves other files to
// readRows, and says so.
func exportedRows(path string) (rows []rush.Values, exported bool, err error) {
	format, err := table.FormatOf(path)
	if err != nil || format == table.CSV || format == table.JSONLines {
		return nil, false, nil
	}
	f, err := table.OpenFrozen(path, nil)
	if err != nil && format == table.Parquet {
		return nil, false, nil // readRows says what is wrong
	}
	if err != nil {
		return nil, true, err
	}
	if f.About == nil && format == table.Parquet {
		return nil, false, nil
	}
	tasks, err := f.Read()
	if err != nil {
		return nil, true, err
	}
	rows = make([]rush.Values, len(tasks.Records))
	for i := range tasks.Records {
		t, err := wire.Task(&tasks.Records[i])
		if err != nil {
			return nil, true, fmt.Errorf("row %d: %w", i+1, err)
		}
		rows[i] = rush.Values{"state": string(t.State)}
		for _, v := range []struct {
			prefix string
			values rush.Values
		}{{"xs.", t.XS}, {"ys.", t.YSExtra}, {"ys.", t.YS}} {
			for name, value := range v.values {
				rows[i][v.prefix+name] = value
			}
		}
		if f.About == nil { // whose inputs and outputs are all alike
			for name, value := range t.XS {
				rows[i]["ys."+name] = value
			}
		}
	}
	return rows, true, nil
}
