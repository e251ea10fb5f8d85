package table_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/table"
)

// Each report is a row; outputs that come later, or that are no numbers, are null
// where they were not reported.
func TestEncodeReports(t *testing.T) {
	t.Parallel()
	at := func(step int64, ys rush.Values) rush.ReportRecord {
		return rush.ReportRecord{Step: step, YS: pack(t, ys)}
	}
	stream, err := table.EncodeReports([]*rush.Record{
		{Key: 3, State: rush.Finished, Attempt: 1, Reports: []rush.ReportRecord{at(0, rush.Values{"loss": 2.5}), at(5, rush.Values{"loss": math.NaN(), "note": "late"})}},
		{Key: 1},
		{Key: 7, State: rush.Running, Attempt: 2, Reports: []rush.ReportRecord{at(1, rush.Values{"step": int64(4), "loss": int64(1)}), {Step: rush.MaxStep}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	columns, rows := readStream(t, stream, "number", "state", "attempt", "step", "loss", "ys.step", "note")
	want := []rush.Values{
		{"number": int64(3), "state": "finished", "attempt": int64(1), "step": int64(0), "loss": 2.5, "ys.step": nil},
		{"number": int64(3), "state": "finished", "attempt": int64(1), "step": int64(5), "loss": math.NaN(), "ys.step": nil},
		{"number": int64(7), "state": "running", "attempt": int64(2), "step": int64(1), "loss": 1.0, "ys.step": 4.0},
		{"number": int64(7), "state": "running", "attempt": int64(2), "step": int64(rush.MaxStep), "loss": nil, "ys.step": nil},
	}
	if diff := cmp.Diff(want, rows, cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("the rows are others than expected (-want +got):\n%s", diff)
	}
	if len(columns) != 6 || columns[4].Role != "ys" || columns[2].Role != "task" {
		t.Errorf("the columns are %v", columns)
	}
}

func TestEncodeReportsOfNobody(t *testing.T) {
	t.Parallel()
	stream, err := table.EncodeReports(nil)
	if err != nil {
		t.Fatal(err)
	}
	if columns, rows := readStream(t, stream, "number"); len(columns) != 4 || len(rows) != 0 {
		t.Errorf("found %v with %d rows", columns, len(rows))
	}
}

func TestEncodeReportsThatCannotBeRead(t *testing.T) {
	t.Parallel()
	_, err := table.EncodeReports([]*rush.Record{{Key: 9, Reports: []rush.ReportRecord{{Step: 2, YS: []byte{0x81}}}}})
	if err == nil {
		t.Error("no error for a map that is cut off")
	}
}
