package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"text/template"

	"github.com/rushnet/rush/examples"
)

// templates has a directory for each language and kind, such as go-loop, and
// common, which all share. The file of a template is named without its .tmpl.
// What is filled in stands in <% %>, which no language of them uses.
//
//go:embed templates
var templates embed.FS

// A scaffold is a folder that a person begins with.
type scaffold struct {
	kind   string // objective or loop
	dir    string // the last part is the name
	lang   string
	source string // of rush
	grpc   bool   // not JSON lines
	language
}

func (s *scaffold) name() string { return filepath.Base(s.dir) }

// file is what the person is to change.
func (s *scaffold) file() string { return strings.ReplaceAll(s.language.file, "KIND", s.kind) }

func (s *scaffold) article() string {
	if s.kind == "objective" {
		return "an objective"
	}
	return "a " + s.kind
}

// write makes the folder. It is an error if there is one; if it cannot be made as
// a whole nothing is left.
func (s *scaffold) write(ctx context.Context) error {
	files, err := s.files(ctx)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(s.dir), 0o777); err != nil {
		return err
	}
	if err := os.Mkdir(s.dir, 0o777); errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already and is left as it is; choose another name", s.dir)
	} else if err != nil {
		return err
	}
	for name, content := range files {
		file := filepath.Join(s.dir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o777), os.WriteFile(file, content, 0o666)); err != nil {
			return errors.Join(err, os.RemoveAll(s.dir))
		}
	}
	return nil
}

// files are the contents of the folder, by path.
func (s *scaffold) files(ctx context.Context) (map[string][]byte, error) {
	files := map[string][]byte{}
	variant := s.lang
	if s.grpc {
		variant += "-grpc"
	}
	for _, dir := range []string{"common", variant + "-" + s.kind} {
		if err := s.fill("templates/"+dir, files); err != nil {
			return nil, err
		}
	}
	if s.grpc {
		for _, name := range examples.PythonOverGRPC() {
			content, err := examples.Adapter("python/" + name)
			if err != nil {
				return nil, err
			}
			files[name] = content
		}
	} else if s.adapter != "" {
		name := strings.ReplaceAll(s.adapter, "KIND", s.kind)
		content, err := examples.Adapter(name)
		if err != nil {
			return nil, err
		}
		files[path.Base(name)] = content
	}
	if s.lang == "go" {
		return files, s.goModule(ctx, files)
	}
	return files, nil
}

// fill adds the files of a directory of templates.
func (s *scaffold) fill(dir string, files map[string][]byte) error {
	entries, err := templates.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		t, err := template.New(e.Name()).Delims("<%", "%>").ParseFS(templates, dir+"/"+e.Name())
		if err != nil {
			return err
		}
		var b strings.Builder
		if err := t.Execute(&b, s.words()); err != nil {
			return err
		}
		files[strings.TrimSuffix(e.Name(), ".tmpl")] = []byte(b.String())
	}
	return nil
}

// words are what the templates name.
func (s *scaffold) words() map[string]string {
	return map[string]string{
		"Name": s.name(), "Kind": s.kind, "A": strings.ToUpper(s.article()[:1]) + s.article()[1:], "File": s.file(), "Language": s.title, "Build": s.build,
	}
}
