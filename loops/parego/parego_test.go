package parego_test

import (
	"context"
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/functions"
	"github.com/rushnet/rush/loops/optimizer"
	"github.com/rushnet/rush/loops/parego"
	"github.com/rushnet/rush/loops/pareto"
	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/seeds"
)

type objective = func(context.Context, rush.Values) (rush.Values, error)

func simulation(sp space.Space, f objective, evals int64, workers int) *optimizer.Simulation {
	k := parego.Kind()
	made, err := k.Make(rush.Values{"points": int64(40)})
	if err != nil {
		panic(err)
	}
	return &optimizer.Simulation{
		Setting: optimizer.Setting{
			Space: sp, Evals: evals, Workers: workers, Seed: seeds.New(1),
			Codomain: loops.Codomain{{Name: "y1", Goal: loops.Minimize}, {Name: "y2", Goal: loops.Minimize}, {Name: "c", Goal: loops.Constraint}},
		},
		Make: made, Evaluate: f, Duration: func(g *seeds.Generator) float64 { return g.Runif(0.5, 1.5) },
	}
}

// without is a function without an output that is a constraint.
func without(f objective) objective {
	return func(ctx context.Context, xs rush.Values) (rush.Values, error) {
		ys, err := f(ctx, xs)
		if err == nil {
			ys["c"] = 0.0
		}
		return ys, err
	}
}

func hypervolume(s *optimizer.Simulated, reference []float64) float64 {
	var y [][]float64
	for _, p := range s.Points {
		if p.Usable() && p.Violation[0] == 0 {
			y = append(y, p.Y)
		}
	}
	return pareto.Hypervolume(y, reference)
}

func Example() {
	f, _ := functions.MultiByName("zdt1")
	s, err := simulation(f.Space, without(f.Evaluate), 40, 1).Run(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("more than 1,000 random points have:", hypervolume(s, f.Reference) > 5.5)
	// Output: more than 1,000 random points have: true
}

// With four workers 40 evaluations dominate more than 200 random ones do, whose
// median of 20 seeds is 3.90.
func TestBetterThanRandom(t *testing.T) {
	t.Parallel()
	f, _ := functions.MultiByName("zdt2")
	s, err := simulation(f.Space, without(f.Evaluate), 40, 4).Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if v := hypervolume(s, f.Reference); v < 4.2 {
		t.Errorf("a hypervolume of %v", v)
	}
}

// A discrete space with a constraint is evaluated completely, each point once.
func TestEveryPointOnce(t *testing.T) {
	t.Parallel()
	sp := space.MustNew(
		space.Param{Name: "n", Type: space.Int, Lower: 1, Upper: 6},
		space.Param{Name: "k", Type: space.Fct, Levels: []any{"a", "b"}},
	)
	f := func(_ context.Context, xs rush.Values) (rush.Values, error) {
		n := float64(xs["n"].(int64))
		return rush.Values{"y1": n, "y2": -n, "c": n - 5}, nil
	}
	s, err := simulation(sp, f, 100, 3).Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	seen := make(map[string]bool)
	for _, p := range s.Points {
		seen[fmt.Sprint(p.XS)] = true
	}
	if len(seen) != 12 || len(s.Points) != 12 {
		t.Errorf("%d points, %d different ones; expected 12", len(s.Points), len(seen))
	}
}

func TestTheSamePointsEachTime(t *testing.T) {
	t.Parallel()
	f, _ := functions.MultiByName("kursawe")
	points := func() (all []rush.Values) {
		s, err := simulation(f.Space, without(f.Evaluate), 25, 3).Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range s.Points {
			all = append(all, p.XS)
		}
		return all
	}
	if diff := cmp.Diff(points(), points()); diff != "" {
		t.Error(diff)
	}
}

// Nothing but failures, and outputs that are not finite, are no reason to stop.
func TestHopelessObjectives(t *testing.T) {
	t.Parallel()
	f, _ := functions.MultiByName("kursawe")
	for name, ys := range map[string]rush.Values{
		"infinite": {"y1": math.Inf(1), "y2": 1.0, "c": 0.0}, "infeasible": {"y1": 1.0, "y2": 1.0, "c": 1.0}, "constant": {"y1": 1.0, "y2": 1.0, "c": 0.0},
	} {
		s, err := simulation(f.Space, func(context.Context, rush.Values) (rush.Values, error) { return ys, nil }, 20, 2).Run(t.Context())
		if err != nil || len(s.Points) != 20 {
			t.Errorf("%s: %d points, %v", name, len(s.Points), err)
		}
	}
}

func TestOneObjectiveIsRefused(t *testing.T) {
	t.Parallel()
	k := parego.Kind()
	made, err := k.Make(nil)
	if err != nil {
		t.Fatal(err)
	}
	f, _ := functions.ByName("branin")
	if _, err := made(&optimizer.Setting{Space: f.Space, Codomain: loops.Codomain{{Name: "y", Goal: loops.Minimize}}}); err == nil {
		t.Error("one objective is no error")
	}
}

// With a constraint on outputs, which random points keep to once in five times, most
// of what is proposed is feasible.
func TestConstraintOnOutputs(t *testing.T) {
	t.Parallel()
	f, _ := functions.MultiByName("zdt2")
	sim := simulation(f.Space, func(ctx context.Context, xs rush.Values) (rush.Values, error) {
		ys, err := without(f.Evaluate)(ctx, xs)
		if err == nil {
			ys["c"] = 0.8 - xs["x1"].(float64)
		}
		return ys, err
	}, 40, 2)
	sim.Setting.Codomain = append(sim.Setting.Codomain, loops.Target{Name: "c", Goal: loops.Constraint})
	s, err := sim.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	feasible := 0
	for _, p := range s.Points[20:] {
		if p.Violation[0] <= 0 {
			feasible++
		}
	}
	if feasible < 12 {
		t.Errorf("%d of the last 20 points are feasible, expected 12 at least", feasible)
	}
}
