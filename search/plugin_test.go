package search_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/plugins"
	"github.com/rushnet/rush/rushworker"
	"github.com/rushnet/rush/search"
)

// guest, set in the environment, makes the test binary a person's own program.
const guest = "RUSH_SEARCH_TEST_GUEST"

func guestProgram() plugins.Program {
	return plugins.Program{
		Objectives: map[string]loops.Objective{"square": loops.ObjectiveFunc(square), "draw": loops.ObjectiveFunc(draw), "grow": loops.Func(grow), "learn": loops.ObjectiveFunc(learn)},
		Loops: map[string]plugins.Loop{"corner": {
			Make: makeCorner, Help: "Goes from corner to corner.",
			Arguments: []loops.Argument{{Name: "by", Type: loops.Number, Default: 0.25, Range: loops.Range{Lower: 0, Upper: 1}}},
		}},
	}
}

func square(_ context.Context, e *loops.Evaluation) (rush.Values, error) {
	x, c := e.XS["x"].(float64), e.Constants["c"].(int64)
	if x == 0.5 {
		return nil, errors.New("half is not whole")
	}
	return rush.Values{"y": x*x + float64(c), "pid": os.Getpid()}, nil
}

// A seedling is what grow takes.
type seedling struct {
	X     float64
	Leafs *int64
}

func grow(_ context.Context, e *loops.Evaluation, s seedling) (struct{ Y, Noise float64 }, error) {
	return struct{ Y, Noise float64 }{s.X * s.X, e.Rand().Float64()}, nil
}

// corner proposes multiples of by.
func makeCorner(_ context.Context, _ *rushworker.Worker, s plugins.Setting) (loops.Loop, error) {
	if s.Space.Len() != 1 {
		return nil, fmt.Errorf("expected a space with one parameter, found %d", s.Space.Len())
	}
	by := s.Args["by"].(float64)
	return &loops.Proposing{Problem: s.Problem, Next: func(_ context.Context, _ *rushworker.Worker, key rush.TaskKey) (xs, extra rush.Values, err error) {
		return rush.Values{"x": by * float64(key)}, rush.Values{"by": by}, nil
	}}, nil
}

const guestSearch = `
seed: 1
space: {x: {type: dbl, lower: 0, upper: 1}}
codomain: {y: minimize}
constants: {c: 10}
terminate: {evals: 5}
`

func guestPlugin(t *testing.T, name string) string {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("{plugin: [%s], name: %s, env: {%s: 1}", path, name, guest)
}

// runPlugin runs a search with plugins and returns its definition.
func (s *site) runPlugin(text string, n int) *search.Definition {
	s.t.Helper()
	def := s.parse(text)
	if err := def.CheckPlugins(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	s.runWorkers(def, search.StartOptions{}, def.Workers(n))
	return def
}

func TestAnObjectiveOfAnotherProgram(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := open(t, url)
		s.runPlugin(guestSearch+"objective: "+guestPlugin(t, "square")+"}\nloop: {name: grid_search, resolution: 5}", 2)
		if c := s.counts(); c.Finished != 4 || c.Failed != 1 {
			t.Errorf("found %+v, expected 4 finished and 1 failed", c)
		}
		for _, task := range s.finished() {
			x := task.XS["x"].(float64)
			if task.YS["y"] != x*x+10 {
				t.Errorf("task %d: found %v of %v", task.Key, task.YS, task.XS)
			}
			if pid := task.YSExtra["pid"]; pid == int64(os.Getpid()) {
				t.Error("it ran in this process")
			}
		}
	})
}

func TestALoopOfAnotherProgram(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := open(t, url)
		def := s.runPlugin(guestSearch+"objective: {function: square}\nloop: "+guestPlugin(t, "corner")+", args: {by: 0.0625}}", 2)
		if !def.Loop.Worker {
			t.Error("the program is no worker process")
		}
		xs := map[float64]bool{}
		for _, task := range s.finished() {
			xs[task.XS["x"].(float64)] = task.XSExtra["by"] == 0.0625
		}
		for i := range 5 {
			if !xs[0.0625*float64(i)] {
				t.Errorf("task %d is missing: found %v", i, xs)
			}
		}
	})
}

// A plugin that does not have what the file names is found before anything starts.
func TestCheckPlugins(t *testing.T) {
	t.Parallel()
	s := &site{t: t}
	for _, tc := range []struct{ objective, loop, want string }{
		{guestPlugin(t, "cube") + "}", "random_search", `objective: the program serves no objective named "cube"; it has draw, grow, learn, square`},
		{"{builtin: sphere}", guestPlugin(t, "edge") + "}", `loop: the program serves no loop named "edge"; it has corner`},
		{"{builtin: sphere}", guestPlugin(t, "corner") + ", args: {by: 2}}", "loop: corner: argument by: expected a number between 0 and 1, found 2"},
		{"{builtin: sphere}", guestPlugin(t, "corner") + ", args: {buy: 2}}", "loop: corner: argument buy: there is no such argument; did you mean by?"},
		{"{plugin: [sh, -c, 'echo no license >&2; exit 3']}", "random_search", "no license"},
		{guestPlugin(t, "square") + ", sha256: " + strings.Repeat("a", 64) + "}", "random_search", "is not the program that was meant"},
		{"{builtin: sphere}", guestPlugin(t, "corner") + ", sha256: " + strings.Repeat("a", 64) + "}", "is not the program that was meant"},
	} {
		def := s.parse(guestSearch + "objective: " + tc.objective + "\nloop: " + tc.loop)
		if err := def.CheckPlugins(t.Context()); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("found %v\nexpected %s", err, tc.want)
		}
	}
	def := s.parse(guestSearch + "objective: {builtin: sphere}\nloop: " + guestPlugin(t, "corner") + "}")
	if err := def.CheckPlugins(t.Context()); err != nil || def.Loop.Args["by"] != 0.25 {
		t.Errorf("found %v and %v, expected the default", def.Loop.Args, err)
	}
	if w := def.Workers(3); w.N != 3 || len(w.Command) != 1 {
		t.Errorf("found %+v", w)
	}
}

// A search that does not fit what an objective declares is refused before anything
// starts, and all that is wrong is told.
func TestTheSearchFitsWhatTheObjectiveDeclares(t *testing.T) {
	t.Parallel()
	s := &site{t: t}
	for _, tc := range []struct {
		space, codomain string
		want            []string // none: it fits
	}{
		{"{x: {type: dbl, lower: 0, upper: 1}}", "{y: minimize}", nil},
		{"{x: {type: int, lower: 0, upper: 5}, leafs: {type: fct, levels: [1, 4]}}", "{y: minimize, noise: maximize}", nil},
		{"{x: {type: fct, levels: [1, high]}}", "{y: minimize}", []string{"input x: expected a number, found high in the space"}},
		{"{leafs: {type: dbl, lower: 0, upper: 1}}", "{}", []string{
			"input x, a number, is no parameter of the space", "input leafs: expected an integer, found a parameter of type dbl",
		}},
		{"{x: {type: dbl, lower: 0, upper: 1}, leaf: {type: lgl}}", "{nois: minimize}", []string{
			"objective: grow does not fit the search", "the space has leaf, which it does not take; did you mean leafs?",
			"the codomain has nois, which it does not return; it returns y, noise; did you mean noise?",
		}},
	} {
		def := s.parse(fmt.Sprintf("space: %s\ncodomain: %s\nterminate: {evals: 5}\nobjective: %s}", tc.space, tc.codomain, guestPlugin(t, "grow")))
		err := def.CheckPlugins(t.Context())
		if len(tc.want) == 0 && err != nil {
			t.Error(err)
		}
		for _, want := range tc.want {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("found %v\nexpected %s", err, want)
			}
		}
	}
}

// What is wrong with a plugin's arguments is told at its place.
func TestArgumentsOfAPluginAreCheckedAtTheirPlace(t *testing.T) {
	t.Parallel()
	line := "loop: " + guestPlugin(t, "corner") + ", args: {by: 2, buy: 1}}"
	file, err := search.Parse("corner.yaml", []byte("objective: {builtin: sphere}\n"+line+guestSearch), "loop.args.by=-1")
	if err != nil {
		t.Fatal(err)
	}
	want := "corner.yaml:2:" + fmt.Sprint(strings.Index(line, "buy: 1")+len("buy: ")+1) + ": loop.args.buy: there is no such argument; did you mean by?\n" +
		"    2 | " + line + "\n      | " + strings.Repeat(" ", strings.Index(line, "buy: 1")+len("buy: ")) + "^\n" +
		"--set loop.args.by=-1: expected a number between 0 and 1, found -1"
	if err := file.CheckPlugins(t.Context()); err == nil || err.Error() != want {
		t.Errorf("found\n%v\nexpected\n%s", err, want)
	}
}

// Every loop that a file can name is declared, and every declaration can be shown.
func TestBuiltinsAreDeclared(t *testing.T) {
	t.Parallel()
	for _, d := range append(search.Loops(), search.Objectives()...) {
		if d.Name == "" || d.Help == "" || d.Arguments == nil {
			t.Errorf("%+v: expected a name, a help and arguments", d)
		}
	}
	program := plugins.Program{Objectives: search.Builtins()}
	for i, d := range program.Describe().Objectives {
		if want := "builtin/" + search.Objectives()[i].Name; d.Name != want || d.Help == "" || len(d.Outputs) < 1 {
			t.Errorf("found %+v, expected %s, its help and its output", d, want)
		}
	}
}
