package search

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/lines"
	"github.com/rushnet/rush/internal/wire"
)

// readFreeCSV reads the rows of a CSV file about whose columns nothing is known.
// A column's cells are all integers, or all numbers, or all true or false, or
// else texts; an empty cell among the former is null.
func readFreeCSV(r io.Reader) ([]rush.Values, error) {
	cells, err := readCells(r)
	if err != nil {
		return nil, err
	}
	if len(cells) == 0 {
		return nil, errors.New("it is empty; expected a line of names")
	}
	rows := make([]rush.Values, len(cells)-1)
	for i := range rows {
		rows[i] = make(rush.Values, len(cells[0]))
	}
	for k, name := range cells[0] {
		name = strings.TrimSpace(name)
		if name == "" {
			return nil, fmt.Errorf("line 1: column %d has no name", k+1)
		}
		read := columnReader(cells[1:], k)
		for i, row := range rows {
			if _, twice := row[name]; twice {
				return nil, fmt.Errorf("line 1: there are two columns named %s; remove one", name)
			}
			row[name] = read(cells[i+1][k])
		}
	}
	return rows, nil
}

// readCells reads all lines; each has as many cells as the first.
func readCells(r io.Reader) ([][]string, error) {
	table := lines.CSV(r)
	var all [][]string
	for {
		cells, err := table.Read()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, lines.CountCells(err, cells, table.FieldsPerRecord)
		}
		all = append(all, cells)
	}
}

// columnReader finds the first reading that suits every cell of a column.
func columnReader(cells [][]string, k int) func(string) any {
	for _, parse := range []func(string) (any, error){
		func(s string) (any, error) { return strconv.ParseInt(s, 10, 64) },
		func(s string) (any, error) { return strconv.ParseFloat(s, 64) },
		func(s string) (any, error) {
			if len(s) == 1 {
				return nil, strconv.ErrSyntax // T is a text
			}
			return strconv.ParseBool(s)
		},
	} {
		if suits(parse, cells, k) {
			return func(s string) any {
				if s = strings.TrimSpace(s); s == "" {
					return nil
				}
				v, _ := parse(s) // it suits
				return v
			}
		}
	}
	return func(s string) any { return s }
}

func suits(parse func(string) (any, error), cells [][]string, k int) bool {
	some := false
	for _, line := range cells {
		s := strings.TrimSpace(line[k])
		if s == "" {
			continue
		}
		if _, err := parse(s); err != nil {
			return false
		}
		some = true
	}
	return some
}

// readFreeJSONL reads one JSON object on each line; blank lines are skipped.
func readFreeJSONL(r io.Reader) ([]rush.Values, error) {
	return lines.Read(r, wire.ParseJSONObject)
}
