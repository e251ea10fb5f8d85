// Command random is the first tutorial of R's package rush: a random search whose
// workers propose their own points, written as a worker loop.
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops/functions"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/plugins"
	"github.com/rushnet/rush/rushworker"
	"github.com/rushnet/rush/table"
)

// randomSearch is what each worker does: draw a point, mark it as running,
// evaluate it, deliver the result, until the budget of the network is used.
func randomSearch(ctx context.Context, w *rushworker.Worker) error {
	for {
		task, err := w.Take(ctx, func(key rush.TaskKey) (rush.Values, error) {
			// Each task has random numbers of its own: with a seed, the points are the
			// same whichever worker draws them.
			draw := w.Proposer(key).Generator()
			return rush.Values{"x1": draw.Runif(-5, 10), "x2": draw.Runif(0, 15)}, nil
		})
		if err != nil || task == nil {
			return err
		}
		y := functions.Branin(task.XS["x1"].(float64), task.XS["x2"].(float64))
		if err := w.Finish(ctx, task, rush.Values{"y": y}, nil); err != nil {
			return err
		}
	}
}

func main() {
	plugins.Serve(plugins.Program{Loops: map[string]plugins.Loop{"random": plugins.FuncLoop(randomSearch)}})
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
	if err := net.SetLimit(ctx, 100); err != nil {
		return err
	}
	if _, err := net.StartWorkers(ctx, network.Workers{N: 2, Loop: "random"}); err != nil {
		return err
	}
	<-net.LocalDone()

	tasks, err := net.Finished(ctx)
	if err != nil {
		return err
	}
	if err := table.Format(os.Stdout, tasks, &table.FormatOptions{Columns: []string{"number", "x1", "x2", "y", "worker_id"}, Rows: 5}); err != nil {
		return err
	}
	ys, err := table.Floats(tasks, "y")
	if err != nil {
		return err
	}
	best := ys[0]
	for _, y := range ys {
		best = min(best, y)
	}
	fmt.Printf("the best of %d: y = %.4f\n", len(ys), best)
	return nil
}
