package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/rushnet/rush"
)

func (a *app) stopCommand() *cobra.Command {
	var kill bool
	var id string
	c := &cobra.Command{
		Use:   "stop [WORKER...]",
		Short: "Stop a network's workers, all or some",
		Long: `Stop a network's workers. Each finishes the task that it runs and then ends;
with --kill it ends at once, and its task fails as killed. Without a worker's
name the whole run is stopped; "rush run --resume" goes on with it.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			net, err := a.openNetwork(cmd.Context(), id)
			if err != nil {
				return err
			}
			defer net.Close()
			signal := rush.SignalTerminate
			if kill {
				signal = rush.SignalKill
			}
			if len(args) == 0 {
				if err := net.RequestStop(cmd.Context(), rush.RunInterrupted, "stopped by rush stop"); err != nil {
					return err
				}
			}
			ids := workerIDs(args)
			got, err := net.StopWorkers(cmd.Context(), signal, ids...)
			for _, w := range got {
				a.printf("%s\n", w)
			}
			if err == nil && len(got) < len(ids) {
				err = fmt.Errorf("%d of the %d workers were not running; see: rush workers", len(ids)-len(got), len(ids))
			}
			if err == nil && len(got) == 0 {
				a.tell("no worker was running")
			}
			return err
		},
	}
	c.Flags().BoolVar(&kill, "kill", false, "end them at once")
	c.Flags().StringVar(&id, "network", "", "the network (default: the last one used)")
	return c
}
