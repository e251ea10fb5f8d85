package nsga2_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/functions"
	"github.com/rushnet/rush/loops/nsga2"
	"github.com/rushnet/rush/loops/optimizer"
	"github.com/rushnet/rush/loops/pareto"
	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/seeds"
)

type objective = func(context.Context, rush.Values) (rush.Values, error)

func run(t *testing.T, sp space.Space, c loops.Codomain, f objective, evals int64, workers int, make optimizer.Make) *optimizer.Simulated {
	t.Helper()
	if make == nil {
		k := nsga2.Kind()
		var err error
		if make, err = k.Make(nil); err != nil {
			t.Fatal(err)
		}
	}
	sim := optimizer.Simulation{
		Setting: optimizer.Setting{Space: sp, Codomain: c, Evals: evals, Workers: workers, Seed: seeds.New(1)},
		Make:    make, Evaluate: f, Duration: func(g *seeds.Generator) float64 { return g.Runif(0.5, 1.5) },
	}
	s, err := sim.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func codomain(names ...string) (c loops.Codomain) {
	for _, name := range names {
		c = append(c, loops.Target{Name: name, Goal: loops.Minimize})
	}
	return c
}

func hypervolume(s *optimizer.Simulated, reference []float64) float64 {
	var y [][]float64
	for _, p := range s.Points {
		y = append(y, p.Y)
	}
	return pareto.Hypervolume(y, reference)
}

func Example() {
	f, _ := functions.MultiByName("zdt1")
	k := nsga2.Kind()
	made, _ := k.Make(nil)
	sim := optimizer.Simulation{
		Setting: optimizer.Setting{
			Space: f.Space, Evals: 300, Seed: seeds.New(1),
			Codomain: loops.Codomain{{Name: "y1", Goal: loops.Minimize}, {Name: "y2", Goal: loops.Minimize}},
		},
		Make: made, Evaluate: f.Evaluate,
	}
	s, err := sim.Run(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	var y [][]float64
	for _, p := range s.Points {
		y = append(y, p.Y)
	}
	fmt.Println("more than half of the points that are possible:", pareto.Hypervolume(y, f.Reference) > 6.5)
	// Output: more than half of the points that are possible: true
}

// On functions of the literature it dominates more than random search does.
func TestBetterThanRandom(t *testing.T) {
	t.Parallel()
	for _, name := range functions.MultiNames() {
		f, _ := functions.MultiByName(name)
		if f.Constraints != nil {
			continue // random points have nearly all that there is
		}
		for _, workers := range []int{1, 4} {
			evolved := hypervolume(run(t, f.Space, codomain(f.Outputs...), f.Evaluate, 200, workers, nil), f.Reference)
			random := hypervolume(run(t, f.Space, codomain(f.Outputs...), f.Evaluate, 200, workers, optimizer.NewRandom), f.Reference)
			if evolved < 1.02*random {
				t.Errorf("%s, %d workers: a hypervolume of %v, at random %v", name, workers, evolved, random)
			}
		}
	}
}

func TestOneObjective(t *testing.T) {
	t.Parallel()
	f, _ := functions.ByName("branin")
	s := run(t, f.Space, codomain("y"), f.Evaluate, 300, 4, nil)
	best := math.Inf(1)
	for _, p := range s.Points {
		best = min(best, p.Y[0])
	}
	if best > 0.45 {
		t.Errorf("the best is %v, expected about 0.398", best)
	}
}

// mixed has parameters of every kind, of which one is there only sometimes.
func mixed(t *testing.T) space.Space {
	s, err := space.MustNew(
		space.Param{Name: "x", Type: space.Dbl, Lower: 1e-4, Upper: 1, Log: true},
		space.Param{Name: "n", Type: space.Int, Lower: 1, Upper: 20},
		space.Param{Name: "k", Type: space.Fct, Levels: []any{"a", "b", "c"}},
		space.Param{Name: "m", Type: space.Int, Lower: 1, Upper: 9, Depends: `k == "b"`},
		space.Param{Name: "on", Type: space.Lgl},
	).Constrain("x * n < 2")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// c is a constraint: b is better with a large n, which is infeasible.
func tradeoff(_ context.Context, xs rush.Values) (rush.Values, error) {
	x, n := math.Log10(xs["x"].(float64)), float64(xs["n"].(int64))
	if x > -0.5 {
		return nil, errors.New("it diverged")
	}
	a, b := (x+2)*(x+2), 20-n
	if m, ok := xs["m"].(int64); ok {
		a += float64(m-3) * float64(m-3) / 10
	} else {
		a++
	}
	if xs["on"] != true {
		b++
	}
	return rush.Values{"a": a, "b": b, "c": n - 15}, nil
}

// In a mixed space with conditions, failures and constraints of both kinds it
// finds the best feasible value of each objective, and no point comes twice.
func TestMixedSpace(t *testing.T) {
	t.Parallel()
	c := append(codomain("a", "b"), loops.Target{Name: "c", Goal: loops.Constraint})
	s := run(t, mixed(t), c, tradeoff, 300, 4, nil)
	least, seen := []float64{math.Inf(1), math.Inf(1)}, make(map[string]bool)
	for _, p := range s.Points {
		if name := fmt.Sprint(p.XS); seen[name] {
			t.Errorf("%s came twice", name)
		} else {
			seen[name] = true
		}
		if p.Usable() && p.Violation[0] == 0 {
			least[0], least[1] = min(least[0], p.Y[0]), min(least[1], p.Y[1])
		}
	}
	if least[0] > 0.1 || least[1] != 5 {
		t.Errorf("the least are %v, expected about 0 and 5", least)
	}
}

func TestTheSamePointsEachTime(t *testing.T) {
	t.Parallel()
	points := func() (all []rush.Values) {
		for _, p := range run(t, mixed(t), codomain("a", "b"), tradeoff, 80, 3, nil).Points {
			all = append(all, p.XS)
		}
		return all
	}
	if diff := cmp.Diff(points(), points()); diff != "" {
		t.Error(diff)
	}
}

// What 2,000 tasks before it cost a proposal.
func BenchmarkPropose(b *testing.B) {
	f, _ := functions.MultiByName("zdt1")
	k := nsga2.Kind()
	made, _ := k.Make(rush.Values{"population": int64(100)})
	sim := optimizer.Simulation{
		Setting: optimizer.Setting{Space: f.Space, Codomain: codomain(f.Outputs...), Evals: 2000, Seed: seeds.New(1)},
		Make:    made, Evaluate: f.Evaluate,
	}
	s, err := sim.Run(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	o, err := made(&sim.Setting)
	if err != nil {
		b.Fatal(err)
	}
	o.Learn(s.Points)
	for b.Loop() {
		o.Learn(s.Points[:1])
		if _, err := o.Propose(b.Context(), &optimizer.Request{Key: 2000, Rand: seeds.New(2).Generator()}); err != nil {
			b.Fatal(err)
		}
	}
}
