// Package optimizertest has what the tests of optimizers share.
package optimizertest

import (
	"context"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/optimizer"
	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/seeds"
)

// An Evaluate scores a point; its output is y.
type Evaluate func(ctx context.Context, xs rush.Values) (rush.Values, error)

// A Search is what is minimized, by how many workers.
type Search struct {
	Space    space.Space
	Evaluate Evaluate
	Workers  int
	Evals    int64
	Args     rush.Values // of the optimizer
}

// Simulate minimizes with an optimizer; evaluations take uniform(0.5, 1.5).
func (s Search) Simulate(ctx context.Context, kind optimizer.Kind) (*optimizer.Simulated, error) {
	made, err := kind.Make(s.Args)
	if err != nil {
		return nil, err
	}
	return (&optimizer.Simulation{
		Setting: optimizer.Setting{
			Space: s.Space, Codomain: loops.Codomain{{Name: "y", Goal: loops.Minimize}}, Evals: s.Evals, Workers: s.Workers, Seed: seeds.New(1),
		},
		Make: made, Evaluate: s.Evaluate,
		Duration: func(g *seeds.Generator) float64 { return g.Runif(0.5, 1.5) },
	}).Run(ctx)
}
