package main

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/spf13/cobra"
)

func (a *app) newCommand() *cobra.Command {
	var s scaffold
	c := &cobra.Command{
		Use:   "new objective|loop NAME",
		Short: "Write a folder with an objective or a loop of your own, which runs at once",
		Long: `Write a folder NAME with a program that has an objective or a loop, a search file
that uses it, a test and a README. It runs at once; then change what it does. An
existing folder is left as it is.`,
		Example: `  rush new objective sim --lang python
  rush new loop climber --lang go`,
		Args:      cobra.ExactArgs(2),
		ValidArgs: []string{"objective", "loop"},
		RunE: func(cmd *cobra.Command, args []string) error {
			s.kind, s.dir = args[0], args[1]
			if err := s.check(); err != nil {
				return exitError{exitUsage, err}
			}
			if err := s.write(cmd.Context()); err != nil {
				return err
			}
			a.printf("%s\n", s.next())
			return nil
		},
	}
	c.Flags().StringVar(&s.lang, "lang", "go", "the language: "+strings.Join(languageNames(), ", "))
	c.Flags().BoolVar(&s.grpc, "grpc", false, "a program in Python that speaks gRPC with rush instead of JSON lines")
	c.Flags().StringVar(&s.source, "source", "", "where rush's source is, for a Go program (default: the released version, or the source that this rush was built from)")
	return c
}

// A language is one that scaffolds are written in.
type language struct {
	name  string
	title string
	build string // the command that makes the program; "" if there is nothing to make
	file  string // what a person is to change; KIND stands for objective or loop
	// adapter is the file below examples that is copied beside it, "" for none.
	adapter string
}

// languages lists the languages, the first of which is the default.
func languages() []language {
	return []language{
		{name: "go", title: "Go", build: "go build", file: "main.go"},
		{name: "python", title: "Python", file: "KIND.py", adapter: "jsonlines/rush_KIND.py"},
		{name: "r", title: "R", file: "KIND.R", adapter: "jsonlines/rush_KIND.R"},
		{name: "node", title: "JavaScript", file: "KIND.js", adapter: "jsonlines/rush_KIND.js"},
		{name: "sh", title: "shell", file: "KIND.sh", adapter: "jsonlines/rush_KIND.sh"},
	}
}

func languageNames() []string {
	var names []string
	for _, l := range languages() {
		names = append(names, l.name)
	}
	return names
}

// scaffoldName is what a program and its objective or loop can be called, in every
// language.
var scaffoldName = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9_-]*$`)

// check checks what the person asked for.
func (s *scaffold) check() error {
	if s.kind != "objective" && s.kind != "loop" {
		return fmt.Errorf("expected objective or loop, found %q, as in: rush new objective %s --lang %s", s.kind, s.name(), s.lang)
	}
	if !scaffoldName.MatchString(s.name()) {
		return fmt.Errorf("the name is %q; expected letters, digits, - and _ after a letter, as in my-objective", s.name())
	}
	if s.grpc && s.lang != "python" {
		return fmt.Errorf("--grpc is for --lang python; a program in Go speaks it anyway, and docs/plugins.md says how to write one in another language")
	}
	for _, l := range languages() {
		if l.name == s.lang {
			s.language = l
			if l.name == "go" && s.isReleased() {
				s.build = "go build -mod=mod" // which also notes what else it downloads
			}
			return nil
		}
	}
	return fmt.Errorf("--lang is %q; expected %s", s.lang, strings.Join(languageNames(), ", "))
}

// next says what to do with the folder.
func (s *scaffold) next() string {
	build := ""
	if s.language.build != "" {
		build = s.language.build + " && "
	}
	return fmt.Sprintf("%s has %s in %s: change %s, and test it with: sh %s/test.sh\nrun it: cd %s && %srush run search.yaml",
		s.dir, s.article(), s.language.title, s.file(), s.dir, s.dir, build)
}
