package table_test

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/table"
)

// readStream reads a stream: its columns, and its rows in these columns.
func readStream(t *testing.T, stream []byte, names ...string) ([]table.StreamColumn, []rush.Values) {
	t.Helper()
	in, err := table.NewStreamReader(bytes.NewReader(stream))
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	var rows []rush.Values
	err = in.Each(names, func(row rush.Values) error {
		kept := rush.Values{}
		for name, v := range row {
			kept[name] = v
		}
		rows = append(rows, kept)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return in.Columns(), rows
}

func typeIn(columns []table.StreamColumn, name string) table.Type {
	for _, c := range columns {
		if c.Name == name {
			return c.Type
		}
	}
	return "there is none"
}

// What comes later has at least the columns of what came before, and their types.
func TestEncoderWidensOnly(t *testing.T) {
	t.Parallel()
	e, err := table.NewEncoder(&table.Options{Schema: table.Schema{{Name: "y", Role: table.YS, Type: table.Float64}}})
	if err != nil {
		t.Fatal(err)
	}
	encode := func(recs ...*rush.Record) []byte {
		t.Helper()
		b, err := e.Encode(recs)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	columns, rows := readStream(t, encode(&rush.Record{Key: 7, State: rush.Queued, XS: pack(t, x(int64(1)))}), "number", "state", "x", "y")
	if diff := cmp.Diff([]rush.Values{{"number": int64(7), "state": "queued", "x": int64(1), "y": nil}}, rows); diff != "" {
		t.Error(diff)
	}
	if typeIn(columns, "x") != table.Int64 || typeIn(columns, "y") != table.Float64 || columns[2].Role != "xs" {
		t.Errorf("the columns are %v", columns)
	}
	columns, _ = readStream(t, encode(&rush.Record{Key: 8, State: rush.Queued, XS: pack(t, x(0.5))}))
	if typeIn(columns, "x") != table.Float64 {
		t.Errorf("the columns are %v", columns)
	}
	columns, rows = readStream(t, encode(&rush.Record{Key: 7, State: "deleted"}), "number", "state", "x", "nothing")
	if typeIn(columns, "x") != table.Float64 {
		t.Errorf("the columns are %v", columns)
	}
	if diff := cmp.Diff([]rush.Values{{"number": int64(7), "state": "deleted", "x": nil}}, rows); diff != "" {
		t.Error(diff)
	}
	if _, rows = readStream(t, encode()); len(rows) != 0 {
		t.Errorf("there are %d rows", len(rows))
	}
}

func TestEncoderRefusesWhatIsDamaged(t *testing.T) {
	t.Parallel()
	if _, err := table.NewEncoder(&table.Options{Schema: table.Schema{{Name: "y", Role: "zs"}}}); err == nil {
		t.Error("a schema with a wrong role was taken")
	}
	e, err := table.NewEncoder(nil)
	if err != nil {
		t.Fatal(err)
	}
	var about *rush.TaskError
	if _, err := e.Encode([]*rush.Record{{Key: 3, State: rush.Queued, XS: []byte("damaged")}}); !errors.As(err, &about) || about.Key != 3 {
		t.Errorf("the error is %v", err)
	}
}

// A stream of an export has the rows of the table.
func TestStreamReaderReadsExports(t *testing.T) {
	t.Parallel()
	f := newFake()
	for i := range 20_000 {
		f.finished(t, x(int64(i)), y(float64(i)/2))
	}
	var b bytes.Buffer
	if _, err := table.Export(context.Background(), f, &b, nil); err != nil {
		t.Fatal(err)
	}
	_, rows := readStream(t, b.Bytes(), "number", "x", "y")
	for i, row := range rows {
		if row["number"] != int64(i) || row["x"] != int64(i) || row["y"] != float64(i)/2 {
			t.Fatalf("row %d is %v", i, row)
		}
	}
	if len(rows) != 20_000 {
		t.Errorf("there are %d rows", len(rows))
	}
	if _, err := table.NewStreamReader(bytes.NewReader([]byte("no stream"))); err == nil {
		t.Error("something else was taken for a stream")
	}
	in, err := table.NewStreamReader(bytes.NewReader(b.Bytes()[:b.Len()/2]))
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if err := in.Each([]string{"x"}, func(rush.Values) error { return nil }); err == nil {
		t.Error("half a stream was taken for a whole one")
	}
}
