package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/rushnet/rush"
)

func (a *app) deleteWorkersCommand() *cobra.Command {
	var id string
	var yes bool
	c := a.withJSON(&cobra.Command{
		Use:   "delete [WORKER...]",
		Short: "Forget workers that have ended, all or some",
		Long: `Forget workers that have ended, all or some, so that the list stays short. One
that is alive is refused, and then none is deleted. Tasks and the log keep the
ids of those who worked on them.`,
		Example: `  rush workers delete 3f2a91bc --network branin --yes`,
		RunE: func(cmd *cobra.Command, args []string) error {
			net, err := a.openNetwork(cmd.Context(), id)
			if err != nil {
				return err
			}
			defer net.Close()
			ids, which := workerIDs(args), "all workers that have ended"
			if len(ids) > 0 {
				which = fmt.Sprintf("%d workers", len(ids))
			}
			if err := a.confirm(yes, "Delete %s of network %s in %s?", which, net.ID(), net.Address()); err != nil {
				return err
			}
			deleted, err := net.DeleteWorkers(cmd.Context(), ids...)
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(map[string]any{"network": net.ID(), "deleted": deleted})
			}
			a.printf("%d workers of network %s are deleted\n", len(deleted), net.ID())
			return nil
		},
	})
	c.Flags().StringVar(&id, "network", "", "the network (default: the last one used)")
	c.Flags().BoolVar(&yes, "yes", false, "do not ask")
	return c
}

// workerIDs are the workers that arguments name; nil if there are none.
func workerIDs(args []string) []rush.WorkerID {
	var ids []rush.WorkerID
	for _, arg := range args {
		ids = append(ids, rush.WorkerID(arg))
	}
	return ids
}
