package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// inTree makes a directory with what make build-all leaves and works in it.
func inTree(t *testing.T) {
	t.Helper()
	t.Chdir(t.TempDir())
	if err := os.Mkdir("bin", 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"LICENSE", "README.md", "bin/rush_linux_arm64", "bin/rush_windows_amd64.exe"} {
		if err := os.WriteFile(name, []byte("content of "+name), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func pack(t *testing.T, out string) {
	t.Helper()
	mtime := time.Unix(1767225600, 0).UTC()
	if err := run("v1.2.3", mtime, out, []string{"bin/rush_windows_amd64.exe", "bin/rush_linux_arm64"}); err != nil {
		t.Fatal(err)
	}
}

func TestArchivesHoldTheBinaryItsLicenceAndItsReadme(t *testing.T) {
	inTree(t)
	pack(t, "dist")
	got := map[string][]string{
		"rush_v1.2.3_linux_arm64.tar.gz":         tarNames(t, "dist/rush_v1.2.3_linux_arm64.tar.gz"),
		"rush_v1.2.3_windows_amd64_untested.zip": zipNames(t, "dist/rush_v1.2.3_windows_amd64_untested.zip"),
	}
	want := map[string][]string{
		"rush_v1.2.3_linux_arm64.tar.gz": {
			"-rw-r--r-- rush_v1.2.3_linux_arm64/LICENSE",
			"-rw-r--r-- rush_v1.2.3_linux_arm64/README.md",
			"-rwxr-xr-x rush_v1.2.3_linux_arm64/rush",
		},
		"rush_v1.2.3_windows_amd64_untested.zip": {
			"-rw-r--r-- rush_v1.2.3_windows_amd64/LICENSE",
			"-rw-r--r-- rush_v1.2.3_windows_amd64/README.md",
			"-rwxr-xr-x rush_v1.2.3_windows_amd64/rush.exe",
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("archives (-want +got):\n%s", diff)
	}
}

func TestPackingTwiceGivesTheSameBytes(t *testing.T) {
	inTree(t)
	pack(t, "first")
	if err := os.Chtimes("LICENSE", time.Time{}, time.Unix(1, 0)); err != nil {
		t.Fatal(err)
	}
	pack(t, "second")
	for _, name := range []string{"SHA256SUMS", "rush_v1.2.3_linux_arm64.tar.gz", "rush_v1.2.3_windows_amd64_untested.zip"} {
		if !bytes.Equal(read(t, filepath.Join("first", name)), read(t, filepath.Join("second", name))) {
			t.Errorf("%s differs", name)
		}
	}
}

func TestAMissingReadmeIsNamed(t *testing.T) {
	inTree(t)
	if err := os.Remove("README.md"); err != nil {
		t.Fatal(err)
	}
	err := run("v1.2.3", time.Time{}, "dist", []string{"bin/rush_linux_arm64"})
	if !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), "README.md") {
		t.Errorf("got %v, want an error that names README.md", err)
	}
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func tarNames(t *testing.T, name string) (names []string) {
	t.Helper()
	compressed, err := gzip.NewReader(bytes.NewReader(read(t, name)))
	if err != nil {
		t.Fatal(err)
	}
	for r := tar.NewReader(compressed); ; {
		header, err := r.Next()
		if err == io.EOF {
			return names
		}
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, header.FileInfo().Mode().String()+" "+header.Name)
	}
}

func zipNames(t *testing.T, name string) (names []string) {
	t.Helper()
	r, err := zip.OpenReader(name)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for _, f := range r.File {
		names = append(names, f.Mode().String()+" "+f.Name)
	}
	return names
}
