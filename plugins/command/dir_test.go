//go:build unix

package command_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/plugins/command"
)

func TestKeepingDirectories(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		keep command.Keep
		x    int // the exit code
		want string
	}{
		{"", 0, "net-7"},
		{"", 1, "net-7"},
		{command.KeepAlways, 0, "net-7"},
		{command.KeepFailed, 0, ""},
		{command.KeepFailed, 1, "net-7"},
		{command.KeepNever, 0, ""},
		{command.KeepNever, 1, ""},
	} {
		base := t.TempDir()
		spec := sh("echo 1 > file; mkdir -p sub; echo '{\"y\": 1}' > out.json; exit $RUSH_X_x")
		spec.Dir = &command.Dir{Path: "runs/{{rush.network}}-{{rush.task}}", Keep: tc.keep}
		spec.Answer = &command.Answer{File: "out.json"}
		got, err := newIn(t, base, spec, nil).Evaluate(t.Context(), task(rush.Values{"x": tc.x}))
		if tc.x == 0 && (err != nil || got["y"] != int64(1)) || tc.x != 0 && err == nil {
			t.Errorf("keep %q, exit code %d: got %v, %v", tc.keep, tc.x, got, err)
		}
		if got := listing(t, filepath.Join(base, "runs")); got != tc.want {
			t.Errorf("keep %q, exit code %d: there is %q, want %q", tc.keep, tc.x, got, tc.want)
		}
	}
}

func TestTheProcessRunsInItsDirectory(t *testing.T) {
	t.Parallel()
	base := t.TempDir()
	write(t, base, "sim.sh", `cat "$RUSH_BASE/data"; cat data; pwd; echo "$RUSH_DIR"; printf '%s ' "$@"`, 0o600)
	write(t, base, "data", "17\n", 0o600)
	write(t, base, "in", "in {{rush.task}}\n", 0o600)
	spec := command.Spec{
		Command:  []string{"sh", "sim.sh", "sim.sh", "missing", "{{rush.base}}", "{{rush.dir}}", ""},
		Dir:      &command.Dir{Path: "{{rush.task}}"},
		Template: command.Templates{{In: "in", Out: "data"}},
		Answer:   &command.Answer{Regex: map[string]string{"y": `(?s)\A(.*)\z`}},
	}
	got, err := newIn(t, base, spec, nil).Evaluate(t.Context(), task(nil))
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(base, "7")
	want := "17\nin 7\n" + dir + "\n" + dir + "\n" + base + "/sim.sh missing " + base + " " + dir + "  "
	if got["y"] != want {
		t.Errorf("got  %q\nwant %q", got["y"], want)
	}
}

// Every attempt begins in an empty directory, and nothing of another is lost.
func TestADirectoryThatIsThereIsMovedAside(t *testing.T) {
	t.Parallel()
	base := t.TempDir()
	spec := sh("test ! -e mark && echo $RUSH_X_x > mark && echo 1")
	spec.Dir = &command.Dir{Path: "runs/{{rush.task}}"}
	o := newIn(t, base, spec, nil)
	for x := range 3 {
		if _, err := o.Evaluate(t.Context(), task(rush.Values{"x": x})); err != nil {
			t.Fatal(err)
		}
	}
	for dir, want := range map[string]string{"7": "2\n", "7.1": "0\n", "7.2": "1\n"} {
		if got := read(t, filepath.Join(base, "runs", dir, "mark")); got != want {
			t.Errorf("%s/mark: got %q, want %q", dir, got, want)
		}
	}
}

func TestADirectoryThatCannotBeMade(t *testing.T) {
	t.Parallel()
	base := t.TempDir()
	write(t, base, "runs", "a file", 0o600)
	spec := sh("echo 1")
	spec.Dir = &command.Dir{Path: "runs/{{rush.task}}", Keep: command.KeepNever}
	if got, err := newIn(t, base, spec, nil).Evaluate(t.Context(), task(nil)); err == nil {
		t.Errorf("got %v, want an error", got)
	}
	if got := read(t, filepath.Join(base, "runs")); got != "a file" {
		t.Errorf("the file was changed: %q", got)
	}
}

func TestTemplates(t *testing.T) {
	t.Parallel()
	base := t.TempDir()
	write(t, base, "run.tmpl", "#!/bin/sh\ncat in/put.dat\n", 0o755)
	write(t, base, "in.tmpl", "x = {{x}}; n = {{n}} # {\"a\": {}}\n", 0o600)
	spec := command.Spec{
		Command:  []string{"{{rush.dir}}/run.sh"},
		Dir:      &command.Dir{Path: "{{rush.task}}"},
		Template: command.Templates{{In: "run.tmpl", Out: "run.sh"}, {In: "in.tmpl", Out: "in/put.dat"}},
		Answer:   &command.Answer{Regex: map[string]string{"y": "x = (.*);", "rest": "n = (.*)"}},
	}
	o := newIn(t, base, spec, &command.Options{Parameters: []string{"x"}, Constants: []string{"n"}})
	// Many at once, which would find their program busy if another's fork held it open.
	const tasks = 16
	errs := make(chan error, tasks)
	for i := range tasks {
		go func() {
			e := task(rush.Values{"x": float64(i) + 0.5})
			e.Task, e.Constants = rush.TaskKey(i), rush.Values{"n": "many"}
			got, err := o.Evaluate(t.Context(), e)
			if err == nil && (got["y"] != float64(i)+0.5 || got["rest"] != `many # {"a": {}}`) {
				t.Errorf("task %d: got %v", i, got)
			}
			errs <- err
		}()
	}
	for range tasks {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if info, err := os.Stat(filepath.Join(base, "3", "in", "put.dat")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("got %v, %v, want the template's permissions", info, err)
	}
}

func TestTemplatesThatCannotBeFilledIn(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, content, out, want string
	}{
		{"an unknown name", "{{z}}", "out", "in: {{z}} is no parameter, constant or name of rush; there are "},
		{"an unknown name of the file", "", "{{z}}", "template: out: {{z}} is no parameter"},
		{"over itself", "", "./in", "in would be written over itself"},
		{"into nowhere", "", "in/out", "fill in a template: mkdir "},
		{"over a directory", "", ".", "fill in a template: open "},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			base := t.TempDir()
			write(t, base, "in", tc.content, 0o600)
			spec := sh("echo 1")
			spec.Template = command.Templates{{In: "in", Out: tc.out}}
			_, err := newIn(t, base, spec, &command.Options{Workers: 1}).Evaluate(context.Background(), task(rush.Values{"x": 1}))
			checkError(t, err, tc.want)
		})
	}
}
