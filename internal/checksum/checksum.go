// Package checksum compares the file of a program with the SHA-256 that it is to
// have, before the program is started; see [Verify].
package checksum

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

// Verify compares the file of a command, a program and its arguments, with a
// SHA-256 in hexadecimal; "" is any. The program and its arguments may be relative
// to dir. A program that is looked for in PATH is taken for an interpreter if one
// of its arguments is a file: then it is that script whose checksum counts, the
// first of them.
func Verify(command []string, dir, sum string) error {
	if sum == "" || len(command) == 0 {
		return nil
	}
	path, err := file(command, dir)
	var found string
	if err == nil {
		found, err = of(path)
	}
	if err != nil {
		return fmt.Errorf("checksum of %s: %w", strings.Join(command, " "), err)
	}
	if !strings.EqualFold(found, sum) {
		return fmt.Errorf("%s is not the program that was meant: expected the SHA-256 %s, found %s; if it was changed on purpose, change sha256, too",
			path, sum, found)
	}
	return nil
}

// file finds the file that the checksum is about.
func file(command []string, dir string) (string, error) {
	program := command[0]
	if filepath.Base(program) != program {
		return within(dir, program), nil
	}
	for _, arg := range command[1:] {
		if info, err := os.Stat(within(dir, arg)); err == nil && info.Mode().IsRegular() {
			return within(dir, arg), nil
		}
	}
	return exec.LookPath(program)
}

// within makes a path absolute that the process would take relative to dir.
func within(dir, path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dir, path)
}

func of(path string) (string, error) {
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
