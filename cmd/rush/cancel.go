package main

import (
	"github.com/spf13/cobra"

	"github.com/rushnet/rush"
)

func (a *app) cancelCommand() *cobra.Command {
	return a.withJSON(&cobra.Command{
		Use:   "cancel NETWORK TASK...",
		Short: "Cancel tasks that wait or run",
		Long: `Cancel tasks that are queued, deferred or running: they fail as cancelled, and
those that depend on them become impossible. What evaluates a running one is
stopped, which this waits for; its worker goes on to the next task. If one of
the tasks has ended none is cancelled.`,
		Example: "  rush cancel branin 17 18",
		Args:    cobra.MinimumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			keys := make([]rush.TaskKey, len(args)-1)
			for i, arg := range args[1:] {
				var err error
				if keys[i], err = rush.ParseTaskKey(arg); err != nil {
					return exitError{exitUsage, err}
				}
			}
			net, err := a.openNetwork(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			defer net.Close()
			if err := net.Cancel(cmd.Context(), keys...); err != nil {
				return err
			}
			if a.json {
				return a.printJSON(map[string]any{"cancelled": keys})
			}
			for _, key := range keys {
				a.printf("task %d was cancelled\n", key)
			}
			return nil
		},
	})
}
