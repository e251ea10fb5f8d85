package table

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
)

// FormatOptions say how Format prints. Nil and the zero value are valid.
type FormatOptions struct {
	Columns []string // in this order; nil are all, in the table's order
	Rows    int      // printed at most; 0 is 20, less is all
	Digits  int      // significant digits of floats; 0 is 6, less is as many as there are
	Width   int      // characters of a cell at most; 0 is 32, less is any number
	Line    int      // characters of a line at most: columns that do not fit are named below; 0 is any number
}

// Format prints a table for people: a header, a line for each row, numbers
// aligned on the right, "-" for null, and below what was left out. Characters
// that a terminal would obey are escaped. It fails when a column that
// is asked for does not exist, and when w does.
func Format(w io.Writer, t Table, opts *FormatOptions) error {
	f, err := newFormatter(t, opts)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	for row := -1; row < f.rows; row++ {
		f.printRow(out, row)
	}
	if n := t.NumRows() - int64(f.rows); n == 1 {
		fmt.Fprintln(out, "and 1 more row")
	} else if n > 1 {
		fmt.Fprintf(out, "and %d more rows\n", n)
	}
	if len(f.hidden) > 0 {
		fmt.Fprintf(out, "columns not shown: %s\n", strings.Join(f.hidden, ", "))
	}
	return out.Flush()
}

// A formatter is a table as it is printed.
type formatter struct {
	rows    int
	columns []printedColumn
	hidden  []string // names of columns that do not fit
}

type printedColumn struct {
	name  string
	right bool // aligned
	width int
	cells []string
}

func newFormatter(t arrow.Table, opts *FormatOptions) (*formatter, error) {
	var o FormatOptions
	if opts != nil {
		o = *opts
	}
	o.Rows, o.Digits, o.Width = limit(o.Rows, 20), limit(o.Digits, 6), limit(o.Width, 32)
	if o.Columns == nil {
		for _, f := range t.Schema().Fields() {
			o.Columns = append(o.Columns, f.Name)
		}
	}
	f := &formatter{rows: int(min(int64(o.Rows), t.NumRows()))}
	line := 0
	for _, name := range o.Columns {
		col, err := columnOf(t, name)
		if err != nil {
			return nil, err
		}
		p := f.print(col, &o)
		if line += p.width + 2; o.Line > 0 && line-2 > o.Line && len(f.columns) > 0 {
			f.hidden = append(f.hidden, p.name)
			line -= p.width + 2
			continue
		}
		f.columns = append(f.columns, p)
	}
	return f, nil
}

// limit is n, its default when 0, and no limit when negative.
func limit(n, zero int) int {
	switch {
	case n == 0:
		return zero
	case n < 0:
		return math.MaxInt
	}
	return n
}

func (f *formatter) print(col *arrow.Column, o *FormatOptions) printedColumn {
	p := printedColumn{name: shorten(printable(col.Name()), o.Width)}
	switch col.DataType().ID() {
	case arrow.INT64, arrow.FLOAT64:
		p.right = true
	}
	p.width = utf8.RuneCountInString(p.name)
	for _, a := range col.Data().Chunks() {
		for i := 0; i < a.Len() && len(p.cells) < f.rows; i++ {
			text := shorten(printable(cellText(a, i, o.Digits)), o.Width)
			p.cells = append(p.cells, text)
			p.width = max(p.width, utf8.RuneCountInString(text))
		}
	}
	return p
}

// cellText is a cell as people read it.
func cellText(a arrow.Array, i, digits int) string {
	if isNull(a, i) {
		return "-"
	}
	switch a := a.(type) {
	case *array.Float64:
		if digits == math.MaxInt {
			digits = -1
		}
		return strconv.FormatFloat(a.Value(i), 'g', digits, 64)
	case *array.Timestamp:
		return a.Value(i).ToTime(arrow.Microsecond).UTC().Format("2006-01-02 15:04:05.000")
	}
	return string(appendText(nil, cell(a, i)))
}

// printable escapes what a terminal would obey or not show.
func printable(s string) string {
	if strings.IndexFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) < 0 {
		return s
	}
	quoted := strconv.Quote(s)
	return strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
}

// shorten cuts text that is wider than a cell may be.
func shorten(s string, width int) string {
	if utf8.RuneCountInString(s) <= width {
		return s
	}
	return string([]rune(s)[:width-1]) + "…"
}

// printRow prints a row; -1 is the header.
func (f *formatter) printRow(out *bufio.Writer, row int) {
	line := ""
	for i, p := range f.columns {
		if i > 0 {
			line += "  "
		}
		text := p.name
		if row >= 0 {
			text = p.cells[row]
		}
		pad := strings.Repeat(" ", p.width-utf8.RuneCountInString(text))
		if p.right {
			line += pad + text
		} else {
			line += text + pad
		}
	}
	fmt.Fprintln(out, strings.TrimRight(line, " "))
}
