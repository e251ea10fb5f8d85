package search

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
)

func TestProblemHasWhatTheFileSays(t *testing.T) {
	t.Parallel()
	d := mustParse(t, `
objective: {builtin: branin}
constants: {a: 1}
terminate: {evals: 9, run_time: 10m, perf_reached: {y: 0.4}}
task: {timeout: 30s, max_retries: 2, replicates: 3}
stop_after_failures: 7
`).Definition
	p, err := d.Problem(Build{})
	if err != nil {
		t.Fatal(err)
	}
	want := &loops.Problem{
		Space:     d.Space,
		Codomain:  loops.Codomain{{Name: "y", Goal: loops.Minimize}},
		Constants: rush.Values{"a": int64(1)},
		Task:      rush.Options{Timeout: 30 * time.Second, MaxRetries: 2},
		Terminators: []loops.Terminator{
			loops.RunTime(10 * time.Minute),
			loops.PerfReached{Codomain: d.Codomain, Values: map[string]float64{"y": 0.4}},
		},
		Name:              "builtin/branin",
		StopAfterFailures: 7,
		Crashes:           5,
	}
	ys, err := p.Objective.Evaluate(t.Context(), &loops.Evaluation{XS: rush.Values{"x1": 9.42478, "x2": 2.475}})
	if y, ok := ys["y"].(float64); err != nil || !ok || y > 0.398 {
		t.Errorf("the objective returned %v, %v; want branin's minimum", ys, err)
	}
	p.Objective = nil
	if diff := cmp.Diff(want, p); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestProblemFindsTheProgramsFunctions(t *testing.T) {
	t.Parallel()
	d := mustParse(t, "objective: {function: score}").Definition
	score := loops.ObjectiveFunc(func(context.Context, *loops.Evaluation) (rush.Values, error) { return rush.Values{"y": 1.0}, nil })
	p, err := d.Problem(Build{Objectives: map[string]loops.Objective{"score": score, "other": score}})
	if err != nil || p.Objective == nil || len(p.Functions) != 2 {
		t.Errorf("got %+v, %v", p, err)
	}
	_, err = d.Problem(Build{Objectives: map[string]loops.Objective{"scores": score}})
	if want := "objective: the program has no objective score; did you mean scores?"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestProblemNeedsTheCommandHere(t *testing.T) {
	t.Parallel()
	d := mustParse(t, "objective: {command: [sh, -c, 'true']}").Definition
	d.Objective.Command.Command[0] = "./nowhere"
	if _, err := d.Problem(Build{}); err == nil || !strings.Contains(err.Error(), "there is no program ./nowhere") {
		t.Errorf("got %v", err)
	}
}

func TestMakeLoop(t *testing.T) {
	t.Parallel()
	const objective = "objective: {builtin: branin}\nterminate: {evals: 9}\ntask: {replicates: 2}\n"
	p := &loops.Problem{}
	random := mustParse(t, objective).Definition
	for file, want := range map[string]loops.Loop{
		objective:                   &loops.RandomSearch{Problem: p, Space: random.Space, Replicates: 2},
		objective + "loop: queue\n": &loops.Queue{Problem: p},
		objective + "loop: {name: grid_search, resolution: 2}\n": &loops.Queue{Problem: p, UntilDrained: true},
	} {
		got, err := mustParse(t, file).Definition.MakeLoop(p)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", file, diff)
		}
	}
	d := &Definition{Loop: Loop{Name: "random_serch"}}
	if _, err := d.MakeLoop(p); err == nil || !strings.Contains(err.Error(), "did you mean random_search?") {
		t.Errorf("got %v", err)
	}
}

func TestTryBuiltin(t *testing.T) {
	t.Parallel()
	d := mustParse(t, "seed: 42\nobjective: {builtin: branin}\nterminate: none\ntask: {replicates: 2}").Definition
	trial, err := d.Try(t.Context(), Build{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	// The point of task 0 of a network with this seed, and its objective's stream.
	point := d.Space.Sample(d.Seed.Task(0).Proposal().Generator())
	want := &Trial{
		Seed: *d.Seed, Stream: d.Seed.Task(0).Objective(), XS: point, Extra: rush.Values{"replicate": int64(0)},
		YS: trial.YS, Proposing: trial.Proposing, Evaluating: trial.Evaluating,
	}
	if diff := cmp.Diff(want, trial); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, ok := trial.YS["y"].(float64); !ok || trial.Evaluating <= 0 || trial.String() != "finished" {
		t.Errorf("ys %v, evaluating %v, %v", trial.YS, trial.Evaluating, trial)
	}
}

func TestTryCommand(t *testing.T) {
	t.Parallel()
	f := mustParse(t, `
seed: 7
objective:
  command: [sh, -c, 'cat >&2; echo first; echo "{\"y\": 3, \"task\": $RUSH_TASK, \"n\": {{n}}}"']
  env: {MODE: fast}
space: {n: {type: int, values: [5, 6]}}
constants: {data: train.csv}
codomain: {y: maximize}
loop: grid_search
`)
	trial, err := f.Definition.Try(t.Context(), Build{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if trial.Condition != nil {
		t.Fatalf("it failed: %+v", trial.Condition)
	}
	got := []any{trial.XS, trial.YS, trial.YSExtra, trial.Process.Stdout, trial.Process.Stderr, string(trial.Process.Call.Stdin), trial.Process.Call.Dir}
	const stdin = `{"data":"train.csv","n":5}` + "\n"
	want := []any{
		rush.Values{"n": int64(5)}, rush.Values{"y": 3.0}, rush.Values{"task": int64(0), "n": int64(5)},
		`{"y": 3, "task": 0, "n": 5}`, strings.TrimSpace(stdin), stdin, f.Definition.Dir,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	env := strings.Join(trial.Process.Call.Env, "\n")
	for _, v := range []string{"RUSH_X_n=5", "RUSH_X_data=train.csv", "RUSH_TASK=0", "MODE=fast", "RUSH_RNG_STREAM=" + trial.Stream.String()} {
		if !strings.Contains(env, v) {
			t.Errorf("the environment lacks %s:\n%s", v, env)
		}
	}
}

func TestTryTellsHowItFails(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		script, task string
		class        rush.Class
		message      string
	}{
		"an exit code":         {"echo no >&2; exit 3", "", rush.ClassError, "exit code 3"},
		"no answer":            {"true", "", rush.ClassError, "there is no answer"},
		"a name is missing":    {"echo '{\"z\": 1}'", "", rush.ClassError, `the objective returned no "y"`},
		"past the timeout":     {"sleep 60", "task: {timeout: 0.05}", rush.ClassTimeout, "longer than 50ms"},
		"silence":              {"echo a; sleep 60", "task: {stall: 0.3}", rush.ClassTimeout, "nothing for 300ms"},
		"not a number is none": {"echo NaN", "", rush.ClassError, "NaN"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := mustParse(t, "objective: {command: [sh, -c, x]}\nspace: {n: {type: lgl}}\ncodomain: {y: minimize}\nterminate: none\n"+tc.task).Definition
			d.Objective.Command.Command[2] = tc.script
			trial, err := d.Try(t.Context(), Build{}, nil)
			if err != nil {
				t.Fatal(err)
			}
			c := trial.Condition
			if c == nil || c.Class != tc.class || !strings.Contains(c.Message, tc.message) || trial.YS != nil {
				t.Errorf("got %+v and ys %v, want class %s and %q", c, trial.YS, tc.class, tc.message)
			}
		})
	}
}

func TestTryNeedsAPoint(t *testing.T) {
	t.Parallel()
	d := mustParse(t, "objective: {builtin: branin}\nloop: queue").Definition
	if _, err := d.Try(t.Context(), Build{}, nil); err == nil || !strings.Contains(err.Error(), "there is no point to try") {
		t.Errorf("got %v", err)
	}
	d = mustParse(t, "objective: {function: f}\nspace: {x: {type: lgl}}\nterminate: none").Definition
	failing := loops.ObjectiveFunc(func(context.Context, *loops.Evaluation) (rush.Values, error) { return nil, errors.New("broken") })
	trial, err := d.Try(t.Context(), Build{Objectives: map[string]loops.Objective{"f": failing}}, nil)
	if err != nil || trial.String() != "failed: error: broken" {
		t.Errorf("got %v, %v", trial, err)
	}
}
