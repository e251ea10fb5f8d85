package command

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// makeDir makes an empty directory. One that is there already is moved aside.
func makeDir(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	for {
		err := os.Mkdir(path, 0o777)
		if !errors.Is(err, fs.ErrExist) {
			return err
		}
		if err := moveAside(path); err != nil {
			return err
		}
	}
}

// moveAside renames path to the first of path.1, path.2, ... that is free.
func moveAside(path string) error {
	for n := 1; ; n++ {
		to := fmt.Sprintf("%s.%d", path, n)
		if _, err := os.Lstat(to); err == nil {
			continue
		}
		err := os.Rename(path, to)
		if errors.Is(err, fs.ErrExist) {
			continue // somebody else was faster
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil // and moved it
		}
		return err
	}
}

// prepare makes what the process will find: its directory and its files, and no
// answer.
func (c *Call) prepare() error {
	if c.own {
		if err := makeDir(c.Dir); err != nil {
			return fmt.Errorf("make the task's directory: %w", err)
		}
		c.made = true
	}
	for _, f := range c.Files {
		if err := f.write(); err != nil {
			return fmt.Errorf("fill in a template: %w", err)
		}
	}
	if c.answerFile == "" {
		return nil
	}
	if err := os.Remove(c.answerFile); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove the answer of another task: %w", err)
	}
	return nil
}

// tidy removes the task's directory if it is not to be kept.
func (c *Call) tidy(keep Keep, failed bool) error {
	if !c.made || keep == KeepAlways || keep == KeepFailed && failed {
		return nil
	}
	return os.RemoveAll(c.Dir)
}
