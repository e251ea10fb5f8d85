// Command retries has tasks that fail at first. What may go better on a second
// try, such as a crash or a timeout, is retried by itself while the task has
// retries left; what the objective said of its inputs is not, unless somebody asks
// for it. A task keeps its number, and every attempt its worker, times and result.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/plugins"
)

// flaky succeeds when it is tried often enough.
func flaky(_ context.Context, e *loops.Evaluation) (rush.Values, error) {
	switch {
	case int64(e.Attempt) >= e.XS["good_at"].(int64):
		return rush.Values{"attempt": e.Attempt}, nil
	case e.XS["how"] == "error":
		return nil, errors.New("the input makes no sense")
	}
	return nil, &rush.Condition{Class: rush.ClassCrashed, Message: fmt.Sprintf("no license at attempt %d", e.Attempt)}
}

func main() {
	plugins.Serve(plugins.Program{Objectives: map[string]loops.Objective{"flaky": loops.ObjectiveFunc(flaky)}})
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
	if _, err := net.StartWorkers(ctx, network.Workers{N: 2}); err != nil {
		return err
	}
	twice := rush.Options{MaxRetries: 2}
	keys, err := net.PushTasks(ctx, []rush.Task{
		{XS: rush.Values{"good_at": 1}, Options: twice},
		{XS: rush.Values{"good_at": 3}, Options: twice},
		{XS: rush.Values{"good_at": 4}, Options: twice},
		{XS: rush.Values{"good_at": 2, "how": "error"}, Options: twice},
	})
	if err != nil {
		return err
	}
	if _, err := net.Wait(ctx, keys...); err != nil {
		return err
	}
	if err := show(ctx, net, keys); err != nil {
		return err
	}

	// Asked for, any ended task is tried again; one without retries left only if
	// that is to be ignored.
	err = net.Retry(ctx, network.RetryOptions{}, keys[2])
	fmt.Println("refused:", errors.Is(err, rush.ErrState))
	if err := net.Retry(ctx, network.RetryOptions{IgnoreLimit: true}, keys[2:]...); err != nil {
		return err
	}
	if _, err := net.Wait(ctx, keys...); err != nil {
		return err
	}
	return show(ctx, net, keys[2:])
}

// show prints how often each task was tried, and what came out.
func show(ctx context.Context, net *network.Rush, keys []rush.TaskKey) error {
	tasks, err := net.Tasks(ctx, keys...)
	if err != nil {
		return err
	}
	for _, task := range tasks {
		fmt.Printf("task %d is %s at attempt %d\n", task.Key, task.State, task.Attempt)
		for _, before := range task.Attempts {
			fmt.Printf("  attempt %d: %v\n", before.Number, before.Condition)
		}
		if task.Condition != nil {
			fmt.Printf("  attempt %d: %v\n", task.Attempt, task.Condition)
		}
	}
	return nil
}
