package table

import (
	"fmt"
	"io"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/ipc"

	"github.com/rushnet/rush"
)

// A StreamReader reads the rows of an Arrow IPC stream, such as Export writes.
// It holds one record batch in memory. It is for one goroutine.
type StreamReader struct {
	in *ipc.Reader
}

// NewStreamReader reads the beginning of a stream. Close it.
func NewStreamReader(r io.Reader) (*StreamReader, error) {
	in, err := ipc.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("expected an Arrow stream: %w", err)
	}
	return &StreamReader{in}, nil
}

// Close gives the memory back. It does not close what is read from.
func (s *StreamReader) Close() { s.in.Release() }

// A StreamColumn is a column of a stream.
type StreamColumn struct {
	Name string
	Role string // what MetaRole says of it
	Type Type   // Inferred for lists, maps, and columns of nulls only
}

// Columns lists the columns, in their order.
func (s *StreamReader) Columns() []StreamColumn {
	var columns []StreamColumn
	for _, f := range s.in.Schema().Fields() {
		role, _ := f.Metadata.GetValue(MetaRole)
		columns = append(columns, StreamColumn{Name: f.Name, Role: role, Type: streamTypes[f.Type.ID()]})
	}
	return columns
}

// streamTypes is read only.
var streamTypes = map[arrow.Type]Type{
	arrow.BOOL: Bool, arrow.INT64: Int64, arrow.FLOAT64: Float64, arrow.STRING: String, arrow.BINARY: Bytes, arrow.TIMESTAMP: Time,
}

// Each calls f with the values of every row in the columns named, as Maps has
// them, until f fails. The map is used again for the next row. A name that is no
// column is left out.
func (s *StreamReader) Each(columns []string, f func(row rush.Values) error) error {
	at := map[string]int{}
	for _, name := range columns {
		if i := s.in.Schema().FieldIndices(name); len(i) > 0 {
			at[name] = i[0]
		}
	}
	row := make(rush.Values, len(at))
	for s.in.Next() {
		if err := eachRow(s.in.Record(), at, row, f); err != nil {
			return err
		}
	}
	if err := s.in.Err(); err != nil && err != io.EOF {
		return fmt.Errorf("read an Arrow stream: %w", err)
	}
	return nil
}

func eachRow(batch arrow.Record, at map[string]int, row rush.Values, f func(rush.Values) error) error {
	for i := range int(batch.NumRows()) {
		for name, column := range at {
			row[name] = cell(batch.Column(column), i)
		}
		if err := f(row); err != nil {
			return err
		}
	}
	return nil
}
