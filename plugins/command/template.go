package command

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// A template is a file that is filled in for each task.
type template struct {
	in      string // absolute
	mode    fs.FileMode
	content text
	out     text
}

// A File is what was filled in for a task.
type File struct {
	Path    string // absolute
	Content string
	mode    fs.FileMode
}

func (o *Objective) setTemplates(list Templates) error {
	for i, spec := range list {
		if spec.In == "" || spec.Out == "" {
			return fmt.Errorf("template %d: in is %q and out is %q; expected the name of a file for both", i+1, spec.In, spec.Out)
		}
		in := within(o.base, spec.In)
		info, err := os.Stat(in)
		if err != nil {
			return fmt.Errorf("template: %w", err)
		}
		content, err := os.ReadFile(in)
		if err != nil {
			return fmt.Errorf("template: %w", err)
		}
		o.templates = append(o.templates, template{in, info.Mode().Perm(), parseText(string(content)), parseText(spec.Out)})
	}
	return nil
}

// fill returns the file for a task that runs in dir.
func (t template) fill(values scope, dir string) (File, error) {
	content, err := t.content.fill(values)
	if err != nil {
		return File{}, fmt.Errorf("template %s: %w", t.in, err)
	}
	out, err := t.out.fill(values)
	if err != nil {
		return File{}, fmt.Errorf("template: out: %w", err)
	}
	path := within(dir, out)
	if path == t.in {
		return File{}, fmt.Errorf("template: %s would be written over itself: out has to be another file", path)
	}
	return File{path, content, t.mode}, nil
}

// write writes the file. No process may be forked meanwhile: it would hold the
// file open for writing, and one that is a program could not be executed
// (golang.org/issue/22315).
func (f File) write() error {
	if err := os.MkdirAll(filepath.Dir(f.Path), 0o777); err != nil {
		return err
	}
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	file, err := os.OpenFile(f.Path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, f.mode|0o200)
	if err != nil {
		return err
	}
	_, err = file.WriteString(f.Content)
	return errors.Join(err, file.Close())
}
