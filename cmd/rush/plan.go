package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/logstore"
	"github.com/rushnet/rush/network"
)

func (a *app) planCommand() *cobra.Command {
	show := func(*cobra.Command, []string) error { return a.showPlan() }
	c := a.withJSON(&cobra.Command{
		Use:   "plan",
		Short: "Show, set or remove what holds for all networks of yours",
		Long: `Show, set or remove the plan: the store, the network that is meant where none is
named, the number of workers and the timeouts that hold for all networks of
this user unless a command says something else. It comes before the
environment ($RUSH_STORE, $REDIS_URL).`,
		Args: cobra.NoArgs,
		RunE: show,
	})
	c.AddCommand(a.planSetCommand(), a.withJSON(&cobra.Command{
		Use: "show", Short: "Show the plan", Args: cobra.NoArgs, RunE: show,
	}), &cobra.Command{
		Use: "remove", Short: "Remove the plan", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			removed, err := network.RemovePlan()
			if err == nil && !removed {
				a.tell("there was no plan")
			}
			return err
		},
	})
	return c
}

func (a *app) planSetCommand() *cobra.Command {
	var p network.Plan
	var levels, net string
	c := &cobra.Command{
		Use:   "set [--store URL] [--network ID] [--workers N] ...",
		Short: "Set the plan, after a test of its store",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p.Store, p.Network = a.store, rush.NetworkID(net)
			if levels != "" {
				var err error
				if p.LogThresholds, err = logstore.ParseThresholds(levels); err != nil {
					return exitError{exitUsage, err}
				}
			}
			if err := network.SetPlan(cmd.Context(), p); err != nil {
				return err
			}
			return a.showPlan()
		},
	}
	c.Flags().StringVar(&net, "network", "", "the network that is meant where none is named (default: the one used last)")
	c.Flags().IntVar(&p.Workers, "workers", 0, "how many workers to start")
	c.Flags().StringVar(&levels, "log", "", "which log records are kept, as in rush=info")
	c.Flags().StringVar(&p.LargeObjects, "large-objects", "", "a directory for values and objects above 1 MiB of the networks that are made from now on")
	c.Flags().DurationVar(&p.StartTimeout, "start-timeout", 0, "how long workers may take to start (default: unlimited)")
	c.Flags().DurationVar(&p.WaitTimeout, "wait-timeout", 0, "how long to wait for workers (default: unlimited)")
	return c
}

func (a *app) showPlan() error {
	p, found, err := network.ReadPlan()
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(map[string]any{
			"set": found, "store": network.Redact(p.Store), "network": p.Network, "workers": p.Workers, "log_thresholds": p.LogThresholds,
			"large_objects": p.LargeObjects, "start_timeout_seconds": p.StartTimeout.Seconds(), "wait_timeout_seconds": p.WaitTimeout.Seconds(),
		})
	}
	if !found {
		a.printf("no plan is set; see: rush plan set --help\n")
		return nil
	}
	limit := func(d time.Duration) string {
		if d == 0 {
			return "unlimited"
		}
		return d.String()
	}
	for _, line := range [][2]string{
		{"store", orDash(network.Redact(p.Store))}, {"network", orDash(string(p.Network))}, {"workers", orDash(numberOr(p.Workers))}, {"log", orDash(thresholdText(p.LogThresholds))},
		{"large objects", orDash(p.LargeObjects)}, {"start timeout", limit(p.StartTimeout)}, {"wait timeout", limit(p.WaitTimeout)},
	} {
		a.printf("%-14s %s\n", line[0], line[1])
	}
	return nil
}

func thresholdText(t logstore.Thresholds) string {
	if len(t) == 0 {
		return ""
	}
	return t.String()
}

func numberOr(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}
