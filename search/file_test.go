package search

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/plugins/command"
	"github.com/rushnet/rush/seeds"
)

// sameDefinition compares definitions but for the points in memory.
var sameDefinition = cmp.Options{cmpopts.IgnoreUnexported(Definition{}), cmpopts.EquateNaNs()}

const everything = `
network: branin
seed: 42
workers: 2
objective:
  command: [sh, run.sh, --n, 1000, --x, "{{x1}}", 1e-3, true]
  dir: {path: "runs/{{rush.task}}", keep: failed}
  env: {OMP_NUM_THREADS: 1, MODE: fast}
  template: {in: in.tmpl, out: in.txt}
  answer: {file: out.txt, regex: {y: 'y = (\S+)'}}
space:
  x1: {type: dbl, lower: -5, upper: 10}
  lr: {type: float, lower: 1e-5, upper: 1e-1, log: true}
  n: {type: int, lower: 1, upper: 100, log: true, by: 3}
  size: {type: int, values: [8, 16]}
  kernel: {type: fct, levels: [a, 1, 1.5, ~, true, [1, 2], {b: c}], values: [a, 1]}
  flag: {type: lgl}
  other: {type: bool, values: [true]}
  svm.kernel: {type: categorical, levels: [x]}
codomain: {y: minimize, accuracy: maximize}
constants: {data: train.csv, folds: 3, rate: 1e-3, list: [1, .nan], nested: {a: ~, $b: .inf}}
loop: {name: random_search}
terminate: {evals: 200, run_time: 10m, perf_reached: {y: 0.4, accuracy: 1}}
task: {timeout: 30s, stall: 5s, memory: 512MiB, isolate: true, max_retries: 1, crashes: 2, replicates: 3}
stop_after_failures: 0
`

func TestEveryField(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "in.tmpl"), "{{lr}}")
	f, err := Parse(filepath.Join(dir, "search.yaml"), []byte(strings.ReplaceAll(everything, "answer: {file: out.txt, regex: {y: 'y = (\\S+)'}}",
		"answer: {file: out.txt, regex: {y: 'y = (\\S+)', accuracy: '(.*)'}}")))
	if err != nil {
		t.Fatal(err)
	}
	seed := seeds.New(42)
	want := &Definition{
		Format: Format,
		Seed:   &seed,
		Objective: Objective{Command: &command.Spec{
			Command:  []string{"sh", "run.sh", "--n", "1000", "--x", "{{x1}}", "1e-3", "true"},
			Dir:      &command.Dir{Path: "runs/{{rush.task}}", Keep: command.KeepFailed},
			Env:      map[string]string{"OMP_NUM_THREADS": "1", "MODE": "fast"},
			Template: command.Templates{{In: "in.tmpl", Out: "in.txt"}},
			Answer:   &command.Answer{File: "out.txt", Regex: map[string]string{"y": `y = (\S+)`, "accuracy": "(.*)"}},
		}},
		Space: space.MustNew(
			space.Param{Name: "x1", Type: space.Dbl, Lower: -5, Upper: 10},
			space.Param{Name: "lr", Type: space.Dbl, Lower: 1e-5, Upper: 1e-1, Log: true},
			space.Param{Name: "n", Type: space.Int, Lower: 1, Upper: 100, Log: true, By: 3},
			space.Param{Name: "size", Type: space.Int, Lower: 8, Upper: 16, Values: []any{8, 16}},
			space.Param{Name: "kernel", Type: space.Fct, Levels: []any{"a", 1, 1.5, nil, true, []any{1, 2}, map[string]any{"b": "c"}}, Values: []any{"a", 1}},
			space.Param{Name: "flag", Type: space.Lgl},
			space.Param{Name: "other", Type: space.Lgl, Values: []any{true}},
			space.Param{Name: "svm.kernel", Type: space.Fct, Levels: []any{"x"}},
		),
		Codomain: loops.Codomain{{Name: "y", Goal: loops.Minimize}, {Name: "accuracy", Goal: loops.Maximize}},
		Constants: rush.Values{
			"data": "train.csv", "folds": int64(3), "rate": 1e-3, "list": []any{int64(1), math.NaN()},
			"nested": map[string]any{"a": nil, "$b": math.Inf(1)},
		},
		Loop:      Loop{Name: RandomSearch},
		Terminate: Terminate{Evals: 200, RunTime: Duration(10 * time.Minute), PerfReached: map[string]float64{"y": 0.4, "accuracy": 1}},
		Task:      Task{Timeout: Duration(30 * time.Second), Stall: Duration(5 * time.Second), Memory: 512 << 20, Isolate: true, MaxRetries: 1, Crashes: 2, Replicates: 3},
		Dir:       dir,
		Source:    f.Definition.Source,
	}
	if diff := cmp.Diff(want, f.Definition, sameDefinition); diff != "" {
		t.Errorf("definition (-want +got):\n%s", diff)
	}
	if f.Network != "branin" || f.Workers != 2 {
		t.Errorf("got network %q and %d workers, want branin and 2", f.Network, f.Workers)
	}
	roundTrip(t, f.Definition)
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	box := space.MustNew(space.Param{Name: "x", Type: space.Dbl, Lower: 0, Upper: 1})
	const inBox = "space: {x: {type: dbl, lower: 0, upper: 1}}\n"
	for _, tc := range []struct {
		name, file string
		loop       string
		space      space.Space
		codomain   loops.Codomain
	}{
		{"a built-in objective brings its space and its codomain", "objective: {builtin: branin}\nterminate: none", "async_mbo",
			mustSpace(t, "branin"), loops.Codomain{{Name: "y", Goal: loops.Minimize}}},
		{"also for a grid", "objective: {builtin: branin}\nloop: {name: grid_search, resolution: 3}", GridSearch,
			mustSpace(t, "branin"), loops.Codomain{{Name: "y", Goal: loops.Minimize}}},
		{"but not for a queue", "objective: {builtin: branin}\nloop: queue", Queue,
			space.Space{}, loops.Codomain{{Name: "y", Goal: loops.Minimize}}},
		{"its codomain may be recorded only", "objective: {builtin: sphere}\ncodomain: {}\nterminate: none\n" + inBox, RandomSearch, box, nil},
		{"a space without a codomain means a random search", "objective: {function: f}\nterminate: {evals: 1}\n" + inBox, RandomSearch, box, nil},
		{"no space means a queue", "objective: {function: f}", Queue, space.Space{}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			f, err := Parse("search.yaml", []byte(tc.file))
			if err != nil {
				t.Fatal(err)
			}
			d := f.Definition
			if d.Loop.Name != tc.loop || d.StopAfterFailures != 5 || f.Network != "" || f.Workers != 0 || d.Seed != nil {
				t.Errorf("got loop %s, stop_after_failures %d, network %q, %d workers, seed %v; want loop %s, 5, none, 0 and none",
					d.Loop.Name, d.StopAfterFailures, f.Network, f.Workers, d.Seed, tc.loop)
			}
			if diff := cmp.Diff(tc.space, d.Space); diff != "" {
				t.Errorf("space (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tc.codomain, d.Codomain); diff != "" {
				t.Errorf("codomain (-want +got):\n%s", diff)
			}
		})
	}
}

func TestExamplesAreGood(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("../examples/*/search*.yaml")
	if err != nil || len(paths) == 0 {
		t.Fatalf("found %d examples: %v", len(paths), err)
	}
	for _, path := range paths {
		f, err := Load(path)
		if err != nil {
			t.Error(err)
			continue
		}
		roundTrip(t, f.Definition)
	}
}

func TestLoadSaysWhatIsNoFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	binary := filepath.Join(dir, "binary.yaml")
	writeFile(t, binary, "a: \xff\xfe")
	large := filepath.Join(dir, "large.yaml")
	writeFile(t, large, strings.Repeat("# nothing\n", 200_000))
	for path, want := range map[string]string{
		filepath.Join(dir, "absent.yaml"): "there is no search file ",
		dir:                               "is a directory, expected a search file",
		binary:                            "is not UTF-8 text",
		large:                             "has 2000000 bytes, expected a search file of at most 1048576",
	} {
		if _, err := Load(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q in it", path, err, want)
		}
	}
}

func TestSeeds(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]seeds.Stream{
		"42":                             seeds.New(42),
		"-2147483648":                    seeds.New(math.MinInt32),
		"[10407, 1, 2, 3, 4, 5, -60000]": {10407, 1, 2, 3, 4, 5, -60000},
	} {
		f, err := Parse("search.yaml", []byte("objective: {builtin: branin}\nterminate: none\nseed: "+text))
		if err != nil {
			t.Error(err)
		} else if *f.Definition.Seed != want {
			t.Errorf("seed %s is %v, want %v", text, f.Definition.Seed, want)
		}
	}
}

func writeFile(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

// mustParse reads a file that is good.
func mustParse(t *testing.T, text string, sets ...string) *File {
	t.Helper()
	f, err := Parse(filepath.Join(t.TempDir(), "search.yaml"), []byte(text), sets...)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// A built-in objective with several outputs brings all of them, its constraints too.
func TestBuiltinWithSeveralOutputs(t *testing.T) {
	t.Parallel()
	f := mustParse(t, "objective: {builtin: binh_korn}\nterminate: {evals: 10}\n")
	want := loops.Codomain{
		{Name: "y1", Goal: loops.Minimize}, {Name: "y2", Goal: loops.Minimize},
		{Name: "c1", Goal: loops.Constraint}, {Name: "c2", Goal: loops.Constraint},
	}
	if diff := cmp.Diff(want, f.Definition.Codomain); diff != "" {
		t.Error(diff)
	}
	if f.Definition.Space.Len() != 2 || f.Definition.Loop.Name != "ehvi" {
		t.Errorf("%d parameters, loop %s", f.Definition.Space.Len(), f.Definition.Loop.Name)
	}
}
