package space

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/lines"
)

// ReadDesign reads the points of a design from a file, each as [Space.Coerce]
// reads it. The name's ending says the format:
//
//   - .csv: comma-separated with a header line of the parameters' names, in any order;
//   - .jsonl or .ndjson: one JSON object on a line; blank lines are skipped.
//
// A column that is no parameter is an error, as is a file without points.
// Errors name the file and the line. A design in another format is read by the
// caller and given to [Space.CheckDesign].
func (s Space) ReadDesign(path string) ([]rush.Values, error) {
	ending := strings.ToLower(filepath.Ext(path))
	if !readable(ending) {
		return nil, fmt.Errorf("read the design %s: expected a name that ends in .csv or .jsonl, found the ending %q; rename or convert it", path, ending)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the design: %w", err)
	}
	defer f.Close()
	points, err := s.ReadPoints(f, ending)
	if err == nil && len(points) == 0 {
		err = errors.New("it has no points; give it at least one")
	}
	if err != nil {
		return nil, fmt.Errorf("read the design %s: %w", path, err)
	}
	return points, nil
}

func readable(ending string) bool {
	return ending == ".csv" || ending == ".jsonl" || ending == ".ndjson"
}

// ReadPoints reads points as [Space.ReadDesign] does, from anywhere; ending is
// that of such a file's name. There may be none. Errors name the line.
func (s Space) ReadPoints(r io.Reader, ending string) ([]rush.Values, error) {
	switch {
	case !readable(ending):
		return nil, fmt.Errorf("expected .csv or .jsonl, found %q", ending)
	case ending == ".csv":
		return s.readCSV(r)
	}
	return lines.Read(r, s.readObject)
}

// CheckDesign returns the rows of a design as [Space.Coerce] reads them. An
// error names the row, counted from 1.
func (s Space) CheckDesign(rows []rush.Values) ([]rush.Values, error) {
	points := make([]rush.Values, len(rows))
	for i, row := range rows {
		point, err := s.Coerce(row)
		if err != nil {
			return nil, fmt.Errorf("row %d: %w", i+1, err)
		}
		points[i] = point
	}
	return points, nil
}

func (s Space) readCSV(r io.Reader) ([]rush.Values, error) {
	table := lines.CSV(r)
	table.ReuseRecord = true
	names, err := table.Read()
	if err != nil {
		if errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("it is empty; expected a line of names: %s", strings.Join(s.Names(), ","))
		}
		return nil, err // names the line
	}
	if names, err = s.header(names); err != nil {
		return nil, fmt.Errorf("line 1: %w", err)
	}
	var points []rush.Values
	for {
		cells, err := table.Read()
		if errors.Is(err, io.EOF) {
			return points, nil
		}
		if err != nil {
			return nil, lines.CountCells(err, cells, len(names))
		}
		row := make(rush.Values, len(names))
		for i, cell := range cells {
			row[names[i]] = cell
		}
		point, err := s.Coerce(row)
		if err != nil {
			line, _ := table.FieldPos(0)
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
		points = append(points, point)
	}
}

// header checks the names of the columns and returns a copy of them.
func (s Space) header(cells []string) ([]string, error) {
	if len(cells) == 1 && s.Len() > 1 && strings.ContainsAny(cells[0], ";\t") {
		return nil, fmt.Errorf("expected columns with commas between them, found %s; save the file with commas", show(cells[0]))
	}
	names := make([]string, len(cells))
	row := make(rush.Values, len(cells))
	for i, cell := range cells {
		names[i] = strings.TrimSpace(cell)
		if _, twice := row[names[i]]; twice {
			return nil, fmt.Errorf("there are two columns named %s; remove one", names[i])
		}
		row[names[i]] = nil
	}
	if err := s.checkNames(row); err != nil {
		var about *ParamError
		if errors.As(err, &about) && s.checkKnown(about.Param) == nil {
			return nil, fmt.Errorf("there is no column for the parameter %s; add one", about.Param)
		}
		return nil, fmt.Errorf("%w; columns that are no parameters must be removed", err)
	}
	return names, nil
}

func (s Space) readObject(line []byte) (rush.Values, error) {
	v, err := unmarshalValue(line)
	if err != nil {
		return nil, fmt.Errorf("expected a JSON object such as {%q: ...}: %w", strings.Join(s.Names()[:min(1, s.Len())], ""), err)
	}
	row, ok := v.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("expected a JSON object with the parameters' values, found %s", show(v))
	}
	return s.Coerce(row)
}
