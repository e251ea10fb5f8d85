package command

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// findProgram returns the absolute path of a program: one with a slash in its
// name is relative to base, another is looked for on the PATH.
func findProgram(name, base string) (string, error) {
	if name == "" {
		return "", errors.New("the program's name is empty; expected a list of the program and its arguments, such as [python3, train.py]")
	}
	if filepath.Base(name) == name {
		return lookPath(name, base)
	}
	path := within(base, name)
	found, err := exec.LookPath(path)
	switch info, statErr := os.Stat(path); {
	case err == nil:
		return found, nil
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, exec.ErrNotFound):
		return "", fmt.Errorf("there is no program %s: looked for %s", name, path)
	case statErr == nil && info.IsDir():
		return "", fmt.Errorf("%s is a directory, expected a program", path)
	case errors.Is(err, fs.ErrPermission):
		return "", fmt.Errorf("%s is not executable: run chmod +x on it, or put its interpreter first, as in [python3, %s]", path, name)
	}
	return "", fmt.Errorf("look for the program %s: %w", name, err)
}

func lookPath(name, base string) (string, error) {
	path, err := exec.LookPath(name)
	if err == nil {
		return filepath.Abs(path)
	}
	here := ""
	if info, err := os.Stat(filepath.Join(base, name)); err == nil && info.Mode().IsRegular() {
		here = fmt.Sprintf("; the one in %s is written ./%s", base, name)
	}
	dirs := strings.Join(filepath.SplitList(os.Getenv("PATH")), ", ")
	return "", fmt.Errorf("there is no program %s on the PATH (%s)%s", name, dirs, here)
}

// within returns path, which is relative to dir unless it is absolute.
func within(dir, path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(dir, path)
}
