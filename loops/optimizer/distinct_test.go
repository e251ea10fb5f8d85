package optimizer_test

import (
	"context"
	"testing"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/optimizer"
	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/rushworker"
	"github.com/rushnet/rush/seeds"
)

// stubborn always proposes the same point, and counts what it was told.
type stubborn struct{}

func (stubborn) Learn([]*optimizer.Point) {}

func (stubborn) Propose(_ context.Context, r *optimizer.Request) (optimizer.Proposal, error) {
	return optimizer.Proposal{U: []float64{0.5}, Extra: rush.Values{"pending": int64(len(r.Pending))}}, nil
}

// In a space that is too large to be enumerated what is proposed in vain is drawn
// near by.
func TestAnOptimizerThatRepeatsItself(t *testing.T) {
	t.Parallel()
	for _, upper := range []float64{100, 1e9} {
		eachstore.Run(t, func(t *testing.T, url string) {
			s := setting()
			s.Space = space.MustNew(space.Param{Name: "n", Type: space.Int, Lower: 1, Upper: upper})
			net := open(t, url)
			tasks := runLoop(t, net, 3, func(context.Context, *rushworker.Worker) (loops.Loop, error) {
				return &optimizer.Loop{
					Problem: &loops.Problem{Codomain: s.Codomain, Objective: loops.ObjectiveFunc(func(_ context.Context, e *loops.Evaluation) (rush.Values, error) {
						return rush.Values{"y": 1.0}, nil
					})},
					Setting: s, Points: optimizer.Points(s.Space),
					Make: func(*optimizer.Setting) (optimizer.Optimizer, error) { return stubborn{}, nil },
				}, nil
			})
			seen := map[int64]bool{}
			for _, task := range tasks {
				n := task.XS["n"].(int64)
				if seen[n] {
					t.Errorf("%d was evaluated twice", n)
				}
				seen[n] = true
				if upper == 100 && (n < 30 || n > 70) {
					t.Errorf("%d is not the nearest free point", n)
				}
			}
			if len(seen) != 30 {
				t.Errorf("%d points, expected 30", len(seen))
			}
		})
	}
}

// Points counts what is finite, and leaves out where a point is evaluated again.
func TestPoints(t *testing.T) {
	t.Parallel()
	n := space.Param{Name: "n", Type: space.Int, Lower: 1, Upper: 5}
	budget := space.Param{Name: "epochs", Type: space.Int, Lower: 1, Upper: 9, Fidelity: true}
	for i, c := range []struct {
		s    space.Space
		want float64
	}{
		{space.MustNew(n, space.Param{Name: "b", Type: space.Lgl}), 10},
		{space.MustNew(n, space.Param{Name: "x", Type: space.Dbl, Lower: 0, Upper: 1}), 0},
		{space.MustNew(n, budget), 0},
		{space.Space{}, 0},
	} {
		if got := optimizer.Points(c.s); got != c.want {
			t.Errorf("space %d has %v points, expected %v", i, got, c.want)
		}
	}
}

// A simulation has each point of a finite space once, whichever workers it has, and
// ends when there is none left; what repeats itself is moved to a free point near by.
func TestASimulationHasEachPointOnce(t *testing.T) {
	t.Parallel()
	s := space.MustNew(space.Param{Name: "n", Type: space.Int, Lower: 1, Upper: 12})
	for name, made := range map[string]optimizer.Make{"random": optimizer.NewRandom, "stubborn": func(*optimizer.Setting) (optimizer.Optimizer, error) { return stubborn{}, nil }} {
		for _, workers := range []int{1, 4} {
			out, err := (&optimizer.Simulation{
				Setting: optimizer.Setting{Space: s, Codomain: loops.Codomain{{Name: "y", Goal: loops.Minimize}}, Evals: 20, Workers: workers, Seed: seeds.New(1)},
				Make:    made,
				Evaluate: func(_ context.Context, xs rush.Values) (rush.Values, error) {
					return rush.Values{"y": float64(xs["n"].(int64))}, nil
				},
				Duration: func(g *seeds.Generator) float64 { return g.Runif(0.5, 1.5) },
			}).Run(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			seen := map[string]bool{}
			for _, p := range out.Points {
				seen[optimizer.Signature(p.U)] = true
			}
			if len(out.Points) != 12 || len(seen) != 12 {
				t.Errorf("%s, %d workers: %d tasks have %d points, expected 12 of 12", name, workers, len(out.Points), len(seen))
			}
		}
	}
}
