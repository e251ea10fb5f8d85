package table

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/wire"
)

// csvNames reads the header of a CSV file.
func csvNames(path string) ([]string, error) {
	in, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	names, err := newCSVReader(in).Read()
	if errors.Is(err, io.EOF) {
		return nil, errors.New("it is empty; expected a line of names")
	}
	return names, err
}

// newCSVReader skips a byte order mark.
func newCSVReader(r io.Reader) *csv.Reader {
	b := bufio.NewReader(r)
	if mark, _ := b.Peek(3); string(mark) == "\xef\xbb\xbf" {
		_, _ = b.Discard(3)
	}
	return csv.NewReader(b)
}

// csvUnfolder reads a CSV file. A column's cells are all integers, or all numbers, or
// all true or false, or else texts; an empty one is null.
func csvUnfolder(path string, outputs []string) (*unfolder, int, error) {
	in, err := os.Open(path)
	if err != nil {
		return nil, 0, err
	}
	defer in.Close()
	lines, err := newCSVReader(in).ReadAll()
	if err != nil {
		return nil, 0, err // names the line
	}
	names, lines := lines[0], lines[1:]
	u := &unfolder{}
	guess := rolesOf(names, outputs)
	for k, name := range names {
		if name == "" || slices.Contains(names[:k], name) {
			return nil, 0, fmt.Errorf("line 1: column %d is named %q; expected a name that no other column has", k+1, name)
		}
		parse := csvParser(lines, k)
		guess(u, readColumn{name, func(row int) (any, error) {
			if lines[row][k] == "" {
				return nil, nil
			}
			return parse(lines[row][k])
		}})
	}
	u.ready()
	return u, len(lines), nil
}

// csvParser finds the first reading that suits every cell of a column.
func csvParser(lines [][]string, k int) func(string) (any, error) {
	for _, parse := range []func(string) (any, error){
		func(s string) (any, error) { return strconv.ParseInt(s, 10, 64) },
		func(s string) (any, error) { return strconv.ParseFloat(s, 64) },
		func(s string) (any, error) {
			switch strings.ToLower(s) {
			case "true":
				return true, nil
			case "false":
				return false, nil
			}
			return nil, strconv.ErrSyntax
		},
	} {
		if suitsAll(lines, k, parse) {
			return parse
		}
	}
	return func(s string) (any, error) { return s, nil }
}

func suitsAll(lines [][]string, k int, parse func(string) (any, error)) bool {
	for _, line := range lines {
		if line[k] == "" {
			continue
		}
		if _, err := parse(line[k]); err != nil {
			return false
		}
	}
	return true
}

// jsonUnfolder reads JSON lines: an object on each, blank ones are skipped.
func jsonUnfolder(path string, outputs []string) (*unfolder, int, error) {
	in, err := os.Open(path)
	if err != nil {
		return nil, 0, err
	}
	defer in.Close()
	var rows []rush.Values
	seen := map[string]bool{}
	b := bufio.NewReaderSize(in, 1<<16)
	for number := 1; ; number++ {
		line, err := b.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			row, err := wire.ParseJSONObject(line)
			if err != nil {
				return nil, 0, fmt.Errorf("line %d: %w", number, err)
			}
			for name := range row {
				seen[name] = true
			}
			rows = append(rows, row)
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, 0, err
		}
	}
	u := &unfolder{}
	names := slices.Sorted(maps.Keys(seen))
	guess := rolesOf(names, outputs)
	for _, name := range names {
		number := isNumbers(rows, name)
		guess(u, readColumn{name, func(row int) (any, error) {
			v := rows[row][name]
			if text, ok := v.(string); ok && number {
				return strconv.ParseFloat(text, 64)
			}
			return v, nil
		}})
	}
	u.ready()
	return u, len(rows), nil
}

// isNumbers reports whether a name has numbers only, some of which JSON has none for
// and says as text.
func isNumbers(rows []rush.Values, name string) bool {
	some := false
	for _, row := range rows {
		switch v := row[name].(type) {
		case nil:
		case int64, float64:
			some = true
		case string:
			if v != "NaN" && v != "Infinity" && v != "-Infinity" {
				return false
			}
		default:
			return false
		}
	}
	return some
}
