package search

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
)

// rows returns all tasks of a design.
func rows(t *testing.T, d *Definition) []rush.Task {
	t.Helper()
	n, row, err := d.Design()
	if err != nil {
		t.Fatal(err)
	}
	var tasks []rush.Task
	for i := range n {
		task, err := row(i)
		if err != nil {
			t.Fatal(err)
		}
		tasks = append(tasks, task)
	}
	return tasks
}

func TestGridRows(t *testing.T) {
	t.Parallel()
	const file = `
objective: {function: f}
space:
  a: {type: fct, levels: [x, y]}
  n: {type: int, values: [8, 16, 32]}
loop: grid_search
task: {max_retries: 2, timeout: 5s}
`
	d := mustParse(t, file).Definition
	got := rows(t, d)
	want := []rush.Task{}
	for _, a := range []string{"x", "y"} {
		for _, n := range []int64{8, 16, 32} {
			want = append(want, rush.Task{XS: rush.Values{"a": a, "n": n}, Options: rush.Options{MaxRetries: 2}})
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if d.Reserved() != 6 || d.Limit() != 0 {
		t.Errorf("reserved %d, limit %d; want 6 and 0", d.Reserved(), d.Limit())
	}
}

func TestReplicatesAndBudget(t *testing.T) {
	t.Parallel()
	d := mustParse(t, "objective: {builtin: branin}\nloop: {name: grid_search, resolution: 2}\ntask: {replicates: 3}\nterminate: {evals: 5}").Definition
	got := rows(t, d)
	if len(got) != 5 || d.Reserved() != 12 || d.Limit() != 5 {
		t.Fatalf("%d rows, %d reserved, limit %d; want 5, 12 and 5", len(got), d.Reserved(), d.Limit())
	}
	for i, task := range got {
		want := rush.Task{XS: rush.Values{"x1": -5.0, "x2": 15 * float64(i/3)}, XSExtra: rush.Values{"replicate": int64(i % 3)}}
		if diff := cmp.Diff(want, task); diff != "" {
			t.Errorf("row %d (-want +got):\n%s", i, diff)
		}
	}
}

func TestHugeGridsAreOnlyCounted(t *testing.T) {
	t.Parallel()
	file := "objective: {builtin: sphere}\nloop: grid_search\ntask: {replicates: 10}\nspace:\n"
	for i := range 19 { // 9^19 is more than 10^18
		file += fmt.Sprintf("  x%d: {type: int, lower: 0, upper: 8, by: 1}\n", i)
	}
	d := mustParse(t, file).Definition
	n, row, err := d.Design()
	if err != nil || n != math.MaxInt64 {
		t.Fatalf("%d rows, %v; want 2^63-1", n, err)
	}
	if task, err := row(n - 1); err != nil || len(task.XS) != 19 {
		t.Errorf("the last row is %v, %v", task, err)
	}
}

func TestDesignFiles(t *testing.T) {
	t.Parallel()
	const spaced = "objective: {function: f}\nspace: {n: {type: int, lower: 0, upper: 9}, r: {type: dbl, lower: 0, upper: 9}, f: {type: lgl}, s: {type: fct, levels: [a, b]}}\n"
	const free = "objective: {function: f}\n"
	typed := []rush.Values{
		{"n": int64(1), "r": 2.0, "f": true, "s": "a"},
		{"n": int64(2), "r": 0.5, "f": false, "s": "b"},
	}
	parquet := parquetFile(t)
	for _, tc := range []struct {
		name, head, file, content string
		want                      []rush.Values
	}{
		{"CSV in a space", spaced, "p.csv", "s,n,r,f\na,1,2,TRUE\nb,2.0,0.5,0\n", typed},
		{"JSON lines in a space", spaced, "p.jsonl", "{\"n\": 1, \"r\": 2, \"f\": true, \"s\": \"a\"}\n\n{\"n\": 2.0, \"r\": 0.5, \"f\": false, \"s\": \"b\"}\n", typed},
		{"Parquet in a space", spaced, "p.parquet", parquet, typed},
		{"CSV as it comes", free, "p.csv", "\ufeffi, f,b,s,e,t\r\n1,1,true,a,,T\r\n-2,1e-3,FALSE,1,,F\r\n,.5,,,,T\n", []rush.Values{
			{"i": int64(1), "f": 1.0, "b": true, "s": "a", "e": "", "t": "T"},
			{"i": int64(-2), "f": 1e-3, "b": false, "s": "1", "e": "", "t": "F"},
			{"i": nil, "f": 0.5, "b": nil, "s": "", "e": "", "t": "T"},
		}},
		{"JSON lines as they come", free, "p.ndjson", "{\"a\": 1, \"b\": [1.0, null]}\n{\"a\": \"x\", \"b\": {\"c\": true}}", []rush.Values{
			{"a": int64(1), "b": []any{1.0, nil}}, {"a": "x", "b": map[string]any{"c": true}},
		}},
		{"Parquet as it comes", free, "p.parquet", parquet, []rush.Values{
			{"n": int64(1), "r": 2.0, "f": true, "s": "a"}, {"n": int64(2), "r": 0.5, "f": false, "s": "b"},
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			writeFile(t, filepath.Join(dir, tc.file), tc.content)
			writeFile(t, filepath.Join(dir, "search.yaml"), tc.head+"loop: {name: design_points, design: "+tc.file+"}")
			f, err := Load(filepath.Join(dir, "search.yaml"))
			if err != nil {
				t.Fatal(err)
			}
			var got []rush.Values
			for _, task := range rows(t, f.Definition) {
				got = append(got, task.XS)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			roundTrip(t, f.Definition)
		})
	}
}

// A definition that came from a network reads the file again, and only accepts
// the same points.
func TestDesignIsReadAgain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	points := filepath.Join(dir, "points.csv")
	writeFile(t, points, "a,b\n1,2\n3,4\n")
	writeFile(t, filepath.Join(dir, "search.yaml"), "objective: {function: f}\nloop: {name: design_points, design: points.csv}")
	f, err := Load(filepath.Join(dir, "search.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(f.Definition)
	if err != nil {
		t.Fatal(err)
	}
	stored, err := ParseDefinition(body)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(rows(t, f.Definition), rows(t, stored)); diff != "" {
		t.Errorf("the rows differ (-want +got):\n%s", diff)
	}
	if stored.Reserved() != 2 {
		t.Errorf("reserved %d, want 2", stored.Reserved())
	}
	writeFile(t, points, "a,b\n1,2\n3,5\n")
	stored, _ = ParseDefinition(body)
	if _, _, err := stored.Design(); err == nil || !strings.Contains(err.Error(), "has changed since the search began") {
		t.Errorf("other points: got %v", err)
	}
	if err := os.Remove(points); err != nil {
		t.Fatal(err)
	}
	stored, _ = ParseDefinition(body)
	if _, _, err := stored.Design(); !errors.Is(err, os.ErrNotExist) && !strings.Contains(err.Error(), "no such file") {
		t.Errorf("no file: got %v", err)
	}
}

func TestOtherLoopsHaveNoDesign(t *testing.T) {
	t.Parallel()
	d := mustParse(t, "objective: {builtin: branin}\nterminate: {evals: 10}").Definition
	n, row, err := d.Design()
	if n != 0 || row != nil || err != nil || d.Reserved() != 0 {
		t.Errorf("got %d, %v, %v and %d reserved", n, row != nil, err, d.Reserved())
	}
}
