package table

import (
	"fmt"
	"io"

	"github.com/apache/arrow/go/v17/arrow"

	"github.com/rushnet/rush"
)

// A ReadSeekerAt is a file, or bytes.Reader.
type ReadSeekerAt interface {
	io.ReaderAt
	io.ReadSeeker
}

// A FileColumn is a column of a file that is read.
type FileColumn struct {
	Name string // in the file
	Role string // what the file says that it is: that of a [Role], or "task"; "" if it does not say it
	Of   string // the name in the task: Name, unless the file says another one
}

// RowsOptions are for ReadRows. Nil and the zero value are valid.
type RowsOptions struct {
	// Choose returns for each column the name that its values have in the rows, or
	// "" for one that is not read; by default all are read under their names. RestName
	// is not among them.
	Choose func([]FileColumn) ([]string, error)
	// Limits say how much is read; nil is no limit.
	Limits *RowLimits
}

// RowLimits say how large a file may be once it is read: a few bytes of one can stand
// for any number of rows, and for the same long text in each.
type RowLimits struct {
	Rows  int64 // at most so many
	Cells int64 // rows times columns that are read; in Arrow items of lists count, too
	Bytes int64 // of these cells, as Arrow has them
}

// TaskColumn reports whether every table has a column of that name, which is not about
// values of the task, such as state and attempt. RestName is one.
func TaskColumn(name string) bool { return isFixedName(name) }

// ReadRows reads the rows of a Parquet or an Arrow file, whoever wrote it; whether Arrow
// is a file or a stream is seen. Integers of every width become int64, floats float64. A
// column of a type that has no such value is an error that names it. All rows are
// held in memory. A file beyond the limits is refused before its rows are made.
func ReadRows(r ReadSeekerAt, f FileFormat, opts *RowsOptions) (rows []rush.Values, err error) {
	kind := "Arrow"
	if f == Parquet {
		kind = "Parquet"
	}
	defer func() {
		switch p := recover().(type) { // what the libraries do about some damaged files
		case nil:
		case errTooLarge:
			rows, err = nil, p
		default:
			rows, err = nil, fmt.Errorf("the %s file is damaged: %v", kind, p)
		}
	}()
	var o RowsOptions
	if opts != nil {
		o = *opts
	}
	switch f {
	case Parquet:
		return parquetRows(r, &o)
	case Arrow, ArrowStream:
		return arrowRows(r, &o)
	}
	return nil, fmt.Errorf("%q is not read by columns; expected arrow, arrows or parquet", f)
}

// choose returns the names of the columns in the rows.
func (o *RowsOptions) choose(schema *arrow.Schema) ([]string, error) {
	var columns []FileColumn
	var places []int
	for i, f := range schema.Fields() {
		if f.Name == RestName {
			continue // says nothing to others
		}
		c := FileColumn{Name: f.Name, Of: f.Name}
		c.Role, _ = f.Metadata.GetValue(MetaRole)
		if of, ok := f.Metadata.GetValue(MetaName); ok && c.Role != "" {
			c.Of = of
		}
		columns, places = append(columns, c), append(places, i)
	}
	all := make([]string, schema.NumFields())
	if o.Choose == nil {
		for i, c := range columns {
			all[places[i]] = c.Name
		}
		return all, nil
	}
	names, err := o.Choose(columns)
	for i := range columns {
		if err == nil {
			all[places[i]] = names[i]
		}
	}
	return all, err
}
