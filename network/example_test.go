package network_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/rushworker"
	"github.com/rushnet/rush/table"
)

// Two workers add numbers. They are goroutines of this program here; a program
// that calls plugins.Serve first thing in main starts processes with
// StartWorkers instead.
func Example() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "network-example-")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)

	net, err := network.Open(ctx, network.Config{Store: filepath.Join(dir, "rush.db"), Network: "sums"})
	if err != nil {
		log.Fatal(err)
	}
	defer net.Close()

	add := loops.ObjectiveFunc(func(_ context.Context, e *loops.Evaluation) (rush.Values, error) {
		return rush.Values{"y": e.XS["x1"].(int64) + e.XS["x2"].(int64)}, nil
	})
	loop := func(context.Context, *rushworker.Worker) (loops.Loop, error) {
		return &loops.Queue{Problem: &loops.Problem{Objective: add}}, nil
	}
	if _, err := net.StartInProcess(ctx, network.Workers{N: 2}, loop); err != nil {
		log.Fatal(err)
	}

	keys, err := net.Push(ctx, rush.Values{"x1": 3, "x2": 5}, rush.Values{"x1": 4, "x2": 6})
	if err != nil {
		log.Fatal(err)
	}
	all, err := net.Wait(ctx, keys...)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("all finished:", all)

	tasks, err := net.Table(ctx, []rush.State{rush.Finished}, &table.Options{Fields: rush.FieldXS | rush.FieldYS})
	if err != nil {
		log.Fatal(err)
	}
	defer tasks.Release()
	if err := table.Format(os.Stdout, tasks, nil); err != nil {
		log.Fatal(err)
	}
	// Output:
	// all finished: true
	// number  state     x1  x2   y  attempt
	//      0  finished   3   5   8        1
	//      1  finished   4   6  10        1
}

func ExampleRush_PushTasks() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "network-example-")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)

	net, err := network.Open(ctx, network.Config{Store: filepath.Join(dir, "rush.db"), Network: "earlier"})
	if err != nil {
		log.Fatal(err)
	}
	defer net.Close()

	// Points that were evaluated elsewhere are part of the network as well.
	_, err = net.PushTasks(ctx, []rush.Task{
		{XS: rush.Values{"x": 1.0}, State: rush.Finished, YS: rush.Values{"y": 0.5}},
		{XS: rush.Values{"x": 2.0}, State: rush.Failed, Condition: &rush.Condition{Class: rush.ClassError, Message: "it diverged"}},
		{XS: rush.Values{"x": 3.0}},
	})
	if err != nil {
		log.Fatal(err)
	}
	counts, err := net.Counts(ctx)
	fmt.Println(counts.Finished, counts.Failed, counts.Queued, err)
	// Output: 1 1 1 <nil>
}
