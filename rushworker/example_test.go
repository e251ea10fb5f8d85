package rushworker_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/rushworker"
)

// A worker proposes points of its own and delivers what came out, until it has
// had enough. Programs that package network starts are given an opened worker.
func Example() {
	ctx := context.Background()
	dir, w, err := open(ctx)
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)

	running, err := w.PushRunning(ctx, rush.Values{"x": 3.0})
	if err != nil {
		log.Fatal(err)
	}
	for task := running[0]; task != nil; {
		x := task.XS["x"].(float64)
		y := (x - 1) * (x - 1)
		fmt.Printf("task %d: x = %g, y = %g\n", task.Key, x, y)
		if y < 0.1 {
			err = w.Finish(ctx, task, rush.Values{"y": y}, nil)
			break
		}
		// Deliver this one and begin the next one, in one round trip.
		task, err = w.FinishPush(ctx, task, rush.Values{"y": y}, nil, rush.Values{"x": (x + 1) / 2})
		if err != nil {
			log.Fatal(err)
		}
	}
	if err != nil {
		log.Fatal(err)
	}

	counts, err := w.Counts(ctx)
	fmt.Println(counts.Finished, "finished", err)
	fmt.Println(w.Close(ctx, "the step became small"))
	// Output:
	// task 0: x = 3, y = 4
	// task 1: x = 2, y = 1
	// task 2: x = 1.5, y = 0.25
	// task 3: x = 1.25, y = 0.0625
	// 4 finished <nil>
	// <nil>
}

// Next does in one round trip what a loop of its own does with several verbs:
// here it delivers a result and takes the next number, from which the worker
// draws the next point.
func ExampleWorker_Next() {
	ctx := context.Background()
	dir, w, err := open(ctx)
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	defer w.Close(ctx, "the example is over")

	turn, err := w.Next(ctx, rushworker.Step{Claim: true})
	if err != nil {
		log.Fatal(err)
	}
	for range 3 {
		point := rush.Values{"x": float64(turn.Claimed) / 4}
		turn, err = w.Next(ctx, rushworker.Step{Propose: &rushworker.Proposal{Key: turn.Claimed, XS: point}})
		if err != nil {
			log.Fatal(err)
		}
		task := turn.Task
		fmt.Println("evaluate task", task.Key, "at", task.XS["x"])
		done := rushworker.Result{Key: task.Key, Attempt: task.Attempt, YS: rush.Values{"y": 1.0}}
		turn, err = w.Next(ctx, rushworker.Step{Done: []rushworker.Result{done}, Claim: true})
		if err != nil {
			log.Fatal(err)
		}
	}
	// Output:
	// evaluate task 0 at 0
	// evaluate task 1 at 0.25
	// evaluate task 2 at 0.5
}

// open opens a worker of a network of its own, in an embedded store in dir.
func open(ctx context.Context) (dir string, w *rushworker.Worker, err error) {
	dir, err = os.MkdirTemp("", "rushworker-example-")
	if err != nil {
		return "", nil, err
	}
	w, err = rushworker.Open(ctx, rushworker.Config{
		Store:   filepath.Join(dir, "rush.db"),
		Network: "example",
	})
	return dir, w, err
}
