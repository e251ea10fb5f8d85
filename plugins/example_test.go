//go:build unix

package plugins_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"testing"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/plugins"
)

func add(_ context.Context, e *loops.Evaluation) (rush.Values, error) {
	return rush.Values{"y": e.XS["x1"].(int64) + e.XS["x2"].(int64)}, nil
}

// program is what the workers of this program offer.
var program = plugins.Program{
	Objectives: map[string]loops.Objective{"add": loops.ObjectiveFunc(add)},
}

// TestMain begins like the main of a program that is its own worker: in a
// worker process Serve does not return.
func TestMain(m *testing.M) {
	if report := os.Getenv(between); report != "" {
		log.Fatal(beBetween(report))
	}
	if task := os.Getenv(host); task != "" {
		beHost(task)
		return
	}
	if how := os.Getenv(misbehavior); how != "" {
		misbehave(how)
	}
	if os.Getenv(faulty) != "" {
		plugins.Serve(faults)
	}
	if os.Getenv(lines) != "" {
		beLines()
		return
	}
	if os.Getenv(roomy) != "" {
		plugins.Serve(large)
	}
	if os.Getenv(catalog) != "" {
		plugins.Serve(described)
	}
	plugins.Serve(program)
	os.Exit(m.Run())
}

// Serve comes first in main. What follows is the manager: StartWorkers starts
// this program once more for each worker.
func ExampleServe() {
	plugins.Serve(program)

	dir, err := os.MkdirTemp("", "plugins-example-")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	fmt.Println(manage(context.Background(), dir+"/rush.db"))
	// Output:
	// task 0: 8
	// task 1: 10
	// <nil>
}

func manage(ctx context.Context, store string) error {
	net, err := network.Open(ctx, network.Config{Store: store, Network: "sums"})
	if err != nil {
		return err
	}
	defer net.Close()
	if _, err := net.StartWorkers(ctx, network.Workers{N: 2}); err != nil {
		return err
	}
	keys, err := net.Push(ctx, rush.Values{"x1": 3, "x2": 5}, rush.Values{"x1": 4, "x2": 6})
	if err != nil {
		return err
	}
	if _, err := net.Wait(ctx, keys...); err != nil {
		return err
	}
	tasks, err := net.Tasks(ctx, keys...)
	if err != nil {
		return err
	}
	for _, task := range tasks {
		fmt.Printf("task %d: %v\n", task.Key, task.YS["y"])
	}
	return nil
}
