package main

import (
	"github.com/spf13/cobra"
)

func (a *app) resetCommand() *cobra.Command {
	var workers, yes bool
	c := &cobra.Command{
		Use:   "reset [NETWORK]",
		Short: "Delete a network's tasks, keeping what it is about",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			net, err := a.openNetwork(cmd.Context(), first(args))
			if err != nil {
				return err
			}
			defer net.Close()
			counts, err := net.Counts(cmd.Context())
			if err != nil {
				return err
			}
			also := ""
			if workers {
				also = ", kill its workers and forget them"
			}
			if err := a.confirm(yes, "Delete the %d tasks of network %s in %s%s?", counts.Total(), net.ID(), net.Address(), also); err != nil {
				return err
			}
			if err := net.Reset(cmd.Context(), workers); err != nil {
				return err
			}
			a.tell("network %s is empty", net.ID())
			return nil
		},
	}
	c.Flags().BoolVar(&workers, "workers", false, "kill the workers too, and forget them")
	c.Flags().BoolVar(&yes, "yes", false, "do not ask")
	return c
}
