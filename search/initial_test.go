package search_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/loops/halving"
	"github.com/rushnet/rush/search"
)

// atFirst are points to begin with, for the searches of [recorded].
const atFirst = "\ninitial: [{x1: 3.25, x2: 2.5}, {x1: 9.5}, {}]"

// Whatever the loop, the points have the first numbers and count as evaluations, two
// workers evaluate each once, and a resume does not do so again.
func TestPointsThatAreEvaluatedFirst(t *testing.T) {
	t.Parallel()
	design := filepath.Join(t.TempDir(), "design.csv")
	if err := os.WriteFile(design, []byte("x1,x2\n1,1\n2,2\n3,3\n4,4\n5,5\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	loops := map[string]string{
		"grid_search": "{name: grid_search, resolution: 4}", "design_points": "{name: design_points, design: " + design + "}",
		"auto": "auto", "random_search": "random_search", "chain": "{chain: [{name: random_search, evals: 5}, {name: tpe}]}",
	}
	for _, k := range search.Optimizers() {
		loops[k.Name] = k.Name
	}
	eachstore.Run(t, func(t *testing.T, url string) {
		for name, loop := range loops {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				s := open(t, url)
				what := s.suiting(name)
				file := recorded(what, loop, 8) + atFirst
				if name == "grid_search" || name == "design_points" {
					file = strings.ReplaceAll(file, "record: true", "")
				}
				def := s.parse(file)
				s.run(def, search.StartOptions{}, 2)
				s.checkInitial(def, 8)
				s.run(s.parse(file, "terminate.evals=10"), search.StartOptions{Resume: true}, 2)
				s.checkInitial(def, min(10, s.counts().Total()))
				if def.Record {
					s.replayed(def, 5)
				}
			})
		}
	})
}

// suiting is what there is to search for the loop.
func (s *site) suiting(loop string) string {
	switch loop {
	case "asha", "hyperband", "bohb":
		return rungs
	case "ehvi", "parego", "nsga2":
		return two
	}
	return one
}

// checkInitial looks at the points of atFirst.
func (s *site) checkInitial(def *search.Definition, total int64) {
	s.t.Helper()
	tasks := s.finished()
	if c := s.counts(); c.Total() != total || c.Finished != total {
		s.t.Fatalf("found %+v, expected %d finished tasks", c, total)
	}
	for i, want := range []rush.Values{{"x1": 3.25, "x2": 2.5}, {"x1": 9.5}, {}} {
		sample := def.Space.Sample(def.Seed.Task(int64(i)).Proposal().Generator())
		for _, name := range []string{"x1", "x2"} {
			if want[name] == nil {
				want[name] = sample[name]
			}
		}
		if _, ok := def.Space.Fidelity(); ok {
			want["epochs"] = int64(1)
			if tasks[i].XSExtra[halving.Rung] != int64(0) {
				s.t.Errorf("task %d is on no rung: %v", i, tasks[i].XSExtra)
			}
		}
		if diff := cmp.Diff(want, tasks[i].XS); diff != "" || tasks[i].Key != rush.TaskKey(i) {
			s.t.Errorf("task %d (-want +got):\n%s", tasks[i].Key, diff)
		}
	}
}

// The default configuration: every parameter that is active has its default.
func TestThePointOfAllDefaultsIsEvaluatedFirst(t *testing.T) {
	t.Parallel()
	f, err := search.Parse("s.yaml", []byte(`
objective: {command: [sh, train.sh]}
space:
  svm.kernel: {type: fct, levels: [rbf, poly], default: rbf}
  svm.degree: {type: int, lower: 1, upper: 5, depends: svm.kernel == "poly"}
  depth: {type: int, lower: 1, upper: 32, special: [null], default: null}
  epochs: {type: int, lower: 1, upper: 81, fidelity: true}
codomain: {y: minimize}
loop: {name: asha, skip: 1}
terminate: {evals: 10}
task: {max_retries: 3}
initial: [default, {svm.kernel: poly, svm.degree: 2, depth: 3, epochs: 81}]
`))
	if err != nil {
		t.Fatal(err)
	}
	n, row, err := f.Definition.Design()
	if n != 2 || err != nil {
		t.Fatalf("%d tasks, %v", n, err)
	}
	first, err1 := row(0)
	second, err2 := row(1)
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	options := rush.Options{MaxRetries: 3}
	want := []rush.Task{
		{XS: rush.Values{"svm.kernel": "rbf", "depth": nil, "epochs": int64(3)}, XSExtra: rush.Values{"bracket": int64(3), "rung": int64(0)}, Options: options},
		{XS: rush.Values{"svm.kernel": "poly", "svm.degree": int64(2), "depth": int64(3), "epochs": int64(81)}, Options: options},
	}
	if diff := cmp.Diff(want, []rush.Task{first, second}); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	body, err := f.Definition.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	again, err := search.ParseDefinition(body)
	if err != nil {
		t.Fatal(err)
	}
	if c := search.Diff(f.Definition, again); len(c.Refused) > 0 {
		t.Errorf("it was read back as another: %v", c.Refused)
	}
	again.Initial = again.Initial[:1]
	if c := search.Diff(f.Definition, again); len(c.Refused) != 1 || !strings.HasPrefix(c.Refused[0], "initial was [") {
		t.Errorf("found the differences %q", c.Refused)
	}
}

// Rows of a grid that are initial points are not evaluated again, and replicates of
// an initial point come one after another.
func TestInitialPointsOfAGrid(t *testing.T) {
	t.Parallel()
	const file = "objective: {builtin: sphere}\nspace: {a: {type: int, lower: 0, upper: 2}, b: {type: lgl}}\nseed: 1\n"
	f, err := search.Parse("s.yaml", []byte(strings.Replace(file, "b: {type: lgl}", "b: {type: int, lower: 0, upper: 1}", 1)+
		"loop: {name: grid_search, resolution: 3}\ninitial: [{a: 2, b: 0}, {a: 0, b: 1}, {a: 2, b: 0}]\ntask: {replicates: 2}"))
	if err != nil {
		t.Fatal(err)
	}
	n, row, err := f.Definition.Design()
	if err != nil {
		t.Fatal(err)
	}
	var got [][2]int64
	for i := range n {
		task, err := row(i)
		if err != nil || task.XSExtra["replicate"] != i%2 {
			t.Fatal(task, err)
		}
		if i%2 == 0 {
			got = append(got, [2]int64{task.XS["a"].(int64), task.XS["b"].(int64)})
		}
	}
	want := [][2]int64{{2, 0}, {0, 1}, {2, 0}, {0, 0}, {1, 0}, {1, 1}, {2, 1}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// initialLoop takes tasks from the queue as they are, and proposes others.
const initialLoop = `
ask() { printf '%s\n' "$1"; IFS= read -r answer || exit 1; }
while ask '{"verb":"take"}'; key=$(printf '%s\n' "$answer" | sed -n 's/.*"key":\([0-9]*\).*/\1/p'); [ -n "$key" ]; do
	case $answer in
	*'"task":{'*) ;;
	*) ask "{\"verb\":\"start\",\"key\":$key,\"xs\":{\"x\":0.$key}}" ;;
	esac
	ask "{\"verb\":\"evaluate\",\"key\":$key,\"finish\":true}"
done
`

// Loops of programs take them from the queue.
func TestInitialPointsOfALoopThatIsAProgram(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		const points = "\ninitial: [{x: 0.75}, {x: 0.625}]"
		check := func(name string, s *site) {
			tasks := s.finished()
			if len(tasks) != 5 || tasks[0].XS["x"] != 0.75 || tasks[1].XS["x"] != 0.625 {
				t.Errorf("%s: found %+v", name, tasks)
			}
		}
		s := open(t, url)
		s.run(s.commandSearch(initialLoop, "loop: {command: [sh, ./loop.sh]}"+points), search.StartOptions{}, 2)
		check("command", s)
		s = open(t, url)
		s.runPlugin(guestSearch+"objective: {function: square}\nloop: "+guestPlugin(t, "corner")+", args: {by: 0.0625}}"+points, 2)
		check("plugin", s)
	})
}
