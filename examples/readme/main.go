// Command readme is the README of R's package rush: two workers add numbers.
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/plugins"
	"github.com/rushnet/rush/table"
)

func add(_ context.Context, e *loops.Evaluation) (rush.Values, error) {
	return rush.Values{"y": e.XS["x1"].(int64) + e.XS["x2"].(int64)}, nil
}

func main() {
	plugins.Serve(plugins.Program{Objectives: map[string]loops.Objective{"add": loops.ObjectiveFunc(add)}})
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

	// Start workers: this program, twice more.
	if _, err := net.StartWorkers(ctx, network.Workers{N: 2}); err != nil {
		return err
	}
	fmt.Println(net)

	// Push tasks, wait for them, and print the table; then once more.
	for _, xss := range [][]rush.Values{
		{{"x1": 3, "x2": 5}, {"x1": 4, "x2": 6}},
		{{"x1": 1, "x2": 5}, {"x1": 7, "x2": 6}},
	} {
		keys, err := net.Push(ctx, xss...)
		if err != nil {
			return err
		}
		if _, err := net.Wait(ctx, keys...); err != nil {
			return err
		}
		tasks, err := net.Finished(ctx)
		if err != nil {
			return err
		}
		if err := table.Format(os.Stdout, tasks, nil); err != nil {
			return err
		}
	}
	return nil
}
