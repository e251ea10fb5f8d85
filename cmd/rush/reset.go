package main

import (
	"github.com/spf13/cobra"

	"github.com/rushnet/rush/network"
)

func (a *app) resetCommand() *cobra.Command {
	var workers, yes bool
	var stop stopFlags
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
				also = ", " + stop.words() + " its workers and forget them"
			}
			if err := stop.check(); err != nil {
				return err
			}
			if err := a.confirm(yes, "Delete the %d tasks of network %s in %s%s?", counts.Total(), net.ID(), net.Address(), also); err != nil {
				return err
			}
			if err := net.Reset(cmd.Context(), network.ResetOptions{Workers: workers, Stop: stop.stop()}); err != nil {
				return err
			}
			a.tell("network %s is empty", net.ID())
			return nil
		},
	}
	c.Flags().BoolVar(&workers, "workers", false, "stop the workers too, and forget them")
	stop.register(c)
	c.Flags().BoolVar(&yes, "yes", false, "do not ask")
	return c
}
