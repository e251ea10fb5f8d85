package search

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/table"
)

// exportedSearch has names that tables give prefixes, a parameter that is not always
// active, and levels that spreadsheets would run.
const exportedSearch = `
objective: {function: f}
space:
  x: {type: dbl, lower: -1, upper: 1}
  n: {type: int, lower: 0, upper: 99}
  y: {type: dbl, lower: 0, upper: 1}
  state: {type: lgl}
  kind: {type: fct, levels: [-a, b, 3, "", [1, 2]]}
  deep: {type: dbl, lower: 0, upper: 1, depends: kind == "b"}
codomain: {y: minimize}
loop: queue
`

// exported makes a network of tasks in several states, with extras.
func exported(t *testing.T, def *Definition) (net *network.Rush, xs []rush.Values) {
	t.Helper()
	net, err := network.Open(t.Context(), network.Config{Store: filepath.Join(t.TempDir(), "rush.db"), Network: "exported"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = net.Close() })
	if _, err := Start(t.Context(), net, def, StartOptions{}); err != nil {
		t.Fatal(err)
	}
	xs = []rush.Values{
		{"x": 0.1, "n": int64(1), "y": 0.0, "state": true, "kind": "-a"},
		{"x": -0.5, "n": int64(2), "y": 0.25, "state": false, "kind": "b", "deep": 0.5},
		{"x": 1e-300, "n": int64(3), "y": 1.0, "state": true, "kind": int64(3)},
		{"x": 0.0, "n": int64(4), "y": 1.0, "state": true, "kind": ""},
		{"x": 0.0, "n": int64(5), "y": 1.0, "state": true, "kind": []any{int64(1), int64(2)}},
	}
	tasks := make([]rush.Task, len(xs))
	for i := range xs {
		tasks[i] = rush.Task{XS: xs[i], XSExtra: rush.Values{"replicate": int64(i), "n": "again"}}
	}
	tasks[0].State, tasks[0].YS, tasks[0].YSExtra = rush.Finished, rush.Values{"y": 1.5}, rush.Values{"note": "-b"}
	tasks[1].State, tasks[1].Condition = rush.Failed, &rush.Condition{Class: rush.ClassError, Message: "no"}
	if _, err := net.PushTasks(t.Context(), tasks); err != nil {
		t.Fatal(err)
	}
	return net, xs
}

// Every table that rush exports is one of points, whatever it was told to export.
func TestExportedTablesArePoints(t *testing.T) {
	t.Parallel()
	def := mustParse(t, exportedSearch).Definition
	net, xs := exported(t, def)
	about, err := net.About(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, format := range table.FileFormats() {
		for _, fields := range []rush.Fields{0, rush.FieldXS, rush.FieldXS | rush.FieldYS, rush.FieldXS | rush.FieldXSExtra | rush.FieldTimes, rush.FieldXS | rush.FieldOptions} {
			for _, about := range []*table.About{about, nil} {
				for _, safe := range []bool{false, true} {
					schema := def.Schema()
					if fields != 0 { // as of the command line: see shown in cmd/rush
						schema = slices.DeleteFunc(schema, func(c table.Column) bool { return c.Role == table.YS && !fields.Has(rush.FieldYS) })
					}
					opts := &table.ExportOptions{Options: table.Options{Schema: schema, Fields: fields}, Format: format, About: about, SpreadsheetSafe: safe}
					var file bytes.Buffer
					if _, err := net.Export(t.Context(), &file, opts); err != nil {
						t.Fatal(err)
					}
					name := fmt.Sprintf("%s, fields %b, about %t, safe %t", format, fields, about != nil, safe)
					got, err := def.ReadPoints(&file, "."+string(format), &PointsOptions{Limits: &table.RowLimits{Rows: 5, Cells: 30, Bytes: 1 << 16}})
					if err != nil {
						t.Errorf("%s: %v", name, err)
						continue
					}
					if diff := cmp.Diff(xs, got.XS); diff != "" {
						t.Errorf("%s (-want +got):\n%s", name, diff)
					}
					for _, left := range []string{"number", "state", "attempt"} {
						if !slices.Contains(got.Left, left) {
							t.Errorf("%s: left out are %q; expected %s among them", name, got.Left, left)
						}
					}
				}
			}
		}
	}
}

// A network without a space takes the inputs of a table, and nothing else.
func TestExportedTablesWithoutASpace(t *testing.T) {
	t.Parallel()
	net, err := network.Open(t.Context(), network.Config{Store: filepath.Join(t.TempDir(), "rush.db"), Network: "free"})
	if err != nil {
		t.Fatal(err)
	}
	defer net.Close()
	xs := []rush.Values{{"a": int64(1), "seed": "x"}, {"a": int64(2), "seed": "y", "b": 0.5}}
	if _, err := net.PushTasks(t.Context(), []rush.Task{{XS: xs[0], State: rush.Finished, YS: rush.Values{"a": 2.0}}, {XS: xs[1]}}); err != nil {
		t.Fatal(err)
	}
	for _, format := range table.FileFormats() {
		var file bytes.Buffer
		if _, err := net.Export(t.Context(), &file, &table.ExportOptions{Format: format}); err != nil {
			t.Fatal(err)
		}
		got, err := new(Definition).ReadPoints(&file, "."+string(format), nil)
		if err != nil {
			t.Fatalf("%s: %v", format, err)
		}
		if diff := cmp.Diff(xs, got.XS); diff != "" {
			t.Errorf("%s (-want +got):\n%s", format, diff)
		}
	}
}

func TestPointsRefuseColumnsThatTheyDoNotKnow(t *testing.T) {
	t.Parallel()
	def := mustParse(t, "objective: {function: f}\nspace: {x: {type: int, lower: 1, upper: 5}}\ncodomain: {y: minimize}\nloop: queue").Definition
	for _, tc := range []struct{ ending, text, want string }{
		{".csv", "x,kind\n1,a\n", "line 1: kind: the space has no such parameter"},
		{".csv", "number,state,x,y,attempt,mine\n0,finished,1,2,1,z\n", "line 1: mine: the space has no such parameter"},
		{".csv", "number,state,x,z,y,attempt\n0,finished,1,2,1,1\n", "line 1: z: the space has no such parameter"},
		{".csv", "number,state,z,y,attempt\n0,finished,1,1,1\n", "line 1: z: the space has no such parameter; there are x"},
		{".csv", "number,state,x,attempt\n0,queued,1,0\n1,queued,9,0\n", "line 3: x: expected an integer from 1 to 5, found 9"},
		{".csv", "number,state,x,attempt\n0,queued,,0\n", "line 2: x: expected an integer"},
		{".csv", "x,xs.x\n1,2\n", "line 1: there are two columns named x; remove one"},
		{".jsonl", `{"number":0,"state":"queued","x":1,"y":null,"attempt":0,"mine":1}`, "line 1: mine: the space has no such parameter"},
		{".jsonl", `{"x":1}` + "\n\n" + `{"x":1,"z":1}`, "line 3: z: the space has no such parameter"},
		{".jsonl", `{"x":1,"xs.x":1}`, "line 1: there are two values for x; remove one"},
		{".arrow", "no", "expected an Arrow file"},
		{".arrows", "no Arrow at all", "Arrow file"},
		{".feather", "ARROW1", "expected an Arrow file"},
	} {
		_, err := def.ReadPoints(strings.NewReader(tc.text), tc.ending, nil)
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%q: found %v, expected %s", tc.text, err, tc.want)
		}
	}
	got, err := def.ReadPoints(strings.NewReader("number,state,x,y,by,attempt\n\n0,queued,2,,me,0\n"), ".csv", nil)
	if err != nil || !cmp.Equal(got.XS, []rush.Values{{"x": int64(2)}}) || !cmp.Equal(got.Left, []string{"number", "state", "y", "by", "attempt"}) {
		t.Errorf("found %v, %v", got, err)
	}
}
