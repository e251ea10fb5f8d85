package optimizertest

import (
	"context"
	"math"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/functions"
	"github.com/rushnet/rush/loops/optimizer"
	"github.com/rushnet/rush/seeds"
)

// LeastFeasible minimizes the sphere in two parameters where their sum is at least
// 2, and returns the least value found that is feasible; there is 2, at (1, 1).
func LeastFeasible(ctx context.Context, kind optimizer.Kind, workers int, evals int64) (float64, error) {
	made, err := kind.Make(nil)
	if err != nil {
		return 0, err
	}
	f, _ := functions.ByName("sphere")
	s, err := (&optimizer.Simulation{
		Setting: optimizer.Setting{
			Space: f.Space, Evals: evals, Workers: workers, Seed: seeds.New(1),
			Codomain: loops.Codomain{{Name: "y", Goal: loops.Minimize}, {Name: "c", Goal: loops.Constraint}},
		},
		Make: made, Evaluate: func(_ context.Context, xs rush.Values) (rush.Values, error) {
			x1, x2 := xs["x1"].(float64), xs["x2"].(float64)
			return rush.Values{"y": x1*x1 + x2*x2, "c": 2 - x1 - x2}, nil
		},
	}).Run(ctx)
	if err != nil {
		return 0, err
	}
	least := math.Inf(1)
	for _, p := range s.Points {
		if p.Violation[0] <= 0 {
			least = min(least, p.Y[0])
		}
	}
	return least, nil
}
