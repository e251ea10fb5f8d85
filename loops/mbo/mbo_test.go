package mbo_test

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
	"github.com/rushnet/rush/loops/mbo"
	"github.com/rushnet/rush/loops/optimizer"
	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/seeds"
)

type objective = func(context.Context, rush.Values) (rush.Values, error)

func simulation(kind optimizer.Kind, args rush.Values, sp space.Space, f objective, evals int64, workers int) *optimizer.Simulation {
	made, err := kind.Make(args)
	if err != nil {
		panic(err)
	}
	return &optimizer.Simulation{
		Setting: optimizer.Setting{
			Space: sp, Codomain: loops.Codomain{{Name: "y", Goal: loops.Minimize}}, Evals: evals, Workers: workers, Seed: seeds.New(1),
		},
		Make: made, Evaluate: f, Duration: func(g *seeds.Generator) float64 { return g.Runif(0.5, 1.5) },
	}
}

func best(s *optimizer.Simulated) float64 {
	y := math.Inf(1)
	for _, p := range s.Points {
		if p.Usable() {
			y = min(y, p.Y[0])
		}
	}
	return y
}

func Example() {
	branin, _ := functions.ByName("branin")
	s, err := simulation(mbo.Kind(), nil, branin.Space, branin.Evaluate, 40, 1).Run(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("best %.2f\n", best(s))
	// Output: best 0.40
}

func mixed() space.Space {
	return space.MustNew(
		space.Param{Name: "x", Type: space.Dbl, Lower: 1e-4, Upper: 1, Log: true},
		space.Param{Name: "n", Type: space.Int, Lower: 1, Upper: 20},
		space.Param{Name: "w", Type: space.Int, Lower: 1, Upper: 1024, Log: true},
		space.Param{Name: "k", Type: space.Fct, Levels: []any{"a", "b", "c"}},
		space.Param{Name: "on", Type: space.Lgl},
	)
}

// fragile fails on a part of the space.
func fragile(_ context.Context, xs rush.Values) (rush.Values, error) {
	x, n, w := math.Log10(xs["x"].(float64)), float64(xs["n"].(int64)), math.Log2(float64(xs["w"].(int64)))
	if x > -1 {
		return nil, errors.New("it diverged")
	}
	y := (x+2)*(x+2) + (n-7)*(n-7)/10 + (w-6)*(w-6)/4
	if xs["k"] != "b" {
		y++
	}
	if xs["on"] != true {
		y++
	}
	return rush.Values{"y": y}, nil
}

// With each of the acquisition functions four workers find the optimum of a mixed
// space, and never evaluate a point twice.
func TestMixedSpace(t *testing.T) {
	t.Parallel()
	kinds := map[string]optimizer.Kind{"adbo": mbo.Decentralized()}
	for _, acquisition := range []string{"log_ei", "ei", "pi", "lcb", "stochastic_lcb", "ei_per_second"} {
		kinds[acquisition] = mbo.Kind()
	}
	for name, kind := range kinds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			args := rush.Values{"acquisition": name}
			if name == "adbo" {
				args = nil
			}
			s, err := simulation(kind, args, mixed(), fragile, 60, 4).Run(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			checkDistinct(t, s)
			limit := 0.1
			if name == "pi" || name == "ei_per_second" { // what is near, or soon over, comes first
				limit = 3
			}
			if y := best(s); y > limit {
				t.Errorf("the best is %v, expected about 0", y)
			}
		})
	}
}

func checkDistinct(t *testing.T, s *optimizer.Simulated) {
	t.Helper()
	seen := make(map[string]rush.TaskKey)
	for _, p := range s.Points {
		text := fmt.Sprint(p.XS)
		if other, ok := seen[text]; ok {
			t.Errorf("tasks %d and %d are both %v", other, p.Key, p.XS)
		}
		seen[text] = p.Key
	}
}

// A space of 24 points is exhausted by 24 evaluations.
func TestExhausted(t *testing.T) {
	t.Parallel()
	sp := space.MustNew(
		space.Param{Name: "n", Type: space.Int, Lower: 1, Upper: 6},
		space.Param{Name: "k", Type: space.Fct, Levels: []any{"a", "b"}},
		space.Param{Name: "on", Type: space.Lgl},
	)
	f := func(_ context.Context, xs rush.Values) (rush.Values, error) {
		return rush.Values{"y": float64(xs["n"].(int64))}, nil
	}
	s, err := simulation(mbo.Kind(), nil, sp, f, 100, 3).Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	checkDistinct(t, s)
	if len(s.Points) != 24 {
		t.Errorf("%d points, expected 24", len(s.Points))
	}
}

func TestTheSamePointsEachTime(t *testing.T) {
	t.Parallel()
	run := func() (all []rush.Values) {
		s, err := simulation(mbo.Kind(), nil, mixed(), fragile, 25, 3).Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range s.Points {
			all = append(all, p.XS)
		}
		return all
	}
	if diff := cmp.Diff(run(), run()); diff != "" {
		t.Error(diff)
	}
}

// Nothing but failures, outputs that are not finite, and one output for all are
// no reason to stop.
func TestHopelessObjectives(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]objective{
		"fails":    func(context.Context, rush.Values) (rush.Values, error) { return nil, errors.New("no") },
		"infinite": func(context.Context, rush.Values) (rush.Values, error) { return rush.Values{"y": math.Inf(1)}, nil },
		"constant": func(context.Context, rush.Values) (rush.Values, error) { return rush.Values{"y": 3.0}, nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := simulation(mbo.Kind(), nil, mixed(), f, 25, 2).Run(t.Context())
			if err != nil || len(s.Points) != 25 {
				t.Errorf("%d points, %v", len(s.Points), err)
			}
		})
	}
}
