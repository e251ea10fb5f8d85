package search

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestErrors reads each file of testdata/errors: a search file, --set flags, a
// line each, other files, and the error that is expected.
func TestErrors(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("testdata/errors/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("found %d cases: %v", len(paths), err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			got := loadArchive(t, archive)
			want := &archive.Files[len(archive.Files)-1]
			if want.Name != "error" {
				t.Fatalf("%s: the last file is %s, expected error", path, want.Name)
			}
			if *update {
				want.Data = []byte(got)
				if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(want.Data), got); diff != "" {
				t.Errorf("the error differs (-want +got):\n%s", diff)
			}
		})
	}
}

// loadArchive loads the archive's search.yaml and returns the error's text.
func loadArchive(t *testing.T, archive *txtar.Archive) string {
	t.Helper()
	dir := t.TempDir()
	var sets []string
	for _, f := range archive.Files {
		switch f.Name {
		case "error":
		case "sets":
			sets = strings.Split(strings.TrimSuffix(string(f.Data), "\n"), "\n")
		default:
			if err := os.WriteFile(filepath.Join(dir, f.Name), f.Data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	_, err := Load(filepath.Join(dir, "search.yaml"), sets...)
	if err == nil {
		t.Fatal("there was no error")
	}
	return strings.ReplaceAll(err.Error(), dir+string(filepath.Separator), "") + "\n"
}
