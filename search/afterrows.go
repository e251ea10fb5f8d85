package search

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/lines"
	"github.com/rushnet/rush/internal/wire"
	"github.com/rushnet/rush/loops/space"
)

// ReadLinkedPoints is [ReadPoints] for a file in which a field of each row says
// which other rows of the file come before it, counted from 0: a list of integers,
// or a text of them with blanks or commas between; it may be empty. It is no input.
// What it returns second is that of each row, as [rush.Task] has it in After.
func ReadLinkedPoints(r io.Reader, ending string, s space.Space, field string) ([]rush.Values, [][]int, error) {
	if _, ok := s.Param(field); ok {
		return nil, nil, fmt.Errorf("%s is a parameter of the space; it cannot say which rows come before", field)
	}
	if err := checkEnding(ending); err != nil {
		return nil, nil, err
	}
	var links [][]int
	var err error
	switch ending {
	case ".csv":
		r, links, err = unlinkCSV(r, field)
	case ".parquet":
		return unlinkRows(r, s, field)
	default:
		r, links, err = unlinkJSONL(r, field)
	}
	if err != nil {
		return nil, nil, err
	}
	points, err := ReadPoints(r, ending, s)
	return points, links, err
}

// unlinkCSV takes the column out of a CSV text; every line stays where it is, so
// that errors name the right one.
func unlinkCSV(r io.Reader, field string) (io.Reader, [][]int, error) {
	in := lines.CSV(r)
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	var links [][]int
	column, names := -1, 0
	for row := 0; ; row++ {
		cells, err := in.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, nil, lines.CountCells(err, cells, names)
		}
		line, _ := in.FieldPos(0)
		if row == 0 {
			names = len(cells)
			if column = columnOf(cells, field); column < 0 {
				return nil, nil, fmt.Errorf("line %d: there is no column %s; there are %s", line, field, strings.Join(cells, ", "))
			}
		} else {
			link, err := indexes(cells[column])
			if err != nil {
				return nil, nil, fmt.Errorf("line %d: %s: %w", line, field, err)
			}
			links = append(links, link)
		}
		w.Flush()
		out.WriteString(strings.Repeat("\n", max(0, line-1-bytes.Count(out.Bytes(), []byte("\n")))))
		if err := w.Write(slices.Delete(cells, column, column+1)); err != nil {
			return nil, nil, err
		}
	}
	w.Flush()
	return &out, links, w.Error()
}

func columnOf(names []string, field string) int {
	return slices.IndexFunc(names, func(name string) bool { return strings.TrimSpace(name) == field })
}

// unlinkJSONL takes the field out of JSON lines; every line stays where it is.
func unlinkJSONL(r io.Reader, field string) (io.Reader, [][]int, error) {
	all, err := io.ReadAll(lines.WithoutMark(r))
	if err != nil {
		return nil, nil, err
	}
	var out []byte
	var links [][]int
	for i, line := range bytes.Split(all, []byte("\n")) {
		if i > 0 {
			out = append(out, '\n')
		}
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		values, err := wire.ParseJSONObject(line)
		var link []int
		if err == nil {
			if link, err = indexes(values[field]); err != nil {
				err = fmt.Errorf("%s: %w", field, err)
			}
			delete(values, field)
		}
		if err == nil {
			out, err = wire.AppendJSON(out, values)
		}
		if err != nil {
			return nil, nil, fmt.Errorf("line %d: %w", i+1, err)
		}
		links = append(links, link)
	}
	return bytes.NewReader(out), links, nil
}

// unlinkRows takes the field out of the rows of a Parquet file.
func unlinkRows(r io.Reader, s space.Space, field string) ([]rush.Values, [][]int, error) {
	rows, err := readParquet(r)
	if err != nil {
		return nil, nil, err
	}
	links := make([][]int, len(rows))
	for i, row := range rows {
		if links[i], err = indexes(row[field]); err != nil {
			return nil, nil, fmt.Errorf("row %d: %s: %w", i+1, field, err)
		}
		delete(row, field)
	}
	if s.Len() > 0 {
		rows, err = s.CheckDesign(rows)
	}
	return rows, links, err
}

// indexes reads which rows come before: an integer, a list of them, or a text of
// them.
func indexes(v any) ([]int, error) {
	switch v := v.(type) {
	case nil:
		return nil, nil
	case string:
		var list []any
		for _, word := range strings.FieldsFunc(v, func(r rune) bool { return strings.ContainsRune(" \t,;", r) }) {
			i, err := strconv.ParseInt(word, 10, 64)
			if err != nil {
				return nil, fmt.Errorf("expected numbers of rows, from 0, as in 0 1, found %q", v)
			}
			list = append(list, i)
		}
		return indexes(list)
	case []any:
		var all []int
		for _, item := range v {
			i, ok := item.(int64)
			if !ok || i < 0 || i != int64(int(i)) {
				return nil, fmt.Errorf("expected numbers of rows, from 0, found %v", item)
			}
			all = append(all, int(i))
		}
		return all, nil
	}
	return indexes([]any{v})
}
