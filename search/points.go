package search

import (
	"bytes"
	"fmt"
	"io"
	"os"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/table"
)

// Points are the inputs of tasks that ReadPoints read.
type Points struct {
	XS []rush.Values
	// After is of each point the points before it, by index from 0; nil without
	// PointsOptions.AfterRows.
	After [][]int
	// Left are the columns that were left out, because they say other things of a
	// task than its inputs, in the order in which they stand.
	Left []string
}

// PointsOptions are for ReadPoints. Nil and the zero value are valid.
type PointsOptions struct {
	// AfterRows names a field that is no input, but says of each row which other rows
	// of the file come before it, counted from 0: a list of integers, or a text of them
	// with blanks or commas between; it may be empty.
	AfterRows string
	// Limits bound what is read of Parquet and Arrow files; nil is no limit.
	Limits *table.RowLimits
}

// ReadPoints reads the inputs of tasks from CSV, JSON lines, Parquet or Arrow: ending
// is that of a file's name, such as ".csv". They are checked against the space, unless
// the definition has none, and errors name the line or the row.
//
// A table that rush exported will do, with any columns: those that say other
// things of a task than its inputs are left out, and inputs with a prefix lose it. Columns
// that are neither are an error.
func (d *Definition) ReadPoints(r io.Reader, ending string, opts *PointsOptions) (p Points, err error) {
	var o PointsOptions
	if opts != nil {
		o = *opts
	}
	if _, ok := d.Space.Param(o.AfterRows); ok {
		return p, fmt.Errorf("%s is a parameter of the space; it cannot say which rows come before", o.AfterRows)
	}
	if err := checkEnding(ending); err != nil {
		return p, err
	}
	if format, _ := table.FormatOf(ending); format != table.CSV && format != table.JSONLines {
		return d.pointsOfColumns(r, format, &o)
	}
	all, err := io.ReadAll(r)
	if err != nil {
		return p, err
	}
	t := textPoints{pointColumns: pointColumns{def: d, link: o.AfterRows}, linked: o.AfterRows != ""}
	if ending == ".csv" {
		all, err = t.csv(all)
	} else {
		all, err = t.jsonLines(all)
	}
	if err != nil {
		return p, err
	}
	if d.Space.Len() > 0 {
		p.XS, err = d.Space.ReadPoints(bytes.NewReader(all), ending)
	} else {
		p.XS, err = readFree(bytes.NewReader(all), ending)
	}
	if t.own && d.Space.Len() == 0 {
		withoutNulls(p.XS)
	}
	p.After, p.Left = t.links, t.left
	return p, err
}

// pointsOfColumns reads points of a Parquet or an Arrow file.
func (d *Definition) pointsOfColumns(r io.Reader, format table.FileFormat, o *PointsOptions) (p Points, err error) {
	file, err := seekable(r)
	if err != nil {
		return p, err
	}
	c := pointColumns{def: d, link: o.AfterRows}
	rows, err := table.ReadRows(file, format, &table.RowsOptions{Limits: o.Limits, Choose: func(columns []table.FileColumn) ([]string, error) {
		return c.choose(columns), nil
	}})
	if err == nil && o.AfterRows != "" {
		p.After, err = takeLinks(rows, o.AfterRows)
	}
	if err == nil && d.Space.Len() > 0 {
		rows, err = d.Space.CheckDesign(rows)
	} else if c.own {
		withoutNulls(rows)
	}
	p.XS, p.Left = rows, c.left
	return p, err
}

// takeLinks takes the field that says which rows come before out of rows.
func takeLinks(rows []rush.Values, field string) ([][]int, error) {
	links := make([][]int, len(rows))
	for i, row := range rows {
		var err error
		if links[i], err = indexes(row[field]); err != nil {
			return nil, fmt.Errorf("row %d: %s: %w", i+1, field, err)
		}
		delete(row, field)
	}
	return links, nil
}

// withoutNulls takes out what a table has null for: the task has no such input.
func withoutNulls(rows []rush.Values) {
	for _, row := range rows {
		for name, v := range row {
			if v == nil {
				delete(row, name)
			}
		}
	}
}

// seekable returns what can be read from any place, which needs all of a pipe.
func seekable(r io.Reader) (table.ReadSeekerAt, error) {
	switch f := r.(type) {
	case *os.File:
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			return f, nil
		}
	case *bytes.Reader:
		return f, nil
	}
	all, err := io.ReadAll(r) // the index is at the end
	return bytes.NewReader(all), err
}
