// Command dependencies has tasks that wait for others: the sums of parts are
// added up when all parts are there. One part fails, and what depends on it
// becomes impossible.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/plugins"
	"github.com/rushnet/rush/table"
)

// part adds the integers from..to.
func part(_ context.Context, e *loops.Evaluation) (rush.Values, error) {
	from, to := e.XS["from"].(int64), e.XS["to"].(int64)
	if from > to {
		return nil, errors.New("the part is empty")
	}
	sum := int64(0)
	for i := from; i <= to; i++ {
		sum += i
	}
	return rush.Values{"sum": sum}, nil
}

// A task that waits for others is evaluated when all of them have finished: their
// numbers tell it where to look.
func total(ctx context.Context, e *loops.Evaluation) (rush.Values, error) {
	net, err := network.Open(ctx, network.Config{Network: e.Network})
	if err != nil {
		return nil, err
	}
	defer net.Close()
	var keys []rush.TaskKey
	for _, key := range e.XS["parts"].([]any) {
		keys = append(keys, rush.TaskKey(key.(int64)))
	}
	parts, err := net.Tasks(ctx, keys...)
	if err != nil {
		return nil, err
	}
	sum := int64(0)
	for _, p := range parts {
		sum += p.YS["sum"].(int64)
	}
	return rush.Values{"sum": sum}, nil
}

func main() {
	plugins.Serve(plugins.Program{Objectives: map[string]loops.Objective{
		"part": loops.ObjectiveFunc(part), "total": loops.ObjectiveFunc(total),
	}})
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

	good, err := net.PushTasks(ctx, []rush.Task{parts(1, 100), parts(101, 200), parts(201, 300)})
	if err != nil {
		return err
	}
	empty, err := net.PushTasks(ctx, []rush.Task{parts(2, 1)})
	if err != nil {
		return err
	}
	totals, err := net.PushTasks(ctx, []rush.Task{totalOf(good), totalOf(append(good[:1:1], empty...))})
	if err != nil {
		return err
	}
	counts, err := net.Counts(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("%d tasks wait for others\n", counts.Deferred)

	if _, err := net.StartWorkers(ctx, network.Workers{N: 2, Objective: "part"}); err != nil {
		return err
	}
	finished, err := net.Wait(ctx, totals...)
	if err != nil {
		return err
	}
	fmt.Println("both totals finished:", finished)
	all, err := net.Table(ctx, nil, nil)
	if err != nil {
		return err
	}
	return table.Format(os.Stdout, all, &table.FormatOptions{Columns: []string{"number", "parts", "state", "sum", "condition"}, Width: 60})
}

func parts(from, to int) rush.Task { return rush.Task{XS: rush.Values{"from": from, "to": to}} }

// totalOf is a task that waits for others, and names the function that evaluates
// it.
func totalOf(keys []rush.TaskKey) rush.Task {
	var numbers []any
	for _, key := range keys {
		numbers = append(numbers, int64(key))
	}
	return rush.Task{
		XS:        rush.Values{"parts": numbers},
		Options:   rush.Options{Function: "total"},
		DependsOn: keys,
	}
}
