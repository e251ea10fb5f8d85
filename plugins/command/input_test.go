//go:build unix

package command_test

import (
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/plugins/command"
)

func TestValuesGoInOnStdin(t *testing.T) {
	t.Parallel()
	e := task(rush.Values{"x": 1.0, "größe": int64(3), "kernel": "it's \"rbf\"", "on": true, "none": nil})
	e.Constants = rush.Values{"list": []any{int64(1), 2.5}}
	want := `{"größe":3,"kernel":"it's \"rbf\"","list":[1,2.5],"none":null,"on":true,"x":1.0}` + "\n"
	if got := printed(t, sh("cat"), e); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestValuesGoInAsVariables(t *testing.T) {
	t.Parallel()
	e := task(rush.Values{
		"x.1": 1.0, "größe": int64(3), "kernel": "it's \"rbf\"\n$HOME", "on": true, "none": nil,
		"nan": math.NaN(), "when": time.Unix(0, 0), "raw": []byte{1, 2},
		"huge": strings.Repeat("x", 40<<10),
	})
	e.Constants = rush.Values{"list": []any{int64(1), "a"}}
	got := printed(t, command.Spec{Command: []string{"env", "-0"}}, e)
	vars := slices.DeleteFunc(strings.Split(got, "\x00"), func(v string) bool { return !strings.HasPrefix(v, "RUSH_") })
	slices.Sort(vars)
	for i, v := range vars {
		vars[i], _, _ = strings.Cut(v, "=/") // directories differ
	}
	want := []string{
		"RUSH_ATTEMPT=2", "RUSH_BASE", "RUSH_CHECKPOINT=", "RUSH_CHECKPOINT_FROM=", "RUSH_DIR", "RUSH_NETWORK=net", "RUSH_PROGRESS",
		"RUSH_RNG_STREAM=" + e.Stream.String(), "RUSH_SEED=" + rush.TaskKey(e.Stream.Int31()).String(),
		"RUSH_TASK=7", "RUSH_WORKER_ID=w1",
		"RUSH_X_gr__e=3", "RUSH_X_kernel=it's \"rbf\"\n$HOME", "RUSH_X_list=[1,\"a\"]", "RUSH_X_nan=NaN",
		"RUSH_X_none=null", "RUSH_X_on=true", "RUSH_X_raw=AQI=", "RUSH_X_when=1970-01-01T00:00:00Z", "RUSH_X_x_1=1.0",
	}
	if diff := cmp.Diff(want, vars); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestPlaceholders(t *testing.T) {
	t.Parallel()
	spec := command.Spec{
		Command: []string{"sh", "-c", `printf '%s|' "$@" "$HERE" "$0"`, "{{rush.task}}",
			"--x={{x1}}", "{{ kernel }} {{two words}}", "{{{x1}}}", "{{}} {{ }} {x1} {{x1}", "{{braces}}", "{{größe}}",
			"{{rush.network}}/{{rush.worker}}/{{rush.attempt}}", "{{rush.seed}}"},
		Env: map[string]string{"HERE": "in {{data}}"},
	}
	e := task(rush.Values{"x1": 0.5, "kernel": "a b; $(echo no) {{x1}}", "two words": int64(2), "größe": -1.5e-9})
	e.Constants = rush.Values{"data": "train.csv", "braces": "{{x1}}"}
	want := strings.Join([]string{
		"--x=0.5", "a b; $(echo no) {{x1}} 2", "{0.5}", "{{}} {{ }} {x1} {{x1}", "{{x1}}", "-1.5e-09",
		"net/w1/2", rush.TaskKey(e.Stream.Int31()).String(), "in train.csv", "7", "",
	}, "|")
	if got := printed(t, spec, e); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestWhatIsInherited(t *testing.T) {
	t.Parallel()
	environ := []string{"PATH=/usr/bin:/bin", "KEPT=1", "RUSH_STORE=s", "RUSH_X_old=1", "RUSH_TASK=99", "RUSH_PLUGIN=cookie", "MKL_NUM_THREADS=8"}
	for _, tc := range []struct {
		name     string
		threads  int
		want     string
		dontWant string
	}{
		{"with a limit", 3, "PATH=/usr/bin:/bin KEPT=1 RUSH_STORE=s MKL_NUM_THREADS=8 OMP_NUM_THREADS=3 OPENBLAS_NUM_THREADS=5 RAYON_NUM_THREADS=3 RUSH_TASK=7", "RUSH_X_old= RUSH_PLUGIN="},
		{"without", -1, "MKL_NUM_THREADS=8 OPENBLAS_NUM_THREADS=5", "OMP_NUM_THREADS= RAYON_NUM_THREADS="},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			spec := command.Spec{Command: []string{"env"}, Env: map[string]string{"OPENBLAS_NUM_THREADS": "5"},
				Answer: &command.Answer{Regex: map[string]string{"y": `(?s)\A(.*)\z`}}}
			o := newIn(t, t.TempDir(), spec, &command.Options{Threads: tc.threads, Environ: environ})
			got, err := o.Evaluate(t.Context(), task(nil))
			if err != nil {
				t.Fatal(err)
			}
			vars := strings.Split(got["y"].(string), "\n")
			for _, v := range strings.Fields(tc.want) {
				if !slices.Contains(vars, v) {
					t.Errorf("there is no %s in\n%s", v, got["y"])
				}
			}
			for _, v := range strings.Fields(tc.dontWant) {
				if slices.ContainsFunc(vars, func(w string) bool { return strings.HasPrefix(w, v) }) {
					t.Errorf("there is %s in\n%s", v, got["y"])
				}
			}
		})
	}
}

func TestInputsThatCannotGoIn(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		spec command.Spec
		xs   rush.Values
		want string
	}{
		{"the same variable twice", sh("exit 0"), rush.Values{"a.b": 1, "a-b": 2}, "a-b and a.b would be the same environment variable, RUSH_X_a_b"},
		{"a constant's name", sh("exit 0"), rush.Values{"data": 1}, "data is both a parameter and a constant"},
		{"rush's name", sh("exit 0"), rush.Values{"rush.task": 1}, "the name rush.task begins with rush."},
		{"no value", sh("exit 0"), rush.Values{"x": func() {}}, "x: a value of type func() cannot be stored"},
		{"a NUL in a variable", sh("exit 0"), rush.Values{"x": "a\x00b"}, "the environment variable \"RUSH_X_x=a\\x00b\" has a NUL character"},
		{"a NUL in an argument", command.Spec{Command: []string{"echo", "{{rush.task}}\x00"}}, nil, `argument 1, "7\x00", has a NUL character`},
		{"an unknown argument", command.Spec{Command: []string{"echo", "{{z}}"}}, rush.Values{"x": 1}, "argument 1: {{z}} is no parameter, constant or name of rush; there are "},
		{"an unknown name in env", command.Spec{Command: []string{"echo"}, Env: map[string]string{"A": "{{nothing like it}}"}}, nil, "env: A: {{nothing like it}} is no parameter, constant or name of rush; there are data, rush.attempt, rush.base,"},
		{"an unknown name in the answer's file", command.Spec{Command: []string{"echo"}, Answer: &command.Answer{File: "{{rush.tusk}}"}}, nil, "answer: file: {{rush.tusk}} is no parameter, constant or name of rush; did you mean {{rush.task}}?"},
		{"an unknown name in the directory", command.Spec{Command: []string{"echo"}, Dir: &command.Dir{Path: "{{rush.task}}{{nix}}"}}, nil, "dir: {{nix}}"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			e := task(tc.xs)
			e.Constants = rush.Values{"data": "d"}
			if _, err := evaluate(t, tc.spec, e); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got error %v, want one that says %q", err, tc.want)
			}
		})
	}
}

// What goes in can be looked at without running anything.
func TestCall(t *testing.T) {
	t.Parallel()
	base := t.TempDir()
	write(t, base, "in.tmpl", "x = {{x}}\n", 0o640)
	write(t, base, "main.py", "", 0o640)
	o := newIn(t, base, command.Spec{
		Command:  []string{"python3", "main.py", "main", "in.dat", "{{x}}"},
		Dir:      &command.Dir{Path: "runs/{{rush.task}}"},
		Template: command.Templates{{In: "in.tmpl", Out: "in.dat"}},
	}, nil)
	call, err := o.Call(task(rush.Values{"x": 2}))
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(base, "runs", "7")
	if want := []string{"python3", filepath.Join(base, "main.py"), "main", "in.dat", "2"}; !cmp.Equal(want, call.Args) {
		t.Errorf("arguments: got %q, want %q", call.Args, want)
	}
	if !filepath.IsAbs(call.Program) || call.Dir != dir || string(call.Stdin) != "{\"x\":2}\n" {
		t.Errorf("got program %s, directory %s, stdin %q", call.Program, call.Dir, call.Stdin)
	}
	if len(call.Files) != 1 || call.Files[0].Path != filepath.Join(dir, "in.dat") || call.Files[0].Content != "x = 2\n" {
		t.Errorf("files: got %+v", call.Files)
	}
	if !slices.Contains(call.Env, "RUSH_DIR="+dir) || !slices.Contains(call.Env, "RUSH_BASE="+base) {
		t.Errorf("variables: got %q", call.Env)
	}
	if got := listing(t, base); got != "in.tmpl main.py" {
		t.Errorf("something was made: %s", got)
	}
}
