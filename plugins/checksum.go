package plugins

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Verify compares the program's file with SHA256, if there is one; it is done
// before every start. A program that is looked for in PATH is taken for an
// interpreter if one of its arguments is a file: then it is that script whose
// checksum counts, the first of them.
func (s *Spec) Verify() error {
	if s.SHA256 == "" {
		return nil
	}
	path, err := s.file()
	if err != nil {
		return fmt.Errorf("checksum of %s: %w", s, err)
	}
	sum, err := sha256Of(path)
	if err != nil {
		return fmt.Errorf("checksum of %s: %w", s, err)
	}
	if !strings.EqualFold(sum, s.SHA256) {
		return fmt.Errorf("%s is not the program that was meant: expected the SHA-256 %s, found %s; if it was changed on purpose, change sha256, too",
			path, s.SHA256, sum)
	}
	return nil
}

// file finds the file that the checksum is about.
func (s *Spec) file() (string, error) {
	if len(s.Command) == 0 {
		return "", errNoCommand
	}
	program := s.Command[0]
	if filepath.Base(program) != program {
		return s.within(program), nil
	}
	for _, arg := range s.Command[1:] {
		if info, err := os.Stat(s.within(arg)); err == nil && info.Mode().IsRegular() {
			return s.within(arg), nil
		}
	}
	return exec.LookPath(program)
}

// within makes a path absolute that the process would take relative to Dir.
func (s *Spec) within(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(s.Dir, path)
}

func sha256Of(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
