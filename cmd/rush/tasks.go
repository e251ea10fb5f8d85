package main

import (
	"cmp"
	"slices"

	"github.com/spf13/cobra"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/table"
)

func (a *app) tasksCommand() *cobra.Command {
	var states []string
	var limit int
	var workers bool
	c := a.withJSON(&cobra.Command{
		Use:   "tasks [NETWORK]",
		Short: "List the newest tasks of a network",
		Long: `List the tasks of a network as a table, the newest at the end, or with --json
as JSON lines. "rush export" writes all of them to a file.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			wanted, err := parseStates(states)
			if err != nil {
				return exitError{exitUsage, err}
			}
			net, err := a.openNetwork(cmd.Context(), first(args))
			if err != nil {
				return err
			}
			defer net.Close()
			keys, total, err := newest(cmd, net, wanted, limit)
			if err != nil {
				return err
			}
			if a.json {
				_, err := net.Export(cmd.Context(), a.out, &table.ExportOptions{Options: table.Options{Keys: keys}, Format: table.JSONLines, States: wanted})
				return err
			}
			if total == 0 {
				a.printf("network %s has no such tasks\n", net.ID())
				return nil
			}
			return a.printTasks(cmd, net, keys, wanted, total, workers)
		},
	})
	c.Flags().StringSliceVar(&states, "state", nil, "only tasks in this state; may be repeated")
	c.Flags().IntVar(&limit, "limit", 20, "how many; 0 is all")
	c.Flags().BoolVar(&workers, "workers", false, "show the process and the machine of each task's worker, too")
	return c
}

// newest returns the numbers of the newest limit tasks in the states, and how
// many there are.
func newest(cmd *cobra.Command, net *network.Rush, states []rush.State, limit int) ([]rush.TaskKey, int, error) {
	if len(states) == 0 {
		states = rush.States()
	}
	keys := []rush.TaskKey{}
	for _, s := range states {
		some, err := net.Keys(cmd.Context(), s)
		if err != nil {
			return nil, 0, err
		}
		keys = append(keys, some...)
	}
	slices.SortFunc(keys, cmp.Compare)
	keys = slices.Compact(keys)
	total := len(keys)
	if limit > 0 && total > limit {
		keys = keys[total-limit:]
	}
	return keys, total, nil
}

func (a *app) printTasks(cmd *cobra.Command, net *network.Rush, keys []rush.TaskKey, states []rush.State, total int, workers bool) error {
	schema, err := schemaOf(cmd.Context(), net)
	if err != nil {
		return err
	}
	t, err := net.Table(cmd.Context(), states, &table.Options{Schema: schema, Keys: keys})
	if err != nil {
		return err
	}
	if workers {
		if t, err = net.WithWorkers(cmd.Context(), t); err != nil {
			return err
		}
	}
	if err := table.Format(a.out, t, &table.FormatOptions{Rows: -1, Line: terminal(a.out)}); err != nil {
		return err
	}
	if len(keys) < total {
		a.printf("the newest %d of %d tasks; --limit 0 lists all\n", len(keys), total)
	}
	return nil
}
