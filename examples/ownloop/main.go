// Command ownloop has a worker loop of its own, an evolution strategy: each worker
// changes the best point that anybody has found, and all learn of each other
// through the network. A loop may also take its arguments from who started it,
// log, and stop everybody.
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/functions"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/plugins"
	"github.com/rushnet/rush/rushworker"
	"github.com/rushnet/rush/seeds"
)

// An evolution is one worker's loop.
type evolution struct {
	problem  *loops.Problem // the objective, with all that can go wrong in it
	enough   float64        // ends the run
	finished *rushworker.Reader
	best     *rush.Task
	spread   float64 // of the changes: grows when they help, shrinks when not
}

func makeLoop(_ context.Context, w *rushworker.Worker, s plugins.Setting) (loops.Loop, error) {
	enough, ok := s.Args["enough"].(float64)
	if !ok {
		return nil, fmt.Errorf("the argument enough is %v; expected a number", s.Args["enough"])
	}
	return &evolution{
		problem: s.Problem, enough: enough, spread: 1,
		finished: w.Reader(rush.FieldXS | rush.FieldYS | rush.FieldWorker),
	}, nil
}

// Run implements [loops.Loop].
func (l *evolution) Run(ctx context.Context, w *rushworker.Worker) error {
	for {
		if err := l.look(ctx, w); err != nil {
			return err
		}
		if l.best != nil && value(l.best) <= l.enough {
			return w.StopNetwork(ctx, rush.RunDone, fmt.Sprintf("task %d is good enough", l.best.Key))
		}
		task, err := w.Take(ctx, func(key rush.TaskKey) (rush.Values, error) {
			return l.change(w.Proposer(key).Generator()), nil
		})
		if err != nil || task == nil {
			return err // told to end, or the budget is used
		}
		result := l.problem.Evaluate(ctx, w, task)
		if _, err := w.Next(ctx, rushworker.Step{Done: []rushworker.Result{result}}); err != nil {
			return err
		}
	}
}

// look learns what all workers have found since the last time.
func (l *evolution) look(ctx context.Context, w *rushworker.Worker) error {
	tasks, err := l.finished.Read(ctx, 0)
	if err != nil {
		return err
	}
	for _, task := range tasks {
		better := l.best == nil || value(task) < value(l.best)
		if better {
			l.best = task
			w.Log().Debug("a better point", "task", task.Key, "y", value(task))
		}
		if task.Worker == w.ID() && better {
			l.spread *= 1.5
		} else if task.Worker == w.ID() {
			l.spread *= 0.9
		}
	}
	return nil
}

// change returns a point near the best one.
func (l *evolution) change(g *seeds.Generator) rush.Values {
	if l.best == nil {
		return rush.Values{"x1": g.Runif(-5, 10), "x2": g.Runif(0, 15)}
	}
	near := func(x, lower, upper float64) float64 { return min(max(x+l.spread*g.Norm(), lower), upper) }
	return rush.Values{
		"x1": near(l.best.XS["x1"].(float64), -5, 10),
		"x2": near(l.best.XS["x2"].(float64), 0, 15),
	}
}

func value(task *rush.Task) float64 { return task.YS["y"].(float64) }

func branin(_ context.Context, e *loops.Evaluation) (rush.Values, error) {
	return rush.Values{"y": functions.Branin(e.XS["x1"].(float64), e.XS["x2"].(float64))}, nil
}

func main() {
	plugins.Serve(plugins.Program{
		Loops: map[string]plugins.Loop{"evolution": {
			Make: makeLoop, Help: "Changes the best point by a normal step, whose length learns what helps.",
			Arguments: []loops.Argument{{Name: "enough", Type: loops.Number, Default: 0.5, Help: "the value that ends the run"}},
		}},
		Objectives: map[string]loops.Objective{"branin": loops.ObjectiveFunc(branin)},
	})
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
	if err := net.SetLimit(ctx, 5000); err != nil {
		return err
	}
	if _, err := net.BeginRun(ctx); err != nil {
		return err
	}
	_, err = net.StartWorkers(ctx, network.Workers{
		N: 2, Loop: "evolution", Objective: "branin", Args: rush.Values{"enough": 0.4},
		Output: func(id rush.WorkerID, _, line string) { fmt.Fprintf(os.Stderr, "[%s] %s\n", id, line) },
	})
	if err != nil {
		return err
	}
	<-net.LocalDone()
	ended, err := net.EndRun(ctx, rush.RunDone, "the budget is used")
	if err != nil {
		return err
	}
	fmt.Printf("%s: %s\n", ended.Status, ended.Reason)
	fmt.Println(net)
	return nil
}
