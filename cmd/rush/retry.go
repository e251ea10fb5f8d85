package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/network"
)

func (a *app) retryCommand() *cobra.Command {
	var t namedTasks
	var opts network.RetryOptions
	var failed bool
	var classes []string
	c := a.withJSON(t.withTasks(&cobra.Command{
		Use:   "retry [NETWORK] TASK... | --failed",
		Short: "Queue tasks that have ended again",
		Long: `Queue tasks that have finished or failed again, at the front; what is known of
the attempt before stays with the task. All are retried or none. Tasks that were
impossible because of them wait for them again.

` + tasksHelp,
		Example: `  rush retry 17
  rush retry branin --failed --class timeout --class lost --next-seed`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := t.parse(args); err != nil {
				return err
			}
			if failed == (len(t.keys) > 0) {
				return exitError{exitUsage, errors.New("expected tasks, or --failed for all that failed, as in: rush retry 17")}
			}
			net, err := a.openNetwork(cmd.Context(), t.network)
			if err != nil {
				return err
			}
			defer net.Close()
			if failed {
				if t.keys, err = failedTasks(cmd.Context(), net, classes); err != nil {
					return err
				}
			}
			if err := net.Retry(cmd.Context(), opts, t.keys...); err != nil {
				return err
			}
			if a.json {
				return a.printJSON(map[string]any{"network": net.ID(), "retried": notNil(t.keys)})
			}
			a.printf("%d tasks of network %s are queued again: %s\n", len(t.keys), net.ID(), keysText(t.keys))
			return nil
		},
	}))
	c.Flags().BoolVar(&failed, "failed", false, "all tasks that failed, but for the impossible ones")
	c.Flags().StringSliceVar(&classes, "class", nil, "with --failed: only those that failed so (error, timeout, crashed, lost, killed, cancelled, removed)")
	c.Flags().BoolVar(&opts.IgnoreLimit, "ignore-limit", false, "also what has no retries left")
	c.Flags().BoolVar(&opts.NextSeed, "next-seed", false, "draw other random numbers than before")
	return c
}

// failedTasks lists the failed tasks that can be retried, of some classes or
// of all.
func failedTasks(ctx context.Context, net *network.Rush, classes []string) ([]rush.TaskKey, error) {
	wanted := map[rush.Class]bool{}
	for _, c := range classes {
		wanted[rush.Class(c)] = true
	}
	tasks, err := net.TasksIn(ctx, rush.Failed)
	if err != nil {
		return nil, err
	}
	var keys []rush.TaskKey
	for _, t := range tasks {
		class := rush.ClassError
		if t.Condition != nil {
			class = t.Condition.Class
		}
		if class != rush.ClassImpossible && (len(wanted) == 0 || wanted[class]) {
			keys = append(keys, t.Key)
		}
	}
	return keys, nil
}
