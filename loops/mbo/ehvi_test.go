package mbo_test

import (
	"context"
	"errors"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/functions"
	"github.com/rushnet/rush/loops/mbo"
	"github.com/rushnet/rush/loops/optimizer"
	"github.com/rushnet/rush/loops/pareto"
	"github.com/rushnet/rush/loops/space"
)

// pairs is a simulation with two objectives and a constraint on outputs.
func pairs(sp space.Space, f objective, evals int64, workers int) *optimizer.Simulation {
	sim := simulation(mbo.HypervolumeKind(), nil, sp, f, evals, workers)
	sim.Setting.Codomain = loops.Codomain{{Name: "y1", Goal: loops.Minimize}, {Name: "y2", Goal: loops.Minimize}, {Name: "c", Goal: loops.Constraint}}
	return sim
}

// With four workers 40 evaluations of ZDT1 dominate more than 95 % of what can be:
// 7.7 - 1/3, by the front of its paper. 200 random ones have 5.0.
func TestHypervolumeOfZDT1(t *testing.T) {
	t.Parallel()
	f, _ := functions.MultiByName("zdt1")
	s, err := pairs(f.Space, func(ctx context.Context, xs rush.Values) (rush.Values, error) {
		ys, err := f.Evaluate(ctx, xs)
		ys["c"] = 0.0
		return ys, err
	}, 40, 4).Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var y [][]float64
	for _, p := range s.Points {
		y = append(y, p.Y)
	}
	if v := pareto.Hypervolume(y, f.Reference); v < 0.95*(7.7-1.0/3) {
		t.Errorf("a hypervolume of %v", v)
	}
}

// In a mixed space with failures and a constraint on outputs it finds the ends of
// the front, proposes no point twice, and the same points each time.
func TestHypervolumeOfAMixedSpace(t *testing.T) {
	t.Parallel()
	f := func(ctx context.Context, xs rush.Values) (rush.Values, error) {
		ys, err := fragile(ctx, xs)
		if err != nil {
			return nil, err
		}
		n := float64(xs["n"].(int64))
		return rush.Values{"y1": ys["y"], "y2": -n, "c": n - 15}, nil
	}
	run := func() *optimizer.Simulated {
		s, err := pairs(mixed(), f, 50, 3).Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	s := run()
	checkDistinct(t, s)
	least := []float64{math.Inf(1), math.Inf(1)}
	for _, p := range s.Points {
		if p.Usable() && p.Violation[0] == 0 {
			least[0], least[1] = min(least[0], p.Y[0]), min(least[1], p.Y[1])
		}
	}
	if least[0] > 0.5 || least[1] != -15 {
		t.Errorf("the least are %v, expected about 0 and -15", least)
	}
	for i, p := range run().Points {
		if diff := cmp.Diff(s.Points[i].XS, p.XS); diff != "" {
			t.Fatalf("point %d is another one the second time:\n%s", i, diff)
		}
	}
}

func TestHypervolumeOfHopelessObjectives(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]objective{
		"fails": func(context.Context, rush.Values) (rush.Values, error) { return nil, errors.New("no") },
		"infinite": func(context.Context, rush.Values) (rush.Values, error) {
			return rush.Values{"y1": 1.0, "y2": math.Inf(1), "c": 0.0}, nil
		},
		"infeasible": func(context.Context, rush.Values) (rush.Values, error) {
			return rush.Values{"y1": 1.0, "y2": 1.0, "c": 1.0}, nil
		},
		"constant": func(context.Context, rush.Values) (rush.Values, error) {
			return rush.Values{"y1": 3.0, "y2": 2.0, "c": 0.0}, nil
		},
	} {
		s, err := pairs(mixed(), f, 20, 2).Run(t.Context())
		if err != nil || len(s.Points) != 20 {
			t.Errorf("%s: %d points, %v", name, len(s.Points), err)
		}
	}
}

func TestHypervolumeTakesTwoObjectives(t *testing.T) {
	t.Parallel()
	if _, err := simulation(mbo.HypervolumeKind(), nil, mixed(), fragile, 5, 1).Run(t.Context()); err == nil {
		t.Error("one objective is no error")
	}
}

// The ends of Binh and Korn's front are worse than anything that a design has found;
// it grows up to them.
func TestAFrontGrowsAtItsEnds(t *testing.T) {
	t.Parallel()
	f, _ := functions.MultiByName("binh_korn")
	sim := pairs(f.Space, f.Evaluate, 45, 1)
	sim.Setting.Codomain = loops.Codomain{
		{Name: "y1", Goal: loops.Minimize}, {Name: "y2", Goal: loops.Minimize}, {Name: "c1", Goal: loops.Constraint}, {Name: "c2", Goal: loops.Constraint},
	}
	s, err := sim.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var y [][]float64
	for _, p := range s.Points {
		if p.Usable() && p.Violation[0] == 0 && p.Violation[1] == 0 {
			y = append(y, p.Y)
		}
	}
	if v := pareto.Hypervolume(y, f.Reference); v < 0.975*f.Hypervolume {
		t.Errorf("a hypervolume of %v, expected about %v", v, f.Hypervolume)
	}
}
