// Dist packs the binaries that make build-all leaves in bin/ into one archive
// for each platform, with a SHA256SUMS beside them:
//
//	go run ./scripts/dist -version v1.2.3 -time 1767225600 -o dist bin/rush_*
//
// The same inputs give the same bytes: entries are in a fixed order, and have
// the given time, no owner and fixed modes.
package main

import (
	"crypto/sha256"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

func main() {
	version := flag.String("version", "", "version in the archives' names")
	seconds := flag.Int64("time", 0, "modification time of every entry, in Unix seconds")
	out := flag.String("o", "dist", "directory that is made anew for the archives")
	flag.Parse()
	if err := run(*version, time.Unix(*seconds, 0).UTC(), *out, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "dist:", err)
		os.Exit(1)
	}
}

func run(version string, mtime time.Time, out string, binaries []string) error {
	if version == "" || len(binaries) == 0 {
		return fmt.Errorf("expected -version and binaries named rush_OS_ARCH, found -version %q and %d binaries", version, len(binaries))
	}
	if err := os.RemoveAll(out); err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	var sums strings.Builder
	for _, binary := range slices.Sorted(slices.Values(binaries)) {
		name, data, err := archive(version, mtime, binary)
		if err != nil {
			return fmt.Errorf("pack %s: %w", binary, err)
		}
		if err := os.WriteFile(filepath.Join(out, name), data, 0o644); err != nil {
			return err
		}
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(data), name)
		fmt.Println(filepath.Join(out, name))
	}
	return os.WriteFile(filepath.Join(out, "SHA256SUMS"), []byte(sums.String()), 0o644)
}

// archive packs one binary, named rush_OS_ARCH, with what every archive holds.
func archive(version string, mtime time.Time, binary string) (name string, data []byte, err error) {
	platform := strings.TrimPrefix(strings.TrimSuffix(filepath.Base(binary), ".exe"), "rush_")
	top := "rush_" + version + "_" + platform
	exe := "rush" + filepath.Ext(binary)
	entries := []entry{{source: "LICENSE", mode: 0o644}, {source: "README.md", mode: 0o644}, {source: binary, name: exe, mode: 0o755}}
	for i := range entries {
		if err := entries[i].read(top); err != nil {
			return "", nil, err
		}
	}
	if strings.HasPrefix(platform, "windows_") {
		data, err = zipped(entries, mtime)
		return top + "_untested.zip", data, err // nobody runs the tests on Windows
	}
	data, err = tarred(entries, mtime)
	return top + ".tar.gz", data, err
}
