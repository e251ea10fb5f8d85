package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
)

const modulePath = "github.com/rushnet/rush"

// released is the version of a rush that the go command can download.
var released = regexp.MustCompile(`^v\d+\.\d+\.\d+$`)

// goModule adds go.mod, and go.sum, to the files of a Go program: with the version
// of this rush if that was released, else with rush's source on this machine, so
// that nothing needs to be downloaded which that was not built with.
func (s *scaffold) goModule(ctx context.Context, files map[string][]byte) error {
	if s.isReleased() {
		files["go.mod"] = fmt.Appendf(nil, "module %s\n\ngo 1.26\n\nrequire %s %s\n", s.name(), modulePath, version)
		return nil
	}
	source, err := s.findSource(ctx)
	if err != nil {
		return err
	}
	mod, err := os.ReadFile(filepath.Join(source, "go.mod"))
	if err != nil {
		return err
	}
	sum, err := os.ReadFile(filepath.Join(source, "go.sum"))
	if err != nil {
		return err
	}
	files["go.mod"], files["go.sum"] = moduleFile(s.name(), source, string(mod)), sum
	return nil
}

// isReleased reports whether the program needs a version of rush that can be
// downloaded.
func (s *scaffold) isReleased() bool { return s.source == "" && released.MatchString(version) }

// moduleFile is the go.mod of a module that needs rush's and all that rush
// needs.
func moduleFile(name, source, mod string) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "module %s\n\nrequire %s v0.0.0\n\nreplace %s => %s\n", name, modulePath, modulePath, filepath.ToSlash(source))
	for line := range strings.Lines(mod) {
		switch {
		case strings.HasPrefix(line, "module "):
			continue
		case strings.HasPrefix(line, "tool "):
			return []byte(b.String())
		case strings.HasPrefix(line, "\t") && !strings.Contains(line, "// indirect"):
			line = strings.TrimSuffix(line, "\n") + " // indirect\n"
		}
		b.WriteString(line)
	}
	return []byte(b.String())
}

// findSource finds rush's source on this machine: where the person says it is, in
// the module of the working directory, or where this program was built.
func (s *scaffold) findSource(ctx context.Context) (string, error) {
	if s.source != "" {
		dir, err := filepath.Abs(s.source)
		if err == nil && !isSource(dir) {
			err = fmt.Errorf("--source: %s has no go.mod of %s", dir, modulePath)
		}
		return dir, err
	}
	list := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", modulePath)
	if out, err := list.Output(); err == nil {
		if dir := strings.TrimSpace(string(out)); isSource(dir) {
			return dir, nil
		}
	}
	if _, file, _, ok := runtime.Caller(0); ok {
		if dir := filepath.Dir(filepath.Dir(filepath.Dir(file))); filepath.IsAbs(dir) && isSource(dir) {
			return dir, nil
		}
	}
	return "", fmt.Errorf("this rush (%s) is not a released version, and its source was not found; say where that is: --source DIR", version)
}

// isSource reports whether a directory has rush's source.
func isSource(dir string) bool {
	mod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	return err == nil && bytes.HasPrefix(mod, []byte("module "+modulePath+"\n"))
}
