// Command median is the second tutorial of R's package rush: early stopping by
// the median rule. The workers tune gradient descent. After each epoch a worker
// looks at what the others had reached by then, and gives up a run that is worse
// than their median.
package main

import (
	"context"
	"fmt"
	"log"
	"math"
	"slices"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops/functions"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/plugins"
	"github.com/rushnet/rush/rushworker"
)

const (
	epochs = 20
	grace  = 3 // epochs before anything is stopped
	enough = 5 // others that have come so far, before they are a measure
)

// A training is a gradient descent on Rosenbrock's valley, with momentum.
type training struct{ rate, momentum, x, y, vx, vy float64 }

// epoch takes a hundred steps and returns the loss after them.
func (t *training) epoch() float64 {
	for range 100 {
		dx := -2*(1-t.x) - 400*t.x*(t.y-t.x*t.x)
		dy := 200 * (t.y - t.x*t.x)
		t.vx, t.vy = t.momentum*t.vx-t.rate*dx, t.momentum*t.vy-t.rate*dy
		t.x, t.y = t.x+t.vx, t.y+t.vy
	}
	loss := math.Log10(functions.Rosenbrock(t.x, t.y))
	if math.IsNaN(loss) || loss > 10 {
		return 10 // it diverged
	}
	return loss
}

// A history has the losses of the trainings that any worker has finished.
type history struct {
	finished *rushworker.Reader
	losses   [epochs][]float64
}

// median returns the median of what was reached after the epoch, and of how many.
func (h *history) median(ctx context.Context, epoch int) (float64, int, error) {
	tasks, err := h.finished.Read(ctx, 0) // what is new since the last call
	if err != nil {
		return 0, 0, err
	}
	for _, task := range tasks {
		for i, loss := range task.YSExtra["losses"].([]any) {
			h.losses[i] = append(h.losses[i], loss.(float64))
		}
	}
	reached := slices.Sorted(slices.Values(h.losses[epoch]))
	if len(reached) == 0 {
		return 0, 0, nil
	}
	return reached[len(reached)/2], len(reached), nil
}

func medianStopping(ctx context.Context, w *rushworker.Worker) error {
	others := &history{finished: w.Reader(rush.FieldYSExtra)}
	for {
		task, err := w.Take(ctx, func(key rush.TaskKey) (rush.Values, error) {
			draw := w.Proposer(key).Generator()
			return rush.Values{"rate": math.Pow(10, draw.Runif(-5, -2.5)), "momentum": draw.Runif(0, 0.95)}, nil
		})
		if err != nil || task == nil {
			return err
		}
		losses, err := train(ctx, task, others)
		if err != nil {
			return err
		}
		last := losses[len(losses)-1]
		extra := rush.Values{"losses": losses, "epochs": len(losses)}
		if err := w.Finish(ctx, task, rush.Values{"loss": last}, extra); err != nil {
			return err
		}
	}
}

// train goes on until the end, or until it is worse than half of the others.
func train(ctx context.Context, task *rush.Task, others *history) (losses []any, err error) {
	t := &training{rate: task.XS["rate"].(float64), momentum: task.XS["momentum"].(float64), x: -1, y: 1}
	for epoch := range epochs {
		loss := t.epoch()
		losses = append(losses, loss)
		median, n, err := others.median(ctx, epoch)
		if err != nil {
			return nil, err
		}
		if epoch >= grace && n >= enough && loss > median {
			break
		}
	}
	return losses, nil
}

func main() {
	plugins.Serve(plugins.Program{Loops: map[string]plugins.Loop{"median": plugins.FuncLoop(medianStopping)}})
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	net, err := network.Open(ctx, network.Config{})
	if err != nil {
		return err
	}
	defer net.Close()
	if err := net.SetLimit(ctx, 60); err != nil {
		return err
	}
	if _, err := net.StartWorkers(ctx, network.Workers{N: 2, Loop: "median"}); err != nil {
		return err
	}
	<-net.LocalDone()

	tasks, err := net.Rows(ctx, []rush.State{rush.Finished}, nil)
	if err != nil {
		return err
	}
	best, stopped, saved := tasks[0], 0, 0
	for _, task := range tasks {
		if task.YS["loss"].(float64) < best.YS["loss"].(float64) {
			best = task
		}
		if n := int(task.YSExtra["epochs"].(int64)); n < epochs {
			stopped, saved = stopped+1, saved+epochs-n
		}
	}
	fmt.Printf("%d trainings, %d of them stopped early, which saved %d of %d epochs\n", len(tasks), stopped, saved, len(tasks)*epochs)
	fmt.Printf("the best: loss 10^%.2f with rate %.2g and momentum %.2f after %d epochs\n",
		best.YS["loss"], best.XS["rate"], best.XS["momentum"], best.YSExtra["epochs"])
	return nil
}
