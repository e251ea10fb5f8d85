package search

import (
	"context"
	"errors"
	"strings"

	"github.com/rushnet/rush/loops"
)

// CheckPlugins is [Definition.CheckPlugins] for who has the file at hand: what is
// wrong with the arguments of a plugin's loop is told by an *[Error], at its place
// in the file.
func (f *File) CheckPlugins(ctx context.Context) error {
	err := f.Definition.CheckPlugins(ctx)
	if placed := f.placed(argumentErrors(err)); placed != nil {
		return placed
	}
	return err
}

// argumentErrors collects what an error has of arguments, if it has nothing else.
func argumentErrors(err error) []*loops.ArgumentError {
	if a, ok := err.(*loops.ArgumentError); ok {
		return []*loops.ArgumentError{a}
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var all []*loops.ArgumentError
		for _, err := range joined.Unwrap() {
			all = append(all, argumentErrors(err)...)
		}
		return all
	}
	if err = errors.Unwrap(err); err != nil {
		return argumentErrors(err)
	}
	return nil
}

// placed tells mistakes in the arguments of the plugin's loop at their places;
// nil if there are none.
func (f *File) placed(wrong []*loops.ArgumentError) error {
	d := f.Definition
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(d.Source)
	m := &mistakes{lines: strings.Split(text, "\n")}
	root := parseYAML([]byte(text), "", "", m)
	for _, s := range d.Sets {
		root = set(root, s, m)
	}
	loop := root.field("loop")
	if loop == nil || len(m.found) > 0 {
		return nil
	}
	for _, w := range wrong {
		at, path := loop.at, "loop"
		if args := loop.value.field("args"); args != nil {
			at, path = args.at, args.value.path
			if arg := args.value.field(w.Name); arg != nil {
				m.add(arg.value.at, arg.value.path, "%s", w.Problem)
				continue
			}
		}
		m.add(at, path, "argument %s: %s", w.Name, w.Problem)
	}
	return m.err(f.Name)
}
