package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/network"
)

// stopFlags say how workers are stopped before something is deleted.
type stopFlags struct {
	signal  string
	timeout time.Duration
}

func (f *stopFlags) register(c *cobra.Command) {
	c.Flags().StringVar(&f.signal, "stop", string(rush.SignalKill), "how the workers are stopped: terminate (they finish their task first) or kill")
	c.Flags().DurationVar(&f.timeout, "timeout", 10*time.Second, "how long to wait for the workers' end")
}

func (f *stopFlags) check() error {
	if s := rush.Signal(f.signal); s != rush.SignalTerminate && s != rush.SignalKill {
		return exitError{exitUsage, fmt.Errorf("--stop is %q; expected %s or %s", f.signal, rush.SignalTerminate, rush.SignalKill)}
	}
	return nil
}

func (f *stopFlags) stop() network.Stop {
	return network.Stop{Signal: rush.Signal(f.signal), Timeout: f.timeout}
}

func (f *stopFlags) words() string {
	if rush.Signal(f.signal) == rush.SignalTerminate {
		return "let end"
	}
	return "kill"
}

func (a *app) destroyCommand() *cobra.Command {
	var stop stopFlags
	var after time.Duration
	var yes, keep bool
	c := &cobra.Command{
		Use:   "destroy NETWORK",
		Short: "Delete a network and all that belongs to it, now or later",
		Long: `Stop a network's workers and delete the network and all that belongs to it.
With --after it is deleted when that time is over, whoever runs then; --keep
takes that back.`,
		Example: `  rush destroy branin-1f3c
  rush destroy branin-1f3c --after 168h --stop terminate`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := errors.Join(stop.check(), checkAfter(cmd, after)); err != nil {
				return err
			}
			net, err := a.openNetwork(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			defer net.Close()
			if keep {
				if err := net.Expire(cmd.Context(), 0); err != nil {
					return err
				}
				a.tell("network %s is kept", net.ID())
				return nil
			}
			counts, err := net.Counts(cmd.Context())
			if err != nil {
				return err
			}
			when := ""
			if after > 0 {
				when = fmt.Sprintf(" in %v", after)
			}
			if err := a.confirm(yes, "Stop the workers of network %s in %s now, and delete it with its %d tasks%s?", net.ID(), net.Address(), counts.Total(), when); err != nil {
				return err
			}
			if err := net.Destroy(cmd.Context(), network.DestroyOptions{Stop: stop.stop(), After: after}); err != nil {
				return err
			}
			if after > 0 {
				a.tell("network %s will be deleted in %v; rush destroy %s --keep takes that back", net.ID(), after, net.ID())
				return nil
			}
			a.tell("network %s is deleted", net.ID())
			return nil
		},
	}
	stop.register(c)
	c.Flags().DurationVar(&after, "after", 0, "delete it when that time is over, as in 90m or 168h")
	c.Flags().BoolVar(&keep, "keep", false, "do not delete it after all")
	c.Flags().BoolVar(&yes, "yes", false, "do not ask")
	c.MarkFlagsMutuallyExclusive("after", "keep")
	return c
}

func checkAfter(cmd *cobra.Command, after time.Duration) error {
	if cmd.Flags().Changed("after") && after <= 0 {
		return exitError{exitUsage, fmt.Errorf("--after is %v; expected a time to come, as in 90m", after)}
	}
	return nil
}
