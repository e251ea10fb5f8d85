package table

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/wire"
)

// A Frozen is an exported file as the tasks of a network. It is made by
// OpenFrozen, and not changed by Read.
type Frozen struct {
	// About is what the file says of the network; nil if it does not, as those
	// of other programs, CSV and JSON lines do.
	About *About
	// Columns are the names of its columns; nil for JSON lines.
	Columns []string

	path    string
	format  FileFormat
	outputs []string
}

// FrozenOptions are for OpenFrozen. Nil and the zero value are valid.
type FrozenOptions struct {
	// Outputs names the columns that are outputs, where the file does not say
	// it: its other columns are inputs then.
	Outputs []string
}

// FrozenTasks are the tasks that a file holds.
type FrozenTasks struct {
	Records []rush.Record  // by ascending number
	Ended   []int          // indexes of those that have ended, in that order
	Queued  []rush.TaskKey // in the order in which they would have been taken
	// Whole says that the records have all that the network knew of the tasks:
	// their attempts, reports, options and so on.
	Whole bool
}

// OpenFrozen opens a file that Export wrote, or another program, in any of the
// formats; its name says which. It reads what the file is about and tests that
// it is such a file. The rows are read by Read.
//
// A file that Export wrote with an About gives the records that there were. Of
// others it gives what the columns say; see the package's comment. Rows without
// a number are counted from 0, and those without a state have finished.
func OpenFrozen(path string, opts *FrozenOptions) (*Frozen, error) {
	f := &Frozen{path: path}
	if opts != nil {
		f.outputs = opts.Outputs
	}
	var err error
	if f.format, err = FormatOf(path); err != nil {
		return nil, err
	}
	if err := f.head(); err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return f, nil
}

func (f *Frozen) head() (err error) {
	defer f.rescue(&err)
	stat, err := os.Stat(f.path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return errors.New("there is no such file")
	case err != nil:
		return err
	case stat.IsDir():
		return errors.New("it is a directory; expected a file")
	case stat.Size() == 0:
		return errors.New("it is empty; expected a table of tasks, as rush export writes it")
	}
	switch f.format {
	case CSV:
		f.Columns, err = csvNames(f.path)
		return err
	case JSONLines:
		return nil
	}
	return f.withArrow(func(src arrowSource) error {
		schema := src.schema()
		for _, field := range schema.Fields() {
			f.Columns = append(f.Columns, field.Name)
		}
		f.About, err = aboutOf(schema)
		return err
	})
}

// rescue turns what the libraries do about some damaged files into an error.
func (f *Frozen) rescue(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("the file is damaged: %v", p)
	}
}

// Read reads all tasks.
func (f *Frozen) Read() (*FrozenTasks, error) {
	t, err := f.read()
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", f.path, err)
	}
	return t, nil
}

func (f *Frozen) read() (t *FrozenTasks, err error) {
	defer f.rescue(&err)
	switch f.format {
	case CSV:
		u, rows, err := csvUnfolder(f.path, f.outputs)
		if err != nil {
			return nil, err
		}
		return u.tasks(rows)
	case JSONLines:
		u, rows, err := jsonUnfolder(f.path, f.outputs)
		if err != nil {
			return nil, err
		}
		return u.tasks(rows)
	}
	err = f.withArrow(func(src arrowSource) error {
		columns, rows, err := src.columns()
		if err != nil {
			return err
		}
		u, err := arrowUnfolder(src.schema(), columns, f.format, f.outputs)
		if err != nil {
			return err
		}
		t, err = u.tasks(rows)
		return err
	})
	return t, err
}

// tasks makes all records.
func (u *unfolder) tasks(rows int) (*FrozenTasks, error) {
	t := &FrozenTasks{Records: make([]rush.Record, rows), Whole: u.rest != nil}
	places := map[rush.TaskKey]int64{} // among the ended, or the queued
	for row := range t.Records {
		r, err := u.record(row)
		var ended, queued int64 = -1, -1
		if err == nil && u.rest != nil {
			ended, queued, err = u.complete(&r, row)
		}
		if err == nil && (u.rest == nil || u.guessed) {
			err = supplement(&r)
		}
		if err != nil {
			return nil, fmt.Errorf("row %d: %w", row+1, err)
		}
		if place := max(ended, queued); place >= 0 {
			places[r.Key] = place
		}
		t.Records[row] = r
	}
	if !slices.IsSortedFunc(t.Records, byKey) {
		slices.SortStableFunc(t.Records, byKey)
	}
	for i := 1; i < len(t.Records); i++ {
		if t.Records[i].Key == t.Records[i-1].Key {
			return nil, fmt.Errorf("two rows have the number %d; expected each task once", t.Records[i].Key)
		}
	}
	t.arrange(places)
	return t, nil
}

// supplement gives a task that has ended what every such task has, if its columns
// are empty.
func supplement(r *rush.Record) (err error) {
	switch {
	case r.State == rush.Finished && r.YS == nil:
		r.YS, err = wire.Encode(rush.Values{})
	case r.State == rush.Failed && r.Condition == nil:
		r.Condition, err = wire.EncodeCondition(rush.DefaultCondition())
	}
	return err
}

func byKey(a, b rush.Record) int { return cmp.Compare(a.Key, b.Key) }

func (u *unfolder) complete(r *rush.Record, row int) (ended, queued int64, err error) {
	v, err := u.rest.cell(row)
	if err != nil || v == nil {
		return -1, -1, err
	}
	b, ok := v.([]byte)
	if !ok {
		return -1, -1, fmt.Errorf("column %s: found %v; expected bytes", RestName, v)
	}
	return complete(r, b)
}

// arrange puts those that have ended and those that are queued in order.
func (t *FrozenTasks) arrange(places map[rush.TaskKey]int64) {
	for i := range t.Records {
		switch r := &t.Records[i]; {
		case r.State.Ended():
			t.Ended = append(t.Ended, i)
		case r.State == rush.Queued:
			t.Queued = append(t.Queued, r.Key)
		}
	}
	slices.SortStableFunc(t.Ended, func(i, k int) int {
		a, b := &t.Records[i], &t.Records[k]
		return cmp.Or(cmp.Compare(places[a.Key], places[b.Key]), cmp.Compare(a.Finished, b.Finished))
	})
	slices.SortStableFunc(t.Queued, func(a, b rush.TaskKey) int { return cmp.Compare(places[a], places[b]) })
}

// An arrowSource is a file of one of the Arrow formats, or Parquet.
type arrowSource interface {
	schema() *arrow.Schema
	// columns reads all rows: the chunks of each column.
	columns() (columns [][]arrow.Array, rows int, err error)
}
