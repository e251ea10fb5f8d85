//go:build unix

package plugins_test

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/plugins"
	"github.com/rushnet/rush/rushworker"
)

// catalog, set in the environment, makes the test binary serve described.
const catalog = "RUSH_PLUGINS_TEST_CATALOG"

// A declared objective says what it is.
type declared struct{ loops.Objective }

func (declared) Declaration() loops.Declaration {
	return loops.Declaration{Help: "Says nothing.", Arguments: []loops.Argument{}, Outputs: []string{"y"}}
}

var arguments = []loops.Argument{
	{Name: "rate", Type: loops.Number, Default: 0.5, Range: loops.Range{Lower: 0, Upper: 1}, Help: "how fast"},
	{Name: "epochs", Type: loops.Integer, Required: true, Range: loops.Range{Lower: 1, Upper: math.Inf(1)}},
	{Name: "rule", Type: loops.Text, Choices: []string{"median", "mean"}, Default: "median"},
	{Name: "steps", Type: loops.List, Default: []any{int64(1), "two"}},
}

var described = plugins.Program{
	Version: "1.2",
	Loops: map[string]plugins.Loop{
		"walk": {Help: "Goes on.", Arguments: arguments},
		"free": {},
		"none": plugins.FuncLoop(func(context.Context, *rushworker.Worker) error { return nil }),
	},
	Objectives: map[string]loops.Objective{
		"plain":    loops.ObjectiveFunc(func(context.Context, *loops.Evaluation) (rush.Values, error) { return nil, nil }),
		"declared": declared{},
	},
}

func self(t testing.TB, env string) plugins.Spec {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return plugins.Spec{Command: []string{path}, Env: map[string]string{env: "1"}}
}

func TestDescribe(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	got, err := plugins.Describe(ctx, self(t, catalog))
	if err != nil {
		t.Fatal(err)
	}
	want := plugins.Description{
		Version: "1.2", Language: "go", Worker: true,
		Objectives: []loops.Declaration{
			{Name: "declared", Help: "Says nothing.", Arguments: []loops.Argument{}, Outputs: []string{"y"}},
			{Name: "plain"},
		},
		Loops: []loops.Declaration{
			{Name: "free"},
			{Name: "none", Arguments: []loops.Argument{}},
			{Name: "walk", Help: "Goes on.", Arguments: arguments},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(want, described.Describe()); diff != "" {
		t.Errorf("without a process: %s", diff)
	}
}

// What is no plugin is told with what it printed; it does not stay.
func TestDescribeWhatIsNoPlugin(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	missing := filepath.Join(t.TempDir(), "missing")
	for _, tc := range []struct {
		spec plugins.Spec
		want string
	}{
		{plugins.Spec{Command: []string{"sh", "-c", "echo no license >&2; exit 3"}}, "no license"},
		{plugins.Spec{Command: []string{missing}}, "no such file"},
		{plugins.Spec{}, "no command was given"},
	} {
		if _, err := plugins.Describe(ctx, tc.spec); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%v: found %v, expected %q", tc.spec.Command, err, tc.want)
		}
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	d := described.Describe()
	if got, err := d.Find("loop", "walk"); err != nil || got.Help != "Goes on." {
		t.Errorf("found %v, %v", got, err)
	}
	for _, tc := range []struct{ kind, name, want string }{
		{"loop", "run", `the program serves no loop named "run"; it has free, none, walk`},
		{"objective", "", "the program serves several objectives, and which one is not said; it has declared, plain"},
	} {
		if _, err := d.Find(tc.kind, tc.name); err == nil || err.Error() != tc.want {
			t.Errorf("found %v, expected %s", err, tc.want)
		}
	}
	one := plugins.Description{Loops: []loops.Declaration{{Name: "walk"}}}
	if got, err := one.Find("loop", ""); err != nil || got.Name != "walk" {
		t.Errorf("the only one: found %v, %v", got, err)
	}
	if _, err := one.Find("objective", ""); err == nil {
		t.Error("found an objective where there is none")
	}
}
