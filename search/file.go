package search

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/logstore"
)

// maxFile is the largest search file, in bytes.
const maxFile = 1 << 20

// A File is what a search file says.
type File struct {
	Name    string         // as it was given
	Network rush.NetworkID // "" is a new one for each run
	Workers int            // 0 is one for each core
	// Log says which records of the workers' loggers are kept in the network's log;
	// nil is none of them.
	Log        logstore.Thresholds
	Definition *Definition
}

// Load reads and checks a search file. sets change it before it is checked, each
// as --set gives it: "terminate.evals=500". What is wrong in the file is told by
// an *[Error], everything at once. The programs and files that it names are
// looked for, nothing is run.
func Load(path string, sets ...string) (*File, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("there is no search file %s", path)
	case err != nil:
		return nil, fmt.Errorf("read the search file: %w", err)
	case info.IsDir():
		return nil, fmt.Errorf("%s is a directory, expected a search file; try %s", path, filepath.Join(path, "search.yaml"))
	case info.Size() > maxFile:
		return nil, fmt.Errorf("%s has %d bytes, expected a search file of at most %d", path, info.Size(), maxFile)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the search file: %w", err)
	}
	return Parse(path, data, sets...)
}

// Parse is [Load] for a file whose content is in hand. Its name need not exist:
// it is for messages, and paths in the file are relative to the name's directory.
func Parse(name string, data []byte, sets ...string) (*File, error) {
	dir, err := filepath.Abs(filepath.Dir(name))
	if err != nil {
		return nil, fmt.Errorf("read the search file %s: %w", name, err)
	}
	text := strings.TrimPrefix(string(data), "\ufeff")
	if !utf8.ValidString(text) {
		return nil, fmt.Errorf("%s is not UTF-8 text; save it as UTF-8", name)
	}
	unix := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text) // all of them end a line in YAML
	m := &mistakes{lines: strings.Split(unix, "\n")}
	root := parseYAML([]byte(unix), "", "", m)
	if root == nil && len(m.found) == 0 && len(sets) == 0 {
		m.add(place{}, "", "it is empty; expected at least objective: %s", objectiveExample)
	}
	for _, s := range sets {
		root = set(root, s, m)
	}
	if root == nil {
		return nil, m.err(name)
	}
	f := &File{Name: name, Definition: &Definition{Format: Format, Dir: dir, Source: text, Sets: slices.Clone(sets)}}
	d := &draft{reader: &reader{m}, root: root, file: f, def: f.Definition, bad: map[string]bool{}}
	d.read()
	if err := m.err(name); err != nil {
		return nil, err
	}
	return f, nil
}
