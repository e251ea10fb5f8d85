package search

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/wire"
	"github.com/rushnet/rush/table"
)

// A Design is a list of points: all those of design_points, the first ones of a
// loop that is a command. The points stay in their file; Digest says whether it still has the same ones.
type Design struct {
	File   string   `json:"file"` // as written; relative to the definition's Dir
	Points int64    `json:"points"`
	Names  []string `json:"names,omitempty"` // of the inputs
	Digest string   `json:"digest,omitempty"`
}

// checkDesign reads the design's file.
func (d *draft) checkDesign() {
	n := d.root.get("loop").get("design")
	if !d.good("loop", "space") {
		return
	}
	points, err := d.def.readDesign()
	if err != nil {
		d.wrong(n, "%v", err)
		return
	}
	d.def.Loop.Design, d.def.points = describeDesign(d.def.Loop.Design.File, points), points
}

func describeDesign(file string, points []rush.Values) *Design {
	return &Design{File: file, Points: int64(len(points)), Names: sortedNames(points[0]), Digest: digest(points)}
}

// digest is the same for the same points, whatever the file looks like.
func digest(points []rush.Values) string {
	h := sha256.New()
	for _, point := range points {
		b, err := wire.Encode(point)
		if err != nil {
			b = []byte(err.Error()) // what is read from a file can be written
		}
		h.Write(b) // never fails
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil)[:16])
}

// readDesign reads the points. They are checked against the space, if there is
// one, else they are taken as they come.
func (d *Definition) readDesign() ([]rush.Values, error) {
	path := d.Loop.Design.File
	if !filepath.IsAbs(path) {
		path = filepath.Join(d.Dir, path)
	}
	ending := strings.ToLower(filepath.Ext(path))
	if d.Space.Len() > 0 && (ending == ".csv" || ending == ".jsonl" || ending == ".ndjson") {
		return d.Space.ReadDesign(path)
	}
	rows, err := readRows(path, ending)
	if err == nil && len(rows) == 0 {
		err = errors.New("it has no points; give it at least one")
	}
	if err == nil && d.Space.Len() > 0 {
		rows, err = d.Space.CheckDesign(rows)
	}
	if err == nil {
		err = checkSameNames(rows)
	}
	if err != nil {
		return nil, fmt.Errorf("read the design %s: %w", path, err)
	}
	return rows, nil
}

func readRows(path, ending string) ([]rush.Values, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, errors.Unwrap(err) // its caller names the file
	}
	defer f.Close()
	return readFree(f, ending)
}

func checkEnding(ending string) error {
	switch ending {
	case ".csv", ".jsonl", ".ndjson", ".parquet", ".arrow", ".feather", ".arrows":
		return nil
	}
	return fmt.Errorf("expected a name that ends in .csv, .jsonl, .parquet or .arrow, found the ending %q; rename or convert it", ending)
}

// readFree reads rows about whose names nothing is known.
func readFree(r io.Reader, ending string) ([]rush.Values, error) {
	switch ending {
	case ".csv":
		return readFreeCSV(r)
	case ".jsonl", ".ndjson":
		return readFreeJSONL(r)
	case ".parquet", ".arrow", ".feather", ".arrows":
		return readColumns(r, ending)
	}
	return nil, checkEnding(ending)
}

func readColumns(r io.Reader, ending string) ([]rush.Values, error) {
	format, err := table.FormatOf(ending)
	if err != nil {
		return nil, err
	}
	file, err := seekable(r)
	if err != nil {
		return nil, err
	}
	return table.ReadRows(file, format, nil)
}

// checkSameNames refuses rows with other names than the first.
func checkSameNames(rows []rush.Values) error {
	for i, row := range rows {
		for name := range rows[0] {
			if _, ok := row[name]; !ok {
				return fmt.Errorf("row %d: it has no %s, which row 1 has", i+1, name)
			}
		}
		if len(row) > len(rows[0]) {
			return fmt.Errorf("row %d: it has %d names, row 1 has %d", i+1, len(row), len(rows[0]))
		}
	}
	return nil
}

// load reads the points of a definition that came from a network, and makes sure
// that they are still the same.
func (d *Definition) load() error {
	if d.points != nil || d.Loop.Design == nil {
		return nil
	}
	points, err := d.readDesign()
	if err != nil {
		return err
	}
	if digest(points) != d.Loop.Design.Digest {
		return fmt.Errorf("the design %s has changed since the search began; put the old one back", d.Loop.Design.File)
	}
	d.points = points
	return nil
}

// Inputs lists the names of what the objective is given, but for constants, or
// nil if only who pushes tasks knows.
func (d *Definition) Inputs() []string {
	switch {
	case d.Space.Len() > 0:
		return d.Space.Names()
	case d.Loop.Design != nil:
		return d.Loop.Design.Names
	}
	return nil
}
