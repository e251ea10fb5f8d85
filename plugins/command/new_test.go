//go:build unix

package command_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/plugins/command"
)

func checkError(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got error %v, want one that says %q", err, want)
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	base := t.TempDir()
	write(t, base, "plain.sh", "echo 1\n", 0o644)
	write(t, base, "bad.tmpl", "x = {{x}}\ny = {{lernrate}}\n", 0o644)
	if err := os.Mkdir(filepath.Join(base, "dir"), 0o755); err != nil {
		t.Fatal(err)
	}
	command1 := func(args ...string) command.Spec { return command.Spec{Command: args} }
	with := func(change func(*command.Spec)) command.Spec {
		spec := command1("sh")
		change(&spec)
		return spec
	}
	regex := func(expression string) command.Spec {
		return with(func(s *command.Spec) { s.Answer = &command.Answer{Regex: map[string]string{"y": expression}} })
	}
	known := command.Options{Parameters: []string{"learnrate", "x"}, Constants: []string{"data"}, Workers: 2}
	for _, tc := range []struct {
		name string
		spec command.Spec
		opts command.Options
		want string
	}{
		{"nothing", command1(), known, "it is empty; expected a list of the program and its arguments"},
		{"no name", command1(""), known, "the program's name is empty"},
		{"a program that is not on the PATH", command1("no-such-program"), known, "there is no program no-such-program on the PATH (/"},
		{"one that is in the directory", command1("plain.sh"), known, "the one in " + base + " is written ./plain.sh"},
		{"one that is not in the directory", command1("./none.sh"), known, "there is no program ./none.sh: looked for " + base + "/none.sh"},
		{"one that is nowhere", command1("/none/such"), known, "there is no program /none/such: looked for /none/such"},
		{"a directory", command1("./dir"), known, base + "/dir is a directory, expected a program"},
		{"one that is not executable", command1("./plain.sh"), known, base + "/plain.sh is not executable: run chmod +x on it, or put its interpreter first, as in [python3, ./plain.sh]"},

		{"an unknown name", command1("sh", "--lr={{lernrate}}"), known, `argument 1, "--lr={{lernrate}}": {{lernrate}} is no parameter, constant or name of rush; did you mean {{learnrate}}?`},
		{"an unknown name of a program", command1("./sim-{{z}}"), known, `the program, "./sim-{{z}}": {{z}}`},
		{"an unknown name of rush", with(func(s *command.Spec) { s.Env = map[string]string{"A": "{{rush.tsk}}"} }), known, "env: A: {{rush.tsk}} is no parameter, constant or name of rush; did you mean {{rush.task}}?"},
		{"an unknown name in a template", with(func(s *command.Spec) { s.Template = command.Templates{{In: "bad.tmpl", Out: "{{rush.task}}"}} }), known, "bad.tmpl: {{lernrate}} is no parameter"},
		{"a name twice", command1("sh"), command.Options{Parameters: []string{"x"}, Constants: []string{"x"}}, "x is both a parameter and a constant"},
		{"a variable twice", command1("sh"), command.Options{Parameters: []string{"x.1"}, Constants: []string{"x-1"}}, "x.1 and x-1 would be the same environment variable, RUSH_X_x_1"},
		{"a name of rush", command1("sh"), command.Options{Parameters: []string{"rush.x"}}, "the name rush.x begins with rush."},

		{"a variable of rush", with(func(s *command.Spec) { s.Env = map[string]string{"RUSH_TASK": "1"} }), known, "env: RUSH_TASK is set by rush itself"},
		{"a variable of a value", with(func(s *command.Spec) { s.Env = map[string]string{"RUSH_X_a": "1"} }), known, "env: RUSH_X_a is set by rush itself"},
		{"no variable", with(func(s *command.Spec) { s.Env = map[string]string{"A=B": "1"} }), known, `env: "A="... cannot name an environment variable; expected letters, digits and _`},

		{"one directory for all", with(func(s *command.Spec) { s.Dir = &command.Dir{Path: "runs"} }), known, `dir: the path "runs" is the same for every task; expected {{rush.task}} in it`},
		{"a directory in itself", with(func(s *command.Spec) { s.Dir = &command.Dir{Path: "{{rush.dir}}/{{rush.task}}"} }), known, "cannot have {{rush.dir}} in it"},
		{"no way to keep", with(func(s *command.Spec) { s.Dir = &command.Dir{Path: "{{rush.task}}", Keep: "sometimes"} }), known, `dir: keep is "sometimes"; expected always, failed or never`},

		{"no template", with(func(s *command.Spec) { s.Template = command.Templates{{In: "none", Out: "o"}} }), known, "template: stat " + base + "/none"},
		{"a directory for a template", with(func(s *command.Spec) { s.Template = command.Templates{{In: "dir", Out: "o"}} }), known, "template: read " + base + "/dir"},
		{"half a template", with(func(s *command.Spec) { s.Template = command.Templates{{In: "bad.tmpl"}} }), known, `template 1: in is "bad.tmpl" and out is ""`},

		{"an empty answer", with(func(s *command.Spec) { s.Answer = &command.Answer{} }), known, "answer: it is empty"},
		{"no expression", regex("(a"), known, "answer: regex: y: error parsing regexp: missing closing ): `(a`"},
		{"no group", regex("y=.*"), known, "answer: regex: y: y=.* has 0 groups; expected one pair of parentheses"},
		{"two groups", regex("(a)(b)"), known, "has 2 groups"},
		{"no expression for the codomain", with(func(s *command.Spec) { s.Answer = &command.Answer{Regex: map[string]string{"z": "(.)"}} }), known, "there is no expression for y, which the codomain names"},

		{"an answer of several at once", with(func(s *command.Spec) { s.Answer = &command.Answer{File: "out.json"} }), known, "answer: file: out.json would be written by 2 workers at once; give each task a directory"},
		{"a file of several at once", with(func(s *command.Spec) { s.Template = command.Templates{{In: "plain.sh", Out: "o"}} }), known, "template: out: o would be written by 2 workers at once"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := command.New(tc.spec, base, minimizeY, &tc.opts)
			checkError(t, err, "command: ")
			checkError(t, err, tc.want)
		})
	}
}

func TestNewAccepts(t *testing.T) {
	t.Parallel()
	base := t.TempDir()
	write(t, base, "run.sh", "#!/bin/sh\necho 3\n", 0o755)
	t.Run("a program in the directory", func(t *testing.T) {
		t.Parallel()
		got, err := newIn(t, base, command.Spec{Command: []string{"./run.sh"}}, nil).Evaluate(t.Context(), task(nil))
		if err != nil || got["y"] != int64(3) {
			t.Errorf("got %v, %v, want y = 3", got, err)
		}
	})
	t.Run("a relative directory", func(t *testing.T) {
		t.Parallel()
		wd, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		rel, err := filepath.Rel(wd, base)
		if err != nil {
			t.Fatal(err)
		}
		got, err := newIn(t, rel, command.Spec{Command: []string{"./run.sh"}}, nil).Evaluate(t.Context(), task(nil))
		if err != nil || got["y"] != int64(3) {
			t.Errorf("got %v, %v, want y = 3", got, err)
		}
	})
	t.Run("names that are files of their own", func(t *testing.T) {
		t.Parallel()
		spec := sh("exit 0")
		spec.Answer = &command.Answer{File: "out-{{ rush.task }}.json"}
		if _, err := command.New(spec, base, loops.Codomain{}, &command.Options{Workers: 8}); err != nil {
			t.Error(err)
		}
	})
}
