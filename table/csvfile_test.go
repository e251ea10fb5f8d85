package table_test

import (
	"bytes"
	"encoding/csv"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/table"
)

func TestCSVIsExact(t *testing.T) {
	t.Parallel()
	f := newFake()
	xs := []rush.Values{
		{"f": 0.1, "i": math.MaxInt64, "s": "plain", "l": []any{1, 2}, "b": []byte("hi"), "t": time.UnixMicro(1)},
		{"f": 1.0, "i": -1, "s": "a,\"b\"\nc", "l": []any{}, "m": map[string]any{"k": "v", "n": nil}},
		{"f": math.NaN(), "i": 0, "s": "", "l": []any{1.5}},
		{"f": math.Inf(-1), "s": " lead", "l": nil},
		{"f": 1e300, "s": nil},
	}
	for _, v := range xs {
		f.finished(t, v, nil)
	}
	got := string(export(t, f, table.ExportOptions{Options: table.Options{Fields: rush.FieldXS}, Format: table.CSV}))
	want := `number,state,b,f,i,l,m,s,t,attempt
0,finished,aGk=,0.1,9223372036854775807,"[1.0,2.0]",,plain,1970-01-01T00:00:00.000001Z,1
1,finished,,1.0,-1,[],"{""k"":""v""}","a,""b""
c",,1
2,finished,,NaN,0,[1.5],,"",,1
3,finished,,-Infinity,,,," lead",,1
4,finished,,1000000000000000000000.0,,,,,,1
`
	want = strings.Replace(want, "1000000000000000000000.0", "1e+300", 1)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestAnyTextReadsBackFromCSV(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		name := rapid.StringN(1, 10, -1).Draw(rt, "name")
		values := rapid.SliceOfN(rapid.String(), 1, 5).Draw(rt, "values")
		f := newFake()
		for _, v := range values {
			f.finished(t, rush.Values{name: v}, nil)
		}
		b := export(t, f, table.ExportOptions{Options: table.Options{Fields: rush.FieldXS}, Format: table.CSV})
		r := csv.NewReader(bytes.NewReader(b))
		lines, err := r.ReadAll()
		if err != nil {
			rt.Fatal(err)
		}
		unixLines := func(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") } // as encoding/csv does
		if len(lines) != len(values)+1 || !strings.HasSuffix(lines[0][2], unixLines(name)) {
			rt.Fatalf("got %q", lines)
		}
		for i, v := range values {
			if lines[i+1][2] != unixLines(v) {
				rt.Fatalf("row %d: got %q, want %q", i, lines[i+1][2], v)
			}
		}
	})
}

func TestSpreadsheetSafeDisarmsFormulas(t *testing.T) {
	t.Parallel()
	f := newFake()
	for _, s := range []string{"=1+1", "+1", "-1", "@x", "\tx", "\rx", "1=1", ""} {
		f.finished(t, rush.Values{"s": s, "n": -1}, nil)
	}
	b := export(t, f, table.ExportOptions{Options: table.Options{Fields: rush.FieldXS}, Format: table.CSV, SpreadsheetSafe: true})
	lines, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"'=1+1", "'+1", "'-1", "'@x", "'\tx", "'\rx", "1=1", ""} {
		if got := lines[i+1]; got[3] != want || got[2] != "-1" {
			t.Errorf("got %q, want %q after -1", got, want)
		}
	}
}
