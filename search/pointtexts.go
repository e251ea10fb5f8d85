package search

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/rushnet/rush/internal/lines"
	"github.com/rushnet/rush/internal/wire"
	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/table"
)

// A textPoints takes out of CSV texts and JSON lines what is no input. Every line stays
// where it is, so that errors name the right one.
type textPoints struct {
	pointColumns
	linked bool
	links  [][]int // of each row the rows before it
}

// csv returns the text with the columns that are inputs.
func (t *textPoints) csv(all []byte) ([]byte, error) {
	in := lines.CSV(bytes.NewReader(all))
	names, err := in.Read()
	if err != nil {
		return all, nil // whoever reads it says what is wrong
	}
	column := -1
	if t.linked {
		if column = columnOf(names, t.link); column < 0 {
			line, _ := in.FieldPos(0)
			return nil, fmt.Errorf("line %d: there is no column %s; there are %s", line, t.link, strings.Join(names, ", "))
		}
	}
	columns := make([]table.FileColumn, len(names))
	for i, name := range names {
		columns[i].Name = bareText(strings.TrimSpace(name), t.isParam)
	}
	as := t.choose(columns)
	if column < 0 && slices.Equal(as, names) {
		return all, nil
	}
	var out csvText
	out.w = csv.NewWriter(&out.text)
	levels := t.levels(as)
	for cells, row := names, 0; ; row++ {
		line, _ := in.FieldPos(0)
		if row == 0 {
			cells = as
		} else if column >= 0 {
			link, err := indexes(cells[column])
			if err != nil {
				return nil, fmt.Errorf("line %d: %s: %w", line, t.link, err)
			}
			t.links = append(t.links, link)
		}
		var kept []string
		for i, cell := range cells {
			if as[i] == "" || i == column {
				continue
			}
			if row > 0 && levels[i] != nil {
				cell = bareText(cell, levels[i])
			}
			kept = append(kept, cell)
		}
		if err := out.write(line, kept); err != nil {
			return nil, err
		}
		if cells, err = in.Read(); errors.Is(err, io.EOF) {
			return out.end()
		} else if err != nil {
			return nil, lines.CountCells(err, cells, len(names))
		}
	}
}

// levels returns for each column of a table that rush wrote what knows its levels, nil
// for those that have none.
func (t *textPoints) levels(as []string) []func(string) bool {
	levels := make([]func(string) bool, len(as))
	for i, name := range as {
		if p, ok := t.def.Space.Param(name); ok && t.own && p.Type == space.Fct {
			levels[i] = func(text string) bool { return slices.Contains(p.Levels, any(text)) }
		}
	}
	return levels
}

// bareText takes away the apostrophe that a CSV for spreadsheets has before text that
// they would run, where what is known is the text behind it.
func bareText(text string, known func(string) bool) string {
	if bare, ok := strings.CutPrefix(text, "'"); ok && known(bare) && !known(text) {
		return bare
	}
	return text
}

func columnOf(names []string, field string) int {
	return slices.IndexFunc(names, func(name string) bool { return strings.TrimSpace(name) == field })
}

// A csvText is written with each row in the line that it is to have.
type csvText struct {
	text  bytes.Buffer
	w     *csv.Writer
	lines int // ended so far
	seen  int // bytes in which they were counted
}

func (c *csvText) write(line int, cells []string) error {
	c.w.Flush()
	c.lines += bytes.Count(c.text.Bytes()[c.seen:], []byte("\n"))
	for ; c.lines < line-1; c.lines++ {
		c.text.WriteByte('\n')
	}
	c.seen = c.text.Len()
	if len(cells) == 1 && cells[0] == "" {
		_, err := c.text.WriteString("\"\"\n") // a line without anything is no row
		return err
	}
	return c.w.Write(cells)
}

func (c *csvText) end() ([]byte, error) {
	c.w.Flush()
	return c.text.Bytes(), c.w.Error()
}

// jsonLines returns the lines with the names that are inputs.
func (t *textPoints) jsonLines(all []byte) ([]byte, error) {
	text, err := io.ReadAll(lines.WithoutMark(bytes.NewReader(all)))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	for i, line := range bytes.Split(text, []byte("\n")) {
		if i > 0 {
			out.WriteByte('\n')
		}
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		line, err := t.jsonLine(line)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
		out.Write(line)
	}
	return out.Bytes(), nil
}

// jsonLine returns an object with the names that are inputs; what is no object is left
// to whoever reads it.
func (t *textPoints) jsonLine(line []byte) ([]byte, error) {
	names, ok := objectNames(line)
	if !ok { // it may have NaN, which is no JSON
		values, err := wire.ParseJSONObject(line)
		if err != nil {
			return line, nil
		}
		names = sortedNames(values)
	}
	if !slices.Equal(names, t.last) {
		columns := make([]table.FileColumn, len(names))
		for i, name := range names {
			columns[i].Name = name
		}
		t.last, t.as = names, t.choose(columns)
	}
	if !t.linked && slices.Equal(t.as, names) {
		return line, nil
	}
	values, err := wire.ParseJSONObject(line)
	if err != nil {
		return line, nil
	}
	if t.linked {
		link, err := indexes(values[t.link])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", t.link, err)
		}
		t.links = append(t.links, link)
	}
	kept := map[string]any{}
	for i, name := range t.as {
		if name == "" || t.linked && names[i] == t.link {
			continue
		}
		if _, twice := kept[name]; twice {
			return nil, fmt.Errorf("there are two values for %s; remove one", name)
		}
		kept[name] = values[names[i]]
	}
	return wire.AppendJSON(nil, kept)
}

// objectNames lists the names of a JSON object in the order in which they stand.
func objectNames(line []byte) (names []string, ok bool) {
	dec := json.NewDecoder(bytes.NewReader(line))
	if open, err := dec.Token(); err != nil || open != json.Delim('{') {
		return nil, false
	}
	for dec.More() {
		name, err := dec.Token()
		text, isText := name.(string)
		var skipped json.RawMessage
		if err != nil || !isText || dec.Decode(&skipped) != nil {
			return nil, false
		}
		names = append(names, text)
	}
	return names, true
}
