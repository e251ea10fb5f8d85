// Command errors is the page of R's package rush on error handling: what happens
// to a task, and to its worker, when an evaluation goes wrong.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/plugins"
	"github.com/rushnet/rush/table"
)

// evaluate goes wrong in the way that the task asks for.
func evaluate(ctx context.Context, e *loops.Evaluation) (rush.Values, error) {
	switch e.XS["wrong"] {
	case "an error":
		return nil, errors.New("the matrix is singular")
	case "a panic":
		return rush.Values{"y": e.XS["missing"].(float64)}, nil
	case "too slow":
		<-ctx.Done() // the timeout of the task ends the context
		return nil, ctx.Err()
	case "a condition":
		// Says more than an error does: a class and, say, an exit code.
		code := 3
		return nil, &rush.Condition{Class: rush.ClassCrashed, Message: "the simulator gave up", ExitCode: &code}
	case "the process dies":
		os.Exit(7) // the worker with it, as a segmentation fault would
	}
	return rush.Values{"y": 1.0}, nil
}

func main() {
	plugins.Serve(plugins.Program{Objectives: map[string]loops.Objective{"evaluate": loops.ObjectiveFunc(evaluate)}})
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

	// A worker that dies is started anew. Its task has failed as lost by then: no
	// task is running for ever, and nobody has to look for lost workers.
	if _, err := net.StartWorkers(ctx, network.Workers{N: 2, Restart: true}); err != nil {
		return err
	}
	var tasks []rush.Task
	for _, wrong := range []string{"nothing", "an error", "a panic", "too slow", "a condition", "the process dies", "nothing"} {
		tasks = append(tasks, rush.Task{
			XS:      rush.Values{"wrong": wrong},
			Options: rush.Options{Timeout: 500 * time.Millisecond},
		})
	}
	keys, err := net.PushTasks(ctx, tasks)
	if err != nil {
		return err
	}
	finished, err := net.Wait(ctx, keys...)
	if err != nil {
		return err
	}
	fmt.Println("all tasks finished:", finished)

	all, err := net.Table(ctx, nil, nil)
	if err != nil {
		return err
	}
	columns := []string{"number", "wrong", "state", "y", "condition_class", "condition"}
	if err := table.Format(os.Stdout, all, &table.FormatOptions{Columns: columns, Width: 60}); err != nil {
		return err
	}

	// What is known of one failure, as values.
	failed, err := net.Tasks(ctx, keys[4])
	if err != nil {
		return err
	}
	if c := failed[0].Condition; c.Class == rush.ClassCrashed {
		fmt.Printf("task %d: exit code %d: %s\n", failed[0].Key, *c.ExitCode, c.Message)
	}
	workers, err := net.Workers(ctx)
	if err != nil {
		return err
	}
	for _, w := range workers {
		if w.State == rush.WorkerLost {
			fmt.Println("a worker was lost:", w.Reason)
		}
	}
	return nil
}
