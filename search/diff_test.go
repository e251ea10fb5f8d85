package search

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush/seeds"
)

func TestDiff(t *testing.T) {
	t.Parallel()
	const file = `
seed: 1
objective: {command: [sh, run.sh], env: {A: 1}}
space:
  x1: {type: dbl, lower: 0, upper: 1}
  x2: {type: int, lower: 1, upper: 5}
codomain: {y: minimize, z: maximize}
constants: {a: 1, b: [x]}
loop: {name: grid_search, resolution: 3}
terminate: {evals: 10, perf_reached: {y: 0.5}}
task: {timeout: 5s}
`
	old := mustParse(t, file).Definition
	for _, tc := range []struct {
		name             string
		sets             []string
		refused, allowed []string
	}{
		{name: "the same"},
		{name: "another number of workers", sets: []string{"workers=7", "network=other"}},
		{name: "no seed", sets: []string{"seed="}},
		{"another seed", []string{"seed=2"}, []string{
			"seed was " + seeds.New(1).String() + " and is " + seeds.New(2).String()}, nil},
		{"another bound", []string{"space.x1.upper=2"}, []string{"space: x1: its upper bound was 1 and is 2"}, nil},
		{"another parameter", []string{"space.x3={type: lgl}"}, []string{"space: parameter x3 was added"}, nil},
		{"another goal", []string{"codomain.y=maximize", "terminate.perf_reached="},
			[]string{"codomain was {y: minimize, z: maximize} and is {y: maximize, z: maximize}"},
			[]string{"terminate.perf_reached was {y: 0.5} and is absent"}},
		{"no codomain", []string{"codomain=", "terminate.perf_reached="}, []string{"codomain was {y: minimize, z: maximize} and is absent"},
			[]string{"terminate.perf_reached was {y: 0.5} and is absent"}},
		{"another argument", []string{"objective.command.1=other.sh"},
			[]string{`objective was {"command":{"command":["sh","run.sh"],"env":{"A":"1"}}} and is {"command":{"command":["sh","other.sh"],"env":{"A":"1"}}}`}, nil},
		{"other constants", []string{"constants.a=1.0", "constants.b=", "constants.c=2"},
			[]string{"constants: a was 1 and is 1.0", "constants: b was removed", "constants: c was added"}, nil},
		{"another resolution", []string{"loop.resolution={x1: 3, x2: 2}"},
			[]string{`loop was grid_search with resolution 3 and is grid_search with resolution {"x1":3,"x2":2}`}, nil},
		{"another loop", []string{"loop=random_search"}, []string{"loop was grid_search with resolution 3 and is random_search"}, nil},
		{"replicates", []string{"task.replicates=2"}, []string{"task.replicates was 1 and is 2"}, nil},
		{"limits and the like", []string{"terminate={run_time: 1h}", "task={max_retries: 2, stall: 3s, memory: 2kB, isolate: true, crashes: 0}", "stop_after_failures=0"}, nil, []string{
			"terminate.evals was 10 and is unlimited", "terminate.run_time was unlimited and is 1h0m0s",
			"terminate.perf_reached was {y: 0.5} and is absent",
			"task.timeout was 5s and is unlimited", "task.stall was unlimited and is 3s",
			"task.memory was unlimited and is 2000 bytes", "task.isolate was false and is true", "task.max_retries was 0 and is 2", "task.crashes was 5 and is 0", "stop_after_failures was 5 and is 0"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			now := mustParse(t, file, tc.sets...).Definition
			now.Dir = old.Dir
			if diff := cmp.Diff(Changes{tc.refused, tc.allowed}, Diff(old, now)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestDiffOfDesignsAndDirectories(t *testing.T) {
	t.Parallel()
	const file = "objective: {command: [sh, run.sh]}\nloop: {name: design_points, design: points.csv}"
	load := func(points string) *Definition {
		dir := t.TempDir()
		writeFile(t, dir+"/points.csv", points)
		writeFile(t, dir+"/search.yaml", file)
		f, err := Load(dir + "/search.yaml")
		if err != nil {
			t.Fatal(err)
		}
		return f.Definition
	}
	a, same, other := load("a,b\n1,2\n"), load("b,a\n2,1\n"), load("a,b\n1,3\n")
	moved := []string{"the directory was " + a.Dir + " and is " + same.Dir}
	if diff := cmp.Diff(Changes{Allowed: moved}, Diff(a, same)); diff != "" {
		t.Errorf("the same points in another file (-want +got):\n%s", diff)
	}
	other.Dir = a.Dir
	if diff := cmp.Diff(Changes{Refused: []string{"loop: the points in points.csv are others than they were"}}, Diff(a, other)); diff != "" {
		t.Errorf("other points (-want +got):\n%s", diff)
	}
}
