package optimizer_test

import (
	"context"
	"fmt"

	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/functions"
	"github.com/rushnet/rush/loops/optimizer"
	"github.com/rushnet/rush/seeds"
)

// Four simulated workers search Branin's function at random.
func Example() {
	branin, _ := functions.ByName("branin")
	sim := optimizer.Simulation{
		Setting: optimizer.Setting{
			Space: branin.Space, Codomain: loops.Codomain{{Name: functions.Output, Goal: loops.Minimize}},
			Evals: 200, Workers: 4, Seed: seeds.New(1),
		},
		Make:     optimizer.NewRandom,
		Evaluate: branin.Evaluate,
		Duration: func(g *seeds.Generator) float64 { return g.Runif(0.5, 1.5) },
	}
	s, err := sim.Run(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	best := s.Points[0]
	for _, p := range s.Points {
		if p.Y[0] < best.Y[0] {
			best = p
		}
	}
	fmt.Printf("%d evaluations, best %.3f\n", len(s.Points), best.Y[0])
	// Output: 200 evaluations, best 0.453
}
