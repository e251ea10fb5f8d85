package main

import (
	"context"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/table"
)

// followStep bounds one wait for a task, after which it is looked whether the
// run has ended.
const followStep = 2 * time.Second

// follow writes each task as a line of JSON when it finishes, until the run has
// ended. What finished before the run's end was read is written too.
func (a *app) follow(ctx context.Context, net *network.Rush, fields rush.Fields) error {
	finished := net.Reader(rush.NoFields)
	for {
		run, err := net.Run(ctx)
		if err != nil {
			return err
		}
		over := a.file != nil || run.Status != rush.RunNew && run.Status != rush.RunRunning
		wait := followStep
		if over {
			wait = 0
		}
		tasks, err := finished.Read(ctx, wait)
		if err != nil {
			return err
		}
		if err := a.writeTasks(ctx, net, tasks, fields); err != nil || over {
			return err
		}
	}
}

// writeTasks writes the tasks as they stand now, as lines of JSON by number.
func (a *app) writeTasks(ctx context.Context, net *network.Rush, tasks []*rush.Task, fields rush.Fields) error {
	if len(tasks) == 0 {
		return nil
	}
	keys := make([]rush.TaskKey, len(tasks))
	for i, task := range tasks {
		keys[i] = task.Key
	}
	_, err := net.Export(ctx, a.out, &table.ExportOptions{
		Options: table.Options{Fields: fields, Keys: keys},
		Format:  table.JSONLines, States: []rush.State{rush.Finished},
	})
	return err
}
