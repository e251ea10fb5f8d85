package search_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/search"
)

const (
	numbers = "space: {a: {type: dbl, lower: 0, upper: 1}, b: {type: dbl, lower: 0, upper: 1}}\n"
	kinds   = "space: {a: {type: dbl, lower: 0, upper: 1}, k: {type: fct, levels: [x, y, z]}}\n"
	epochs  = "space: {a: {type: dbl, lower: 0, upper: 1}, n: {type: int, lower: 1, upper: 27, fidelity: true}}\n"
)

func TestAutoPicksALoop(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ file, loop string }{
		"few evaluations":            {numbers + "codomain: {y: minimize}\nterminate: {evals: 100}", "async_mbo"},
		"categories":                 {kinds + "codomain: {y: minimize}\nterminate: {evals: 100}", "async_mbo"},
		"by time":                    {numbers + "codomain: {y: minimize}\nterminate: {run_time: 1h}", "async_mbo"},
		"by its name":                {numbers + "codomain: {y: minimize}\nterminate: {evals: 100}\nloop: auto", "async_mbo"},
		"many evaluations":           {numbers + "codomain: {y: minimize}\nterminate: {evals: 5000}", "cmaes"},
		"many, with categories":      {kinds + "codomain: {y: minimize}\nterminate: {evals: 5000}", "tpe"},
		"two objectives":             {numbers + "codomain: {y: minimize, z: maximize}\nterminate: {evals: 100}", "ehvi"},
		"two, as long as they gain":  {numbers + "codomain: {y: minimize, z: maximize}\nterminate: {evals: 100, expected_improvement: 0.001}", "parego"},
		"three objectives":           {numbers + "codomain: {y: minimize, z: maximize, w: minimize}\nterminate: {evals: 100}", "parego"},
		"many for two objectives":    {numbers + "codomain: {y: minimize, z: maximize}\nterminate: {evals: 5000}", "nsga2"},
		"fidelity":                   {epochs + "codomain: {y: minimize}\nterminate: {evals: 100}", "bohb"},
		"outputs are recorded":       {numbers + "codomain: {y: record}\nterminate: {evals: 100}", "random_search"},
		"replicates":                 {numbers + "codomain: {y: minimize}\ntask: {replicates: 3}\nterminate: {evals: 100}", "random_search"},
		"a loop of the file's":       {numbers + "codomain: {y: minimize}\nloop: local_search\nterminate: {evals: 100}", "local_search"},
		"nothing to search: a queue": {"codomain: {y: minimize}", "queue"},
	} {
		f, err := search.Parse(filepath.Join(t.TempDir(), "search.yaml"), []byte("objective: {command: [cat]}\n"+c.file))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		l := f.Definition.Loop
		if picked := c.loop != "queue" && c.loop != "local_search"; l.Name != c.loop || (l.Auto != "") != picked {
			t.Errorf("%s: picked %s, because %q; expected %s", name, l.Name, l.Auto, c.loop)
		}
	}
}

// A resume goes on with the loop that was picked, also when it would pick another
// one by now; one that the file names is another search.
func TestAResumeKeepsThePickedLoop(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		s := open(t, url)
		file := "objective: {builtin: branin}\nterminate: {evals: 20}\n"
		s.run(s.parse(file), search.StartOptions{}, 1)
		more := s.parse(file, "terminate.evals=3000")
		if more.Loop.Name == "async_mbo" {
			t.Fatal("expected another choice for 3,000 evaluations")
		}
		started, err := search.Start(t.Context(), s.net, more, search.StartOptions{Resume: true})
		if err != nil {
			t.Fatal(err)
		}
		if l := started.Definition.Loop; l.Name != "async_mbo" || len(l.Args) == 0 {
			t.Errorf("it goes on with %+v", l)
		}
		_, err = search.Start(t.Context(), s.net, s.parse(file, "loop=tpe"), search.StartOptions{Resume: true})
		if err == nil || !strings.Contains(err.Error(), "loop was async_mbo") {
			t.Errorf("a search by tpe went on: %v", err)
		}
	})
}
