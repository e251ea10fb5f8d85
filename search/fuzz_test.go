package search

import (
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// FuzzParse reads anything: what is good survives being stored, what is not is
// told with a place within the file.
func FuzzParse(f *testing.F) {
	f.Add(strings.NewReplacer("command:", "function: f\n#", "template:", "#").Replace(everything), "terminate.evals=5")
	f.Add("\r0", "0") // a line's end as old Macs had it
	paths, _ := filepath.Glob("testdata/errors/*.txtar")
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			f.Fatal(err)
		}
		sets := "a=b"
		for _, file := range archive.Files {
			if file.Name == "sets" {
				sets = string(file.Data)
			}
		}
		f.Add(string(archive.Files[0].Data), sets)
	}
	f.Fuzz(func(t *testing.T, text, set string) {
		if strings.Contains(text+set, "command") || strings.Contains(text+set, "design") || strings.Contains(text+set, "resolution") ||
			strings.Contains(text+set, "by") {
			return // looks at files, or at millions of values
		}
		file, err := Parse("search.yaml", []byte(text), set)
		var wrong *Error
		switch {
		case err == nil:
			if _, err := json.Marshal(file.Definition); err != nil {
				t.Errorf("it cannot be stored: %v", err)
			}
			roundTrip(t, file.Definition)
		case errors.As(err, &wrong):
			lines := strings.Count(text, "\n") + strings.Count(text, "\r") + 1
			for _, m := range wrong.Mistakes {
				if m.Message == "" || m.Line > lines {
					t.Errorf("the mistake %+v is nowhere in the file of %d lines", m, lines)
				}
			}
		}
	})
}
