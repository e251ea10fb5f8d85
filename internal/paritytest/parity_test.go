package paritytest

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

const root = "../.."

// rows is how many rows each letter of the list has.
var rows = map[string]int{"N": 11, "W": 21, "M": 4, "T": 19, "F": 9, "O": 6, "P": 25}

// A row of the table: | row | ability | Go | command | test |
type row struct{ name, symbols, commands, tests string }

func TestEveryRowNamesWhatExists(t *testing.T) {
	found := map[string]bool{}
	symbols := newSymbols(root)
	commands := commandNames(t)
	for _, r := range readRows(t) {
		found[r.name] = true
		spans := codeSpans(r.symbols)
		if len(spans) == 0 {
			t.Errorf("row %s names no Go symbol", r.name)
		}
		for _, s := range spans {
			if err := symbols.has(s); err != nil {
				t.Errorf("row %s: %v", r.name, err)
			}
		}
		for _, c := range codeSpans(r.commands) {
			if name := commandName(c); !commands[name] {
				t.Errorf("row %s names the command %q; there is no `rush %s`", r.name, c, name)
			}
		}
		if spans = codeSpans(r.tests); len(spans) == 0 {
			t.Errorf("row %s names no test", r.name)
		}
		for _, s := range spans {
			if !testExists(t, s) {
				t.Errorf("row %s names the test %q, which does not exist", r.name, s)
			}
		}
	}
	for letter, n := range rows {
		for i := 1; i <= n; i++ {
			if name := letter + strconv.Itoa(i); !found[name] {
				t.Errorf("docs/parity.md has no row %s", name)
			}
		}
	}
}

// readRows reads the lines of docs/parity.md that begin with a row's name.
func readRows(t *testing.T) (rows []row) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "docs", "parity.md"))
	if err != nil {
		t.Fatal(err)
	}
	begins := regexp.MustCompile(`^\| [NWMTFOP][0-9]+ \|`)
	for line := range strings.Lines(string(text)) {
		if !begins.MatchString(line) {
			continue
		}
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if len(cells) != 5 {
			t.Errorf("a row has %d cells, expected 5 (row, ability, Go, command, test): %s", len(cells), line)
			continue
		}
		rows = append(rows, row{strings.TrimSpace(cells[0]), cells[2], cells[3], cells[4]})
	}
	return rows
}

// codeSpans returns what stands between backquotes.
func codeSpans(cell string) (spans []string) {
	parts := strings.Split(cell, "`")
	for i := 1; i < len(parts); i += 2 {
		spans = append(spans, parts[i])
	}
	return spans
}

// commandNames are the names of the commands in cmd/rush.
func commandNames(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	use := regexp.MustCompile(`Use:\s+"([a-z-]+)`)
	for _, file := range glob(t, "cmd/rush/*.go") {
		for _, m := range use.FindAllStringSubmatch(read(t, file), -1) {
			names[m[1]] = true
		}
	}
	return names
}

// commandName is the second word of `rush push FILE`.
func commandName(command string) string {
	words := strings.Fields(command)
	if len(words) < 2 || words[0] != "rush" {
		return command
	}
	return words[1]
}

// testExists reports whether there is a test of that name: a function of a
// package (`network.TestOpen`), a script (`cmd/rush/testdata/run.txtar`), or
// a function of the stores' suite (`storetest.nextTests`).
func testExists(t *testing.T, name string) bool {
	t.Helper()
	if group, ok := strings.CutPrefix(name, "storetest."); ok {
		return anyContains(t, "internal/store/storetest/*.go", "func "+group+"(")
	}
	if strings.HasSuffix(name, ".txtar") {
		_, err := os.Stat(filepath.Join(root, name))
		return err == nil
	}
	pkg, function, ok := cutLast(name, ".")
	if !ok {
		return false
	}
	function, _, _ = strings.Cut(function, "/")
	return anyContains(t, path.Join(pkg, "*_test.go"), "func "+function+"(")
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

func anyContains(t *testing.T, pattern, text string) bool {
	t.Helper()
	for _, file := range glob(t, pattern) {
		if strings.Contains(read(t, file), text) {
			return true
		}
	}
	return false
}

func glob(t *testing.T, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, pattern))
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
