package mbo_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops/functions"
	"github.com/rushnet/rush/loops/mbo"
	"github.com/rushnet/rush/loops/optimizer"
	"github.com/rushnet/rush/seeds"
)

// slow has proposals take long, and evaluations hardly any time, so that each point is
// chosen while others are.
func slow(sim *optimizer.Simulation) *optimizer.Simulation {
	sim.Duration = func(*seeds.Generator) float64 { return 0.01 }
	sim.Thinking = func(g *seeds.Generator) float64 { return g.Runif(0.5, 1.5) }
	return sim
}

// ran are the points of a simulation, by where they ended.
func ran(t *testing.T, sim *optimizer.Simulation) *optimizer.Simulated {
	t.Helper()
	s, err := sim.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Workers that choose points at the same moment, of which they see nothing, choose
// different ones, and their search comes as far as one whose proposals take no time.
func TestSlowProposalsAreNotTheSame(t *testing.T) {
	t.Parallel()
	branin, _ := functions.ByName("branin")
	zdt1, _ := functions.MultiByName("zdt1")
	for name, sim := range map[string]func(workers int) *optimizer.Simulation{
		"async_mbo": func(n int) *optimizer.Simulation {
			return simulation(mbo.Kind(), nil, branin.Space, branin.Evaluate, 40, n)
		},
		"forest": func(n int) *optimizer.Simulation {
			return simulation(mbo.Kind(), rush.Values{"surrogate": "forest"}, branin.Space, branin.Evaluate, 40, n)
		},
		"adbo": func(n int) *optimizer.Simulation {
			return simulation(mbo.Decentralized(), nil, branin.Space, branin.Evaluate, 40, n)
		},
		"ehvi": func(n int) *optimizer.Simulation {
			return pairs(zdt1.Space, func(ctx context.Context, xs rush.Values) (rush.Values, error) {
				ys, err := zdt1.Evaluate(ctx, xs)
				ys["c"] = 0.0
				return ys, err
			}, 40, n)
		},
	} {
		for _, workers := range []int{2, 4} {
			s := ran(t, slow(sim(workers)))
			of := map[string]rush.TaskKey{}
			for _, p := range s.Points {
				if other, ok := of[optimizer.Signature(p.U)]; ok {
					t.Errorf("%s with %d workers: tasks %d and %d have the same point %v", name, workers, other, p.Key, p.XS)
				}
				of[optimizer.Signature(p.U)] = p.Key
			}
			if best := s.Best(); name == "async_mbo" && best.Y[0] > 0.40 {
				t.Errorf("%s with %d workers came to %v; branin has 0.397887", name, workers, best.Y[0])
			}
		}
	}
}

// blind sees nothing of what others choose at the same moment.
type blind struct{ optimizer.Optimizer }

func (b blind) Propose(ctx context.Context, r *optimizer.Request) (optimizer.Proposal, error) {
	alone := *r
	alone.Choosing = nil
	return b.Optimizer.Propose(ctx, &alone)
}

// Where nobody else chooses a point at the same moment nothing changes: with one
// worker, however slow, and where proposals take no time.
func TestNothingIsGuessedOfNobody(t *testing.T) {
	t.Parallel()
	branin, _ := functions.ByName("branin")
	alone := simulation(mbo.Kind(), nil, branin.Space, branin.Evaluate, 20, 1)
	several := simulation(mbo.Kind(), nil, branin.Space, branin.Evaluate, 20, 3)
	unseeing := simulation(mbo.Kind(), nil, branin.Space, branin.Evaluate, 20, 3)
	sighted := unseeing.Make
	unseeing.Make = func(s *optimizer.Setting) (optimizer.Optimizer, error) {
		o, err := sighted(s)
		return blind{o}, err
	}
	timeless := cmpopts.IgnoreFields(optimizer.Point{}, "Seconds", "Started", "Finished")
	want := ran(t, alone).Points
	if diff := cmp.Diff(want, ran(t, slow(alone)).Points, timeless, cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("one worker, slow (-quick +slow):\n%s", diff)
	}
	if diff := cmp.Diff(ran(t, unseeing).Points, ran(t, several).Points, cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("several, quick (-blind +seeing):\n%s", diff)
	}
}
