package main

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/rushnet/rush/network"
)

func (a *app) configCommand() *cobra.Command {
	var id string
	c := &cobra.Command{
		Use:   "config",
		Short: "Keep configurations of workers in a network, by name",
		Long: `Keep configurations of workers in a network, by name, so that workers on any
machine are started alike: rush worker --config NAME.`,
	}
	c.PersistentFlags().StringVar(&id, "network", "", "the network (default: the last one used)")
	c.AddCommand(a.configSave(&id), a.configList(&id), a.configShow(&id), a.configDelete(&id))
	return c
}

func (a *app) configSave(id *string) *cobra.Command {
	var heartbeat, expiry, idle, grace time.Duration
	var queues, env []string
	var level string
	var keep bool
	c := &cobra.Command{
		Use:   "save NAME",
		Short: "Save a configuration, in place of one of that name",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			config := network.WorkerConfig{
				Heartbeat: network.Period(heartbeat), Expiry: network.Period(expiry), Queues: queues, Env: env,
				IdleTimeout: network.Period(idle), Grace: network.Period(grace),
			}
			if level != "" {
				config.LogLevel = new(slog.Level)
				if err := config.LogLevel.UnmarshalText([]byte(level)); err != nil {
					return exitError{exitUsage, fmt.Errorf("--log-level is %q; expected debug, info, warn or error", level)}
				}
			}
			net, err := a.openNetwork(cmd.Context(), *id)
			if err != nil {
				return err
			}
			defer net.Close()
			return net.SaveWorkerConfig(cmd.Context(), args[0], config, !keep)
		},
	}
	c.Flags().DurationVar(&heartbeat, "heartbeat", 0, "how often a worker gives a sign of life")
	c.Flags().DurationVar(&expiry, "expiry", 0, "how long without one until a worker is lost")
	c.Flags().DurationVar(&idle, "idle-timeout", 0, "how long a worker may have nothing to do until it ends (default: for ever)")
	c.Flags().DurationVar(&grace, "grace", 0, "how long a command that is stopped may take between SIGTERM and SIGKILL (default 1s)")
	c.Flags().StringSliceVar(&queues, "queues", nil, "the queues to take from, in order")
	c.Flags().StringArrayVar(&env, "env", nil, "an environment variable, as NAME=VALUE; may be repeated")
	c.Flags().StringVar(&level, "log-level", "", "what workers tell: debug, info, warn or error")
	c.Flags().BoolVar(&keep, "keep", false, "fail if there is another one of that name")
	return c
}

func (a *app) configList(id *string) *cobra.Command {
	return a.withJSON(&cobra.Command{
		Use: "list", Short: "List the configurations", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			net, err := a.openNetwork(cmd.Context(), *id)
			if err != nil {
				return err
			}
			defer net.Close()
			names, err := net.WorkerConfigs(cmd.Context())
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(append([]string{}, names...))
			}
			for _, name := range names {
				a.printf("%s\n", name)
			}
			return nil
		},
	})
}

func (a *app) configShow(id *string) *cobra.Command {
	var wait time.Duration
	c := &cobra.Command{
		Use: "show NAME", Short: "Show a configuration, as JSON", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			net, err := a.openNetwork(cmd.Context(), *id)
			if err != nil {
				return err
			}
			defer net.Close()
			config, err := net.WorkerConfig(cmd.Context(), args[0], wait)
			if err != nil {
				return err
			}
			b, err := json.Marshal(config)
			shown := map[string]any{}
			if err == nil {
				err = json.Unmarshal(b, &shown)
			}
			if err != nil {
				return err
			}
			if len(config.Args) > 0 {
				shown["args"] = config.Args
			}
			if len(config.Constants) > 0 {
				shown["constants"] = config.Constants
			}
			return a.printJSON(shown)
		},
	}
	c.Flags().DurationVar(&wait, "wait", 0, "how long to wait for it to be saved")
	return c
}

func (a *app) configDelete(id *string) *cobra.Command {
	return &cobra.Command{
		Use: "delete NAME...", Short: "Delete configurations", Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			net, err := a.openNetwork(cmd.Context(), *id)
			if err != nil {
				return err
			}
			defer net.Close()
			var missing []string
			for _, name := range args {
				deleted, err := net.DeleteWorkerConfig(cmd.Context(), name)
				if err != nil {
					return err
				}
				if !deleted {
					missing = append(missing, name)
				}
			}
			if len(missing) > 0 {
				return fmt.Errorf("network %s has no configuration %s; see: rush config list", net.ID(), strings.Join(missing, ", "))
			}
			return nil
		},
	}
}
