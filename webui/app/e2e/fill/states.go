package main

import (
	"context"
	"fmt"

	"github.com/rushnet/rush"
)

// failures creates failed tasks of three messages, and as many queued ones.
func failures(ctx context.Context, f *filling) error {
	messages := []string{"singular matrix at pivot 3", "out of memory: wanted 3.1 GiB", "the loss is not a number"}
	failed := make([]rush.Task, f.rows)
	queued := make([]rush.Values, f.rows)
	for i := range f.rows {
		xs := rush.Values{"rate": spread(i, 0.6180339887), "layers": int64(1 + i%8)}
		failed[i] = rush.Task{State: rush.Failed, XS: xs, Condition: &rush.Condition{Message: messages[i%3]}}
		queued[i] = xs
	}
	if _, err := f.net.PushTasks(ctx, failed); err != nil {
		return err
	}
	if _, err := f.net.Push(ctx, queued...); err != nil {
		return err
	}
	fmt.Println(2 * f.rows)
	return nil
}

// exact creates tasks whose input is an integer that a float64 does not hold, and
// its neighbors.
func exact(ctx context.Context, f *filling) error {
	tasks := make([]rush.Task, 4)
	for i := range tasks {
		tasks[i] = rush.Task{State: rush.Finished, XS: rush.Values{"big": int64(1)<<53 + int64(i)}, YS: rush.Values{"y": float64(i)}}
	}
	if _, err := f.net.PushTasks(ctx, tasks); err != nil {
		return err
	}
	fmt.Println(len(tasks))
	return nil
}

// formula creates a task with a text that a spreadsheet would run.
func formula(ctx context.Context, f *filling) error {
	keys, err := f.net.PushTasks(ctx, []rush.Task{{State: rush.Finished, XS: rush.Values{"x": 1.0, "y": "=1+1"}, YS: rush.Values{"z": 2.0}}})
	if err != nil {
		return err
	}
	fmt.Println(len(keys))
	return nil
}
