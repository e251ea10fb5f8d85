package space_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops/space"
)

// design is the space of the files below.
var design = space.MustNew(
	space.Param{Name: "x1", Type: space.Dbl, Lower: -5, Upper: 10},
	space.Param{Name: "n", Type: space.Int, Lower: 1, Upper: 9},
	space.Param{Name: "kernel", Type: space.Fct, Levels: []any{"rbf", "a,b\nc", int64(2), []any{int64(8), int64(4)}}},
	space.Param{Name: "flag", Type: space.Lgl},
)

// written writes a file of that name and returns its path.
func written(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestReadDesign(t *testing.T) {
	t.Parallel()
	want := []rush.Values{
		{"x1": 1.5, "n": int64(3), "kernel": "rbf", "flag": true},
		{"x1": -5.0, "n": int64(4), "kernel": "a,b\nc", "flag": false},
		{"x1": 2.0, "n": int64(5), "kernel": int64(2), "flag": true},
		{"x1": 0.001, "n": int64(6), "kernel": []any{int64(8), int64(4)}, "flag": false},
	}
	for name, text := range map[string]string{
		"points.csv": "x1,n,kernel,flag\n1.5,3,rbf,true\n-5,4,\"a,b\nc\",false\n2,5.0,2,TRUE\n1e-3,6,\"[8, 4]\",F\n",
		// Columns in another order, a byte order mark, Windows' line ends, blank
		// lines.
		"windows.CSV":  "\ufeffflag, kernel ,n,x1\r\n1,rbf,3,1.5\r\n\r\n0,\"a,b\r\nc\",4,-5\r\n1,2.0,5, 2\r\n0,\"[8,4]\",6,0.001",
		"points.jsonl": `{"x1": 1.5, "n": 3, "kernel": "rbf", "flag": true}` + "\n\n" + `{"flag": "false", "kernel": "a,b\nc", "n": 4.0, "x1": -5}` + "\r\n" + `{"x1": "2", "n": "5", "kernel": 2.0, "flag": 1}` + "\n" + `{"x1": 1e-3, "n": 6, "kernel": [8, 4], "flag": false}`,
		"mark.ndjson":  "\ufeff" + `{"x1":1.5,"n":3,"kernel":"rbf","flag":true}` + "\n" + `{"x1":-5,"n":4,"kernel":"a,b\nc","flag":false}` + "\n" + `{"x1":2,"n":5,"kernel":2,"flag":true}` + "\n" + `{"x1":1e-3,"n":6,"kernel":[8,4],"flag":false}` + "\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := design.ReadDesign(written(t, name, text))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReadDesignNamesTheLine(t *testing.T) {
	t.Parallel()
	const header = "x1,n,kernel,flag\n"
	const row = "1.5,3,rbf,true\n"
	const object = `{"x1": 1.5, "n": 3, "kernel": "rbf", "flag": true}` + "\n"
	for _, tc := range []struct{ name, file, text, want string }{
		{"a wrong value", "d.csv", header + row + "11,3,rbf,true\n", "line 3: x1: expected a number from -5 to 10, found 11"},
		{"an empty cell", "d.csv", header + row + "1,,rbf,true\n", `line 3: n: expected an integer from 1 to 9, found the text ""`},
		{"after a cell of two lines", "d.csv", header + "1,1,\"a,b\nc\",true\n" + "1,1,rbff,true\n", "line 4: kernel: expected one of \"rbf\", \"a,b\\nc\", 2, [8,4], found the text \"rbff\"; did you mean rbf?"},
		{"a missing column", "d.csv", "x1,n,kernel\n1,1,rbf\n", "line 1: there is no column for the parameter flag; add one"},
		{"an unknown column", "d.csv", "x1,n,kernel,flag,kernal\n", "line 1: kernal: the space has no such parameter; did you mean kernel?; columns that are no parameters must be removed"},
		{"a column twice", "d.csv", "x1,n,kernel,flag,n\n", "line 1: there are two columns named n; remove one"},
		{"a short line", "d.csv", header + row + "1,2\n", "line 3: expected 4 cells, as the first line has, found 2"},
		{"a quote that does not end", "d.csv", header + "1,2,\"rbf,true\n", `parse error on line 2, column 15: extraneous or missing " in quoted-field`},
		{"semicolons", "d.csv", "x1;n;kernel;flag\n1;2;rbf;true\n", `line 1: expected columns with commas between them, found "x1;n;kernel;flag"; save the file with commas`},
		{"nothing", "d.csv", "", "it is empty; expected a line of names: x1,n,kernel,flag"},
		{"a header alone", "d.csv", header, "it has no points; give it at least one"},
		{"a wrong value in JSON", "d.jsonl", object + "\n" + strings.Replace(object, "1.5", "11", 1), "line 3: x1: expected a number from -5 to 10, found 11"},
		{"a missing name", "d.jsonl", object + `{"x1": 1, "n": 3, "flag": true}`, `line 2: kernel: it has no value in this point; expected one of "rbf", "a,b\nc", 2, [8,4]`},
		{"a list", "d.jsonl", "[1, 2]\n", "line 1: expected a JSON object with the parameters' values, found [1,2]"},
		{"no JSON", "d.jsonl", object + "x1=2\n", `line 2: expected a JSON object such as {"x1": ...}: invalid character 'x' looking for beginning of value`},
		{"two objects on a line", "d.jsonl", strings.TrimSpace(object) + object, `line 1: expected a JSON object such as {"x1": ...}: there is more after its end`},
		{"nothing in JSON", "d.jsonl", "\n\n", "it has no points; give it at least one"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			path := written(t, tc.file, tc.text)
			got, err := design.ReadDesign(path)
			if want := "read the design " + path + ": " + tc.want; err == nil || err.Error() != want {
				t.Errorf("got  %v and\n%v\nwant %s", got, err, want)
			}
		})
	}
}

func TestReadDesignNeedsAFileThatItKnows(t *testing.T) {
	t.Parallel()
	_, err := design.ReadDesign("points.parquet")
	if want := `read the design points.parquet: expected a name that ends in .csv or .jsonl, found the ending ".parquet"; rename or convert it`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if _, err := design.ReadDesign(filepath.Join(t.TempDir(), "none.csv")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want that the file does not exist", err)
	}
}

func TestCheckDesignNamesTheRow(t *testing.T) {
	t.Parallel()
	good := rush.Values{"x1": 1, "n": 2.0, "kernel": "rbf", "flag": "true"}
	got, err := design.CheckDesign([]rush.Values{good, good})
	want := rush.Values{"x1": 1.0, "n": int64(2), "kernel": "rbf", "flag": true}
	if err != nil || !cmp.Equal(got, []rush.Values{want, want}) {
		t.Errorf("got %v, %v", got, err)
	}
	_, err = design.CheckDesign([]rush.Values{good, {"x1": 1}})
	if want := "row 2: n: it has no value in this point; expected an integer from 1 to 9"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
