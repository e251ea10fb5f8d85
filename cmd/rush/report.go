package main

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/report"
	"github.com/rushnet/rush/table"
)

func (a *app) reportCommand() *cobra.Command {
	var output string
	c := a.withGoals(&cobra.Command{
		Use:   "report [NETWORK] -o FILE|-",
		Short: "Write what came of a search as one HTML page",
		Long: `Write what came of a search as one HTML page that stands alone: the best points,
the history, what the parameters do and how much they matter, the workers' time,
failures, and the table of tasks. It needs no network and no other file, and
prints well. "-o -" writes to standard output.`,
		Example: "  rush report -o search.html",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if output == "" {
				return exitError{exitUsage, errors.New("where to? Add -o FILE.html, or -o - for standard output")}
			}
			net, err := a.openNetwork(cmd.Context(), first(args))
			if err != nil {
				return err
			}
			defer net.Close()
			archive, err := a.reportOf(cmd.Context(), net)
			if err != nil {
				return err
			}
			if err := a.writeTo(output, func(w io.Writer) error { return report.Write(w, archive) }); err != nil {
				return err
			}
			if output != "-" {
				a.tell("the report on the %d tasks of network %s is in %s", len(archive.Tasks), net.ID(), output)
			}
			return nil
		},
	})
	c.Flags().StringVarP(&output, "output", "o", "", "the file, or - for standard output")
	return c
}

// reportOf reads what a report is about.
func (a *app) reportOf(ctx context.Context, net *network.Rush) (*report.Archive, error) {
	const fields = rush.FieldXS | rush.FieldYS | rush.FieldCondition | rush.FieldWorker | rush.FieldTimes
	def, err := a.definition(ctx, net)
	if err != nil {
		return nil, err
	}
	r := &report.Archive{Network: net.ID(), Version: version, Written: time.Now()}
	if def != nil {
		r.Space, r.Codomain, r.Loop = def.Space, def.Codomain, def.Loop.Name
	}
	if r.Run, err = net.Archive.Run(ctx); err != nil {
		return nil, err
	}
	r.Tasks, err = net.Rows(ctx, nil, &table.Options{Fields: fields})
	for _, t := range r.Tasks {
		a.onlyParams(r.Space, t)
	}
	return r, err
}
