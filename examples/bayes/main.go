// Command bayes is the third tutorial of R's package rush: asynchronous
// decentralized Bayesian optimization (Egele and others 2023). An initial design
// waits in the queue. Each worker evaluates what is in the queue, and then points
// of its own: it fits a surrogate to the results of all workers and looks for the
// smallest lower confidence bound, with a lambda of its own, so that some workers
// explore and others exploit.
package main

import (
	"context"
	"fmt"
	"log"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/functions"
	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/plugins"
	"github.com/rushnet/rush/rushworker"
	"github.com/rushnet/rush/seeds"
)

const (
	designed   = 16  // points of the initial design
	budget     = 50  // evaluations in all
	candidates = 500 // looked at for each proposal
)

func domain() space.Space {
	return space.MustNew(
		space.Param{Name: "x1", Type: space.Dbl, Lower: -5, Upper: 10},
		space.Param{Name: "x2", Type: space.Dbl, Lower: 0, Upper: 15},
	)
}

// A bayes is one worker's loop.
type bayes struct {
	space    space.Space
	finished *rushworker.Reader
	lambda   float64
	xs       [][]float64 // of all that has finished, in the unit cube
	ys       []float64
}

func makeLoop(_ context.Context, w *rushworker.Worker, s plugins.Setting) (loops.Loop, error) {
	mean, ok := s.Args["lambda"].(float64)
	if !ok {
		return nil, fmt.Errorf("the argument lambda is %v; expected a number", s.Args["lambda"])
	}
	var seed int32
	for _, letter := range w.ID() {
		seed = 31*seed + letter // each worker has a lambda of its own
	}
	lambda := mean * seeds.New(seed).Generator().Exp()
	return &bayes{space: domain(), finished: w.Reader(rush.FieldXS | rush.FieldYS), lambda: lambda}, nil
}

// Run implements [loops.Loop].
func (b *bayes) Run(ctx context.Context, w *rushworker.Worker) error {
	for {
		task, err := w.Take(ctx, func(key rush.TaskKey) (rush.Values, error) {
			return b.propose(ctx, w.Proposer(key).Generator())
		})
		if err != nil || task == nil {
			return err
		}
		y := functions.Branin(task.XS["x1"].(float64), task.XS["x2"].(float64))
		if err := w.Finish(ctx, task, rush.Values{"y": y}, rush.Values{"lambda": b.lambda}); err != nil {
			return err
		}
	}
}

// propose chooses the next point from what all workers have found by now.
func (b *bayes) propose(ctx context.Context, g *seeds.Generator) (rush.Values, error) {
	if err := b.learn(ctx); err != nil {
		return nil, err
	}
	best := b.space.Sample(g)
	if len(b.ys) < 2 {
		return best, nil
	}
	model, err := fit(b.xs, b.ys)
	if err != nil {
		return best, nil // two points that are too close: a random one helps
	}
	bound := 0.0
	for i := range candidates {
		point := b.space.Sample(g)
		u, err := b.space.ToUnit(point)
		if err != nil {
			return nil, err
		}
		mean, sd := model.predict(u)
		if lower := mean - b.lambda*sd; i == 0 || lower < bound {
			best, bound = point, lower
		}
	}
	return best, nil
}

// learn reads what has finished since the last proposal.
func (b *bayes) learn(ctx context.Context) error {
	tasks, err := b.finished.Read(ctx, 0)
	if err != nil {
		return err
	}
	for _, task := range tasks {
		u, err := b.space.ToUnit(task.XS)
		if err != nil {
			return err
		}
		b.xs, b.ys = append(b.xs, u), append(b.ys, task.YS["y"].(float64))
	}
	return nil
}

func main() {
	plugins.Serve(plugins.Program{Loops: map[string]plugins.Loop{"bayes": {Make: makeLoop}}})
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	seed := seeds.New(42)
	net, err := network.Open(ctx, network.Config{Seed: &seed})
	if err != nil {
		return err
	}
	defer net.Close()
	if err := net.SetLimit(ctx, budget); err != nil {
		return err
	}

	// The initial design: points in the queue, for whichever worker comes first.
	var design []rush.Values
	for g := net.Seed().Generator(); len(design) < designed; {
		design = append(design, domain().Sample(g))
	}
	if _, err := net.Push(ctx, design...); err != nil {
		return err
	}
	if _, err := net.StartWorkers(ctx, network.Workers{N: 2, Loop: "bayes", Args: rush.Values{"lambda": 2.0}}); err != nil {
		return err
	}
	<-net.LocalDone()

	tasks, err := net.Rows(ctx, []rush.State{rush.Finished}, nil)
	if err != nil {
		return err
	}
	first, all := tasks[0], tasks[0]
	for _, task := range tasks {
		if task.YS["y"].(float64) < all.YS["y"].(float64) {
			all = task
		}
		if task.Key < designed && task.YS["y"].(float64) < first.YS["y"].(float64) {
			first = task
		}
	}
	fmt.Printf("the best of the %d of the design: y = %.4f\n", designed, first.YS["y"])
	fmt.Printf("the best of all %d: y = %.4f at x1 = %.3f, x2 = %.3f\n", len(tasks), all.YS["y"], all.XS["x1"], all.XS["x2"])
	return nil
}
