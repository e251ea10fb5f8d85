package webui_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"

	"github.com/rushnet/rush/webui"
)

// nulls is a Parquet file of so many rows that says little about each.
func nulls(t *testing.T, rows int) []byte {
	t.Helper()
	schema := arrow.NewSchema([]arrow.Field{{Name: "x", Type: arrow.PrimitiveTypes.Int64, Nullable: true}}, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	b.Field(0).AppendNulls(rows)
	record := b.NewRecord()
	defer record.Release()
	var out bytes.Buffer
	w, err := pqarrow.NewFileWriter(schema, &out, nil, pqarrow.DefaultWriterProps())
	ok(t, err)
	ok(t, w.Write(record))
	ok(t, w.Close())
	return out.Bytes()
}

// A body that fits may stand for much more than it is: that is refused before it is
// unfolded.
func TestWhatIsPushedIsLimited(t *testing.T) {
	t.Parallel()
	s := newSite(t, filepath.Join(t.TempDir(), "rush.db"), nil)
	body := func(v map[string]any) string {
		b, err := json.Marshal(v)
		ok(t, err)
		return string(b)
	}
	file := nulls(t, webui.MostPoints+1)
	if len(file) > 1<<20 {
		t.Fatalf("the file has %d bytes; expected a small one", len(file))
	}
	after := make([]int, 10_001)
	for what, tc := range map[string]struct{ body, want string }{
		"lines":   {body(map[string]any{"format": "csv", "text": "x\n" + strings.Repeat("1\n", webui.MostPoints)}), fmt.Sprint(webui.MostPoints)},
		"values":  {body(map[string]any{"format": "jsonl", "text": `{"x": [1` + strings.Repeat(",1", webui.MostCells+1) + `]}`}), fmt.Sprint(webui.MostCells)},
		"rows":    {body(map[string]any{"format": "parquet", "bytes": file}), fmt.Sprint(webui.MostPoints)},
		"extra":   {body(map[string]any{"format": "csv", "text": "x\n1\n", "extra": map[string]any{"a": strings.Repeat("x", 1<<20)}}), "extra has"},
		"after":   {body(map[string]any{"format": "csv", "text": "x\n1\n", "after": after}), "after names"},
		"timeout": {`{"format": "csv", "text": "x\n1\n", "timeout_us": 9223372036854775}`, "ten years"},
		"wrapped": {`{"format": "csv", "text": "x\n1\n", "timeout_us": 18446744073709552}`, "ten years"}, // a short one, as nanoseconds of 64 bits
		"retries": {`{"format": "csv", "text": "x\n1\n", "max_retries": 9223372036854775807}`, "max_retries"},
	} {
		if got := messageOf(s.act(http.StatusBadRequest, "push", tc.body)); !strings.Contains(got, tc.want) {
			t.Errorf("%s: the error is %.200q", what, got)
		}
	}
	long := strings.Repeat("x", 17<<10)
	s.act(http.StatusBadRequest, "empty", body(map[string]any{"reason": long}))
	s.act(http.StatusBadRequest, "tell", body(map[string]any{"number": 0, "fail": long}))
	s.act(http.StatusBadRequest, "environment", body(map[string]any{"constants": map[string]any{"a": strings.Repeat("x", 1<<20)}}))
	if c, err := s.net.Counts(t.Context()); err != nil || c.Total() != 0 {
		t.Errorf("the counts are %v, %v", c, err)
	}
}

// A text that got into the name of a variable is neither in the answer nor in the log.
func TestVariableNamesKeepNoTexts(t *testing.T) {
	t.Parallel()
	s := newSite(t, filepath.Join(t.TempDir(), "rush.db"), nil)
	const secret = "hunter2-hunter2"
	for _, wrong := range []string{`{"PASSWORD=` + secret + `": ""}`, `{"PASSWORD": "` + secret + `\u0000"}`, `{"": "` + secret + `"}`, `{"RUSH_X": "` + secret + `"}`, `{"A": {"` + secret + `": 1}}`} {
		status, body, _ := s.do(http.MethodPost, s.path("/actions/environment"), `{"variables": `+wrong+`}`)
		if status/100 != 4 || strings.Contains(body, secret) {
			t.Errorf("%s: %d %s", wrong, status, body)
		}
	}
	for _, wrong := range []string{"", "MY TOKEN", "A=B", "A\\u0000", "1A"} {
		status, body, _ := s.do(http.MethodPost, s.path("/actions/environment"), `{"variables": {"`+wrong+`": "x", "RIGHT": "y"}}`)
		if status != http.StatusBadRequest || !strings.Contains(body, "expected letters, digits and _") {
			t.Errorf("%q: %d %s", wrong, status, body)
		}
	}
	var now struct{ Variables []string }
	if s.get(s.path("/environment"), &now); len(now.Variables) > 0 {
		t.Errorf("%v are set", now.Variables)
	}
	if strings.Contains(s.log.String(), secret) || !strings.Contains(s.log.String(), "PASSWORD") {
		t.Errorf("the log is %s", s.log)
	}
}
