package compare_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/gonum/floats"

	"github.com/rushnet/rush/loops/compare"
	"github.com/rushnet/rush/loops/functions"
	"github.com/rushnet/rush/loops/optimizer"
	"github.com/rushnet/rush/seeds"
)

// Random search on Branin's function, of which the table in a report is made.
func Example() {
	branin, _ := compare.Lookup("branin")
	c := compare.Comparison{
		Contenders: []compare.Contender{{Name: "random_search", Make: optimizer.NewRandom}},
		Problems:   []compare.Problem{branin},
		Workers:    []int{1, 4}, Evals: []int{50, 200}, Seeds: 20,
	}
	cells, _, err := c.Run(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, cell := range cells {
		fmt.Printf("%d workers: %.3f after 50, %.3f after 200\n", cell.Workers, cell.Best[0][1], cell.Best[1][1])
	}
	// Output:
	// 1 workers: 1.224 after 50, 0.623 after 200
	// 4 workers: 1.224 after 50, 0.623 after 200
}

// The optimum is what the formula gives at its place, and nothing else that is
// drawn, near to it or far, is less.
func TestOptimaAreTheLeast(t *testing.T) {
	t.Parallel()
	for _, p := range compare.Problems() {
		if p.Several() {
			continue // their fronts are those of package functions
		}
		t.Run(p.Name, func(t *testing.T) {
			t.Parallel()
			value := func(u []float64) float64 {
				ys, err := p.Evaluate(t.Context(), p.Space.FromUnit(u))
				if err != nil {
					t.Fatal(err)
				}
				codomain := p.Codomain()
				if floats.Sum(codomain.Violations(ys)) > 1e-9 { // the optimum is on the boundary
					return math.Inf(1)
				}
				return ys[functions.Output].(float64)
			}
			at, err := p.Space.ToUnit(p.At)
			if err != nil {
				t.Fatal(err)
			}
			if y := value(at); y-p.Optimum > 1e-9 || p.Optimum-y > 1e-9 {
				t.Errorf("it is %v at the optimum, expected %v", y, p.Optimum)
			}
			g := seeds.New(1).Generator()
			for i := range 3000 {
				u := make([]float64, len(at))
				for k := range u {
					if u[k] = g.Float64(); i%2 == 0 {
						u[k] = min(max(at[k]+0.02*g.Norm(), 0), 1) // NaN where it is inactive
					}
				}
				if y := value(u); y < p.Optimum-1e-9 {
					t.Fatalf("it is %v at %v, less than the optimum %v", y, p.Space.FromUnit(u), p.Optimum)
				}
			}
		})
	}
}

// A parallel comparison gives the figures of a serial one, cell by cell.
func TestParallelRunsChangeNothing(t *testing.T) {
	t.Parallel()
	run := func(parallel int) []compare.Cell {
		c := compare.Comparison{
			Contenders: []compare.Contender{{Name: "random_search", Make: optimizer.NewRandom}},
			Problems:   compare.Problems(), Workers: []int{1, 4}, Evals: []int{5, 20}, Seeds: 7, Parallel: parallel,
		}
		cells, _, err := c.Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return cells
	}
	if diff := cmp.Diff(run(1), run(4)); diff != "" {
		t.Error(diff)
	}
}

// Every reference is about a problem that there is, and has a median for each
// number of evaluations, within its quartiles.
func TestReferencesAreComplete(t *testing.T) {
	t.Parallel()
	for _, r := range compare.References() {
		if _, ok := compare.Lookup(r.Problem); !ok || r.Source == "" || len(r.Median) != len(r.Evals) || len(r.Within) > len(r.Evals) {
			t.Errorf("the reference is not complete: %+v", r)
		}
		for i, q := range r.Within {
			if q[0] > r.Median[i] || r.Median[i] > q[2] {
				t.Errorf("%s on %s: the median %v is not within %v", r.Sampler, r.Problem, r.Median[i], q)
			}
		}
	}
}

// Goals are the namesake's, else the best known; several workers are measured by
// what several found.
func TestGoals(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, problem  string
		workers, evals int
		want           float64
		whose          string
	}{
		{"tpe", "branin", 1, 100, 0.448, "TPE"},
		{"tpe", "rosenbrock5", 4, 200, 32.7, "TPE-CL"},
		{"auto", "hartmann6", 1, 50, -3.317, "GP"},
		{"cmaes", "rosenbrock5", 1, 200, 8.41, "CMA-ES"},
		{"nsga2", "zdt1", 1, 200, 5.3392, "NSGA-II"},
		{"ehvi", "zdt1", 1, 200, 6.1901, "TPE"}, // of hypervolumes the most is best
		{"random_search", "branin", 1, 51, 0, ""},
	} {
		goal, _ := compare.GoalOf(tc.name, tc.problem, tc.workers, tc.evals)
		if goal.Median != tc.want || goal.Sampler != tc.whose || goal.Better(goal.Worse, goal.Median) {
			t.Errorf("the goal of %s on %s is %+v, expected %v of %s", tc.name, tc.problem, goal, tc.want, tc.whose)
		}
	}
}

// Proposals are timed on the first problem that suits the optimizer, under the name
// of what it picks.
func TestTimesAreOfEachNumberOfTasks(t *testing.T) {
	t.Parallel()
	two := func(s *optimizer.Setting) (optimizer.Optimizer, error) {
		if len(s.Codomain.Objectives()) != 2 {
			return nil, errors.New("two objectives are needed")
		}
		return optimizer.NewRandom(s)
	}
	o := compare.Contender{Name: "auto", Pick: func(*optimizer.Setting) (string, optimizer.Make) { return "two", two }}
	times, err := compare.Time(t.Context(), &o, compare.Timed(), 3, []int{5, 30})
	if err != nil {
		t.Fatal(err)
	}
	if times.Optimizer != "auto: two" || times.Problem != "zdt1" || times.Workers != 3 {
		t.Errorf("found %+v", times)
	}
	for k := range 2 {
		if m, w := times.Median[k], times.Worst[k]; m < 0 || w < m || w > time.Minute {
			t.Errorf("a median of %v and a longest of %v", m, w)
		}
	}
}

// What a contender picks is not run twice.
func TestAPickIsRunOnce(t *testing.T) {
	t.Parallel()
	p, _ := compare.Lookup("zdt2")
	made := 0
	random := func(s *optimizer.Setting) (optimizer.Optimizer, error) {
		made++
		return optimizer.NewRandom(s)
	}
	c := compare.Comparison{
		Contenders: []compare.Contender{
			{Name: "random", Make: random},
			{Name: "auto", Pick: func(*optimizer.Setting) (string, optimizer.Make) { return "random", random }},
		},
		Problems: []compare.Problem{p}, Workers: []int{1}, Evals: []int{5, 50}, Seeds: 3,
	}
	cells, _, err := c.Run(t.Context())
	if err != nil || len(cells) != 2 || made != 3 {
		t.Fatalf("%d cells, %d runs, %v", len(cells), made, err)
	}
	if auto := cells[1]; auto.Optimizer != "auto: random" || !slices.Equal(auto.Best, cells[0].Best) {
		t.Errorf("found %+v, expected the figures of %+v", auto, cells[0])
	}
	if more := cells[0].Best; more[1][1] < more[0][1] || more[1][1] > p.Optimum {
		t.Errorf("hypervolumes of %v, expected them to grow up to %v", more, p.Optimum)
	}
}

// Where no feasible point was found there is no figure, in JSON neither.
func TestNothingFeasible(t *testing.T) {
	t.Parallel()
	p, _ := compare.Lookup("ball4")
	c := compare.Comparison{
		Contenders: []compare.Contender{{Name: "random_search", Make: optimizer.NewRandom}},
		Problems:   []compare.Problem{p}, Workers: []int{1}, Evals: []int{1, 200}, Seeds: 3,
	}
	cells, _, err := c.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(cells[0].Best)
	if best := cells[0].Best; err != nil || !math.IsInf(best[0][1], 1) || math.IsInf(best[1][1], 1) || !bytes.HasPrefix(b, []byte("[[null,null,null],[")) {
		t.Errorf("found %v, in JSON %s (%v)", best, b, err)
	}
}
