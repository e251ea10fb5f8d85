package main

import (
	"github.com/spf13/cobra"

	"github.com/rushnet/rush/network"
)

func (a *app) deleteCommand() *cobra.Command {
	var t namedTasks
	var opts network.DeleteOptions
	var yes bool
	c := a.withJSON(t.withTasks(&cobra.Command{
		Use:   "delete [NETWORK] TASK...",
		Short: "Delete tasks with all that is known of them",
		Long: `Delete tasks with all that is known of them; tasks that wait for one of them
become impossible. One that runs is refused, and then none is deleted, unless
--running says otherwise.

` + tasksHelp,
		Example: `  rush delete 17 20:29 --yes`,
		RunE: func(cmd *cobra.Command, args []string) error {
			net, err := t.open(cmd.Context(), a, args, "rush delete 17")
			if err != nil {
				return err
			}
			defer net.Close()
			if err := a.confirm(yes, "Delete %d tasks of network %s in %s?", len(t.keys), net.ID(), net.Address()); err != nil {
				return err
			}
			n, err := net.Delete(cmd.Context(), opts, t.keys...)
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(map[string]any{"network": net.ID(), "deleted": n})
			}
			a.printf("%d tasks of network %s are deleted\n", n, net.ID())
			return nil
		},
	}))
	c.Flags().BoolVar(&opts.Running, "running", false, "delete running tasks too")
	c.Flags().BoolVar(&yes, "yes", false, "do not ask")
	return c
}
