// Plugin-go serves an objective, for the search file beside it:
//
//	cd examples/plugin-go && go build && rush run search.yaml
package main

import (
	"context"
	"math"

	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/plugins"
)

func main() {
	plugins.Serve(plugins.Program{
		Objectives: map[string]loops.Objective{"train": loops.Func(train)},
	})
}

// A Point is what the search chooses.
type Point struct {
	Rate     float64 `help:"how far a step goes down the slope"`
	MaxDepth int     `help:"how often the slope is looked at in a step"`
}

// A Score is what it is told.
type Score struct {
	Loss   float64
	Epochs int64
}

// train goes down a noisy slope, and tells the loss of each epoch.
func train(ctx context.Context, e *loops.Evaluation, p Point) (Score, error) {
	noise, x := e.Rand(), 1.0
	for epoch := int64(1); ; epoch++ {
		for range p.MaxDepth {
			x -= p.Rate * (2*x + noise.NormFloat64()/10)
		}
		s := Score{Loss: math.Abs(x), Epochs: epoch}
		e.Progress(ctx, epoch)
		e.Log.Debug("an epoch is over", "epoch", epoch, "loss", s.Loss)
		stop, err := e.Report(ctx, epoch, map[string]any{"loss": s.Loss})
		if stop || err != nil || epoch == 10 {
			return s, err
		}
	}
}
