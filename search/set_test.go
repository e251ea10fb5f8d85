package search

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestSet changes a file, and compares it with the file that says the same.
func TestSet(t *testing.T) {
	t.Parallel()
	const head = "objective: {builtin: sphere}\n"
	for _, tc := range []struct {
		name, file, same string
		sets             []string
	}{
		{"a value is replaced", "terminate: {evals: 10}", "terminate: {evals: 500}", []string{"terminate.evals=500"}},
		{"a value is added", "terminate: {evals: 10}", "terminate: {evals: 10, run_time: 10m}", []string{"terminate.run_time=10m"}},
		{"maps on the way are made", "terminate: none", "terminate: none\ntask: {timeout: 5s}", []string{"task.timeout=5s"}},
		{"a map is replaced", "terminate: {evals: 10}", "terminate: {run_time: 1e3}", []string{"terminate={run_time: 1e3}"}},
		{"none gives way", "terminate: none", "terminate: {evals: 5}", []string{"terminate.evals=5"}},
		{"a loop's short form is its name", "loop: grid_search", "loop: {name: grid_search, resolution: {x1: 2, x2: 3}}",
			[]string{"loop.resolution.x1=2", "loop.resolution.x2=3"}},
		{"null removes", "terminate: {evals: 10, run_time: 10m}", "terminate: {evals: 10}", []string{"terminate.run_time=null"}},
		{"nothing removes", "terminate: {evals: 10, run_time: 10m}", "terminate: {evals: 10}", []string{"terminate.run_time="}},
		{"one after another", "terminate: {evals: 10}", "terminate: {evals: 12}", []string{"terminate.evals=11", "terminate.evals=12"}},
		{"quotes hold dots", "terminate: none\nspace: {svm.cost: {type: dbl, lower: 0, upper: 1}}", "terminate: none\nspace: {svm.cost: {type: dbl, lower: 0, upper: 2}}",
			[]string{`space."svm.cost".upper=2`}},
		{"quotes come first and last", "terminate: none", "terminate: none\nconstants: {a.b: 1, c: 2}", []string{`constants."a.b"=1`, `"constants".c=2`}},
		{"items of lists have numbers", "terminate: none\nconstants: {l: [1, {a: 2}, 3]}", "terminate: none\nconstants: {l: [x, {a: y}]}",
			[]string{"constants.l.0=x", "constants.l.1.a=y", "constants.l.2="}},
		{"values may have =", "terminate: none", "terminate: none\nconstants: {a: b=c}", []string{"constants.a=b=c"}},
		{"values in quotes are texts", "terminate: none", "terminate: none\nconstants: {a: '1'}", []string{"constants.a='1'"}},
		{"what an alias shares stays as it is", "terminate: none\nconstants: {a: &a {x: 1}, b: *a}", "terminate: none\nconstants: {a: {x: 1}, b: {x: 2}}",
			[]string{"constants.b.x=2"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, want := mustParse(t, head+tc.file, tc.sets...).Definition, mustParse(t, head+tc.same).Definition
			if diff := cmp.Diff(tc.sets, got.Sets); diff != "" {
				t.Errorf("sets (-want +got):\n%s", diff)
			}
			got.Sets, got.Source, got.Dir = want.Sets, want.Source, want.Dir
			if diff := cmp.Diff(want, got, sameDefinition); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestSetMayMakeAWholeFile(t *testing.T) {
	t.Parallel()
	f := mustParse(t, "# nothing", "objective.builtin=branin", "terminate.evals=3", "workers=2", "network=n")
	if f.Workers != 2 || f.Network != "n" || f.Definition.Limit() != 3 {
		t.Errorf("got %+v", f)
	}
}
