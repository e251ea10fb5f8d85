package search

import (
	"strings"

	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/table"
)

// Schema declares the columns that every table of the search has: its inputs,
// in the order of the space, and its targets.
func (d *Definition) Schema() table.Schema {
	var s table.Schema
	for _, p := range d.Space.Params() {
		s = append(s, table.Column{Name: p.Name, Role: table.XS, Type: columnType(p)})
	}
	for _, t := range d.Codomain {
		s = append(s, table.Column{Name: t.Name, Role: table.YS, Type: table.Float64})
	}
	return s
}

func columnType(p space.Param) table.Type {
	switch p.Type {
	case space.Dbl:
		return table.Float64
	case space.Int:
		return table.Int64
	case space.Lgl:
		return table.Bool
	}
	return table.Inferred
}

// CommandLine is the command that scores the points, as a person would type
// it; empty when it is no command.
func (d *Definition) CommandLine() string {
	var command []string
	switch o := &d.Objective; {
	case o.Command != nil:
		command = o.Command.Command
	case o.Plugin != nil:
		command = o.Plugin.Command
	}
	return commandLine(command)
}

// LoopCommandLine is the program that is the loop, like [Definition.CommandLine];
// empty when the loop is built in.
func (d *Definition) LoopCommandLine() string {
	switch l := &d.Loop; {
	case l.Command != nil:
		return commandLine(l.Command.Command)
	case l.Plugin != nil:
		return commandLine(l.Plugin.Command)
	}
	return ""
}

func commandLine(command []string) string {
	words := make([]string, len(command))
	for i, w := range command {
		words[i] = w
		if w == "" || strings.ContainsAny(w, " \t\n'\"\\$`;&|<>*?(){}") {
			words[i] = "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
		}
	}
	return strings.Join(words, " ")
}
