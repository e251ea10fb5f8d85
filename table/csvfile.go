package table

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"io"
	"strconv"
	"time"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"github.com/rushnet/rush/internal/wire"
)

// A csvWriter writes CSV. The standard library's cannot tell an empty string
// from none.
type csvWriter struct {
	out    *bufio.Writer
	safe   bool // for spreadsheets
	schema *arrow.Schema
	begun  bool
	line   []byte // scratch
	cell   []byte // scratch
}

func newCSVWriter(w io.Writer, schema *arrow.Schema, o *WriteOptions) *csvWriter {
	return &csvWriter{out: bufio.NewWriterSize(w, 1<<16), safe: o.SpreadsheetSafe, schema: schema}
}

func (c *csvWriter) write(r arrow.Record) error {
	if err := c.header(); err != nil {
		return err
	}
	columns := r.Columns()
	for row := range int(r.NumRows()) {
		c.line = c.line[:0]
		for i, a := range columns {
			if i > 0 {
				c.line = append(c.line, ',')
			}
			c.append(a, row)
		}
		c.line = append(c.line, '\n')
		if _, err := c.out.Write(c.line); err != nil {
			return err
		}
	}
	return nil
}

func (c *csvWriter) close() error {
	if err := c.header(); err != nil {
		return err
	}
	return c.out.Flush()
}

func (c *csvWriter) header() error {
	if c.begun {
		return nil
	}
	c.begun = true
	c.line = c.line[:0]
	for i, f := range c.schema.Fields() {
		if i > 0 {
			c.line = append(c.line, ',')
		}
		c.appendText([]byte(f.Name))
	}
	_, err := c.out.Write(append(c.line, '\n'))
	return err
}

// append appends a cell to the line; a null is nothing.
func (c *csvWriter) append(a arrow.Array, row int) {
	if isNull(a, row) {
		return
	}
	switch a := a.(type) {
	case *array.String:
		c.cell = append(c.cell[:0], a.Value(row)...)
		c.appendText(c.cell)
	case *array.List, *array.Struct:
		c.cell = appendJSON(c.cell[:0], cell(a, row), false)
		c.appendText(c.cell)
	default:
		c.line = appendScalar(c.line, a, row)
	}
}

// appendScalar appends a value that is no string, list or map as text without
// anything that a CSV file would have to quote.
func appendScalar(b []byte, a arrow.Array, row int) []byte {
	switch a := a.(type) {
	case *array.Boolean:
		return strconv.AppendBool(b, a.Value(row))
	case *array.Int64:
		return strconv.AppendInt(b, a.Value(row), 10)
	case *array.Float64:
		from := len(b)
		b = wire.AppendJSONFloat(b, a.Value(row))
		if b[from] == '"' { // NaN and the infinities
			b = append(b[:from], b[from+1:len(b)-1]...)
		}
		return b
	case *array.Binary:
		return base64.StdEncoding.AppendEncode(b, a.Value(row))
	case *array.Timestamp:
		return time.UnixMicro(int64(a.Value(row))).UTC().AppendFormat(b, time.RFC3339Nano)
	}
	return appendText(b, cell(a, row))
}

// appendText appends text, quoted when it has to be.
func (c *csvWriter) appendText(s []byte) {
	formula := c.safe && len(s) > 0 && bytes.IndexByte([]byte("=+-@\t\r\n"), s[0]) >= 0
	if len(s) > 0 && !formula && !bytes.ContainsAny(s, "\",\r\n") && s[0] != ' ' {
		c.line = append(c.line, s...)
		return
	}
	c.line = append(c.line, '"')
	if formula {
		c.line = append(c.line, '\'')
	}
	for _, ch := range s {
		if ch == '"' {
			c.line = append(c.line, '"')
		}
		c.line = append(c.line, ch)
	}
	c.line = append(c.line, '"')
}
