package command

import (
	"fmt"
	"path/filepath"
	"slices"
)

// checkNames checks the names of values against one another, and the placeholders
// against the names. Nothing is checked when they are not
// known, or are not given as variables and by placeholders.
func (o *Objective) checkNames(set Options) error {
	if set.Parameters == nil || o.kept != nil {
		return nil
	}
	known := scope{}
	for _, name := range set.Constants {
		if slices.Contains(set.Parameters, name) {
			return twice(name)
		}
	}
	names := slices.Concat(set.Parameters, set.Constants)
	if err := checkVariables(names); err != nil {
		return err
	}
	for _, name := range names {
		known[name] = ""
	}
	for _, f := range facts() {
		known[namePrefix+f.name] = ""
	}
	for _, p := range o.texts() {
		if err := p.text.check(known); err != nil {
			return fmt.Errorf("%s: %w", p.where, err)
		}
	}
	return nil
}

// A place is a text and where it stands in the search file.
type place struct {
	where string
	text  text
}

// texts returns all texts in which placeholders are filled in.
func (o *Objective) texts() []place {
	var all []place
	for i, t := range o.command {
		where := fmt.Sprintf("argument %d, %q", i, t.source)
		if i == 0 {
			where = fmt.Sprintf("the program, %q", t.source)
		}
		all = append(all, place{where, t})
	}
	for _, name := range sortedNames(o.env) {
		all = append(all, place{"env: " + name, o.env[name]})
	}
	all = append(all, place{"dir", o.dir}, place{"answer: file", o.answer.file})
	for _, t := range o.templates {
		all = append(all, place{"template: out", t.out}, place{"template " + t.in, t.content})
	}
	return all
}

// checkShared refuses files that several processes would write at once.
func (o *Objective) checkShared(workers int) error {
	if o.ownDir() || workers == 1 {
		return nil
	}
	files := []place{{"answer: file", o.answer.file}}
	for _, t := range o.templates {
		files = append(files, place{"template: out", t.out})
	}
	for _, f := range files {
		if f.text.source != "" && !f.text.has(namePrefix+"task") {
			return fmt.Errorf("%s: %s would be written by %d workers at once; give each task a directory, dir: {path: \"runs/{{rush.task}}\"}, or the file a name with {{rush.task}} in it, or use one worker",
				f.where, filepath.ToSlash(f.text.source), workers)
		}
	}
	return nil
}
