package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/network"
)

func (a *app) waitCommand() *cobra.Command {
	var t namedTasks
	var opts network.WaitOptions
	c := a.withJSON(t.withTasks(&cobra.Command{
		Use:   "wait [NETWORK] [TASK...]",
		Short: "Wait until tasks have ended",
		Long: `Wait until the tasks have ended; without any, until those have that are there
now. The exit code is 0 if all of them finished, and 1 if one failed, the time
is over, or nothing is left that could end them: no worker, none that listens
on their queue, no budget left to start them, or they wait for such tasks.

` + tasksHelp,
		Example: `  rush wait 3:7 --timeout 10m
  rush wait branin && rush export branin -o results.parquet`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := t.parse(args); err != nil {
				return err
			}
			net, err := a.openNetwork(cmd.Context(), t.network)
			if err != nil {
				return err
			}
			defer net.Close()
			return a.wait(cmd.Context(), net, t.keys, opts)
		},
	}))
	c.Flags().DurationVar(&opts.Timeout, "timeout", 0, "how long at most; 0 is for as long as it takes")
	c.Flags().DurationVar(&opts.Grace, "grace", 5*time.Second, "for how long there may be no worker, such as one that is just being started")
	return c
}

func (a *app) wait(ctx context.Context, net *network.Rush, keys []rush.TaskKey, opts network.WaitOptions) error {
	if len(keys) == 0 {
		for _, state := range []rush.State{rush.Deferred, rush.Queued, rush.Running} {
			some, err := net.Keys(ctx, state)
			if err != nil {
				return err
			}
			keys = append(keys, some...)
		}
	}
	opts.Progress = a.waitBar()
	finished, err := net.WaitFor(ctx, opts, keys...)
	if err != nil {
		return err
	}
	states, err := net.Status(ctx, keys...)
	if err != nil {
		return err
	}
	counts := map[rush.State]int{}
	for _, s := range states {
		counts[s]++
	}
	if a.json {
		err = a.printJSON(map[string]any{"network": net.ID(), "tasks": len(keys), "finished": finished, "states": counts})
	} else {
		a.printf("%d finished, %d failed\n", counts[rush.Finished], counts[rush.Failed])
	}
	if err == nil && !finished {
		err = exitError{exitFailed, fmt.Errorf("not all of the tasks have finished; see: rush tasks %s --state failed", net.ID())}
	}
	return err
}

// waitBar returns what draws how many tasks have ended, on a terminal; else
// nil.
func (a *app) waitBar() func(ended, total int) {
	width := terminal(a.err)
	if width == 0 {
		return nil
	}
	return func(ended, total int) {
		share := 1.0
		if total > 0 {
			share = float64(ended) / float64(total)
		}
		fmt.Fprintf(a.err, "\r%s %d of %d", bar(share, min(40, width/2)), ended, total)
		if ended == total {
			fmt.Fprintln(a.err)
		}
	}
}
