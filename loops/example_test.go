package loops_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/rushworker"
	"github.com/rushnet/rush/seeds"
)

func parabola(_ context.Context, e *loops.Evaluation) (rush.Values, error) {
	x := e.XS["x"].(float64)
	return rush.Values{"y": x * x, "sign": x > 0}, nil
}

// Problem.Try scores a point without a network: what the codomain names is the
// objective's ys, all else an extra.
func Example() {
	problem := &loops.Problem{
		Objective: loops.ObjectiveFunc(parabola),
		Codomain:  loops.Codomain{{Name: "y", Goal: loops.Minimize}},
	}
	result := problem.Try(context.Background(), loops.Evaluation{XS: rush.Values{"x": -3.0}})
	fmt.Println(result.YS, result.Extra)
	// Output: map[y:9] map[sign:false]
}

// A random search of two workers. The same seed gives the same points.
func ExampleRandomSearch() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "loops-example-")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)

	seed := seeds.New(42)
	net, err := network.Open(ctx, network.Config{Store: filepath.Join(dir, "rush.db"), Network: "parabola", Seed: &seed})
	if err != nil {
		log.Fatal(err)
	}
	defer net.Close()
	def, err := net.Definition(ctx)
	if err != nil {
		log.Fatal(err)
	}
	def.Limit = 5 // evaluations
	if err := net.Define(ctx, def); err != nil {
		log.Fatal(err)
	}

	search := &loops.RandomSearch{
		Problem: &loops.Problem{
			Objective: loops.ObjectiveFunc(parabola),
			Codomain:  loops.Codomain{{Name: "y", Goal: loops.Minimize}},
		},
		Space: space.MustNew(space.Param{Name: "x", Type: space.Dbl, Lower: -5, Upper: 5}),
	}
	loop := func(context.Context, *rushworker.Worker) (loops.Loop, error) { return search, nil }
	if _, err := net.StartInProcess(ctx, network.Workers{N: 2}, loop); err != nil {
		log.Fatal(err)
	}
	<-net.LocalDone() // the workers end when the budget is spent

	keys, err := net.Keys(ctx, rush.Finished)
	if err != nil {
		log.Fatal(err)
	}
	tasks, err := net.Tasks(ctx, keys...)
	if err != nil {
		log.Fatal(err)
	}
	for _, task := range tasks {
		fmt.Printf("%d: x = %.3f, y = %.3f\n", task.Key, task.XS["x"], task.YS["y"])
	}
	// Output:
	// 0: x = 4.945, y = 24.458
	// 1: x = -4.825, y = 23.276
	// 2: x = 2.223, y = 4.943
	// 3: x = 1.616, y = 2.610
	// 4: x = 3.380, y = 11.423
}
