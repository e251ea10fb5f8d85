package main

import (
	"github.com/spf13/cobra"
)

func (a *app) cancelCommand() *cobra.Command {
	var t namedTasks
	return a.withJSON(t.withTasks(&cobra.Command{
		Use:   "cancel [NETWORK] TASK...",
		Short: "Cancel tasks that wait or run",
		Long: `Cancel tasks that are queued, deferred or running: they fail as cancelled, and
those that depend on them become impossible. What evaluates a running one is
stopped, which this waits for; its worker goes on to the next task. If one of
the tasks has ended none is cancelled.

` + tasksHelp,
		Example: "  rush cancel 17 20:29\n  rush cancel branin 17 18",
		RunE: func(cmd *cobra.Command, args []string) error {
			net, err := t.open(cmd.Context(), a, args, "rush cancel 17")
			if err != nil {
				return err
			}
			defer net.Close()
			if err := net.Cancel(cmd.Context(), t.keys...); err != nil {
				return err
			}
			if a.json {
				return a.printJSON(map[string]any{"cancelled": t.keys})
			}
			for _, key := range t.keys {
				a.printf("task %d was cancelled\n", key)
			}
			return nil
		},
	}))
}
