package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/table"
)

func (a *app) exportCommand() *cobra.Command {
	var output, format string
	var states, fields []string
	var safe, follow, plain bool
	c := &cobra.Command{
		Use:   "export [NETWORK] -o FILE|-",
		Short: "Write a network's table as Arrow, Parquet, CSV or JSON lines",
		Long: `Write a network's tasks, as they all stand at one moment, in the order of their
numbers. The format is that of the file's name (.arrow, .parquet, .csv,
.jsonl), or --format; "-o -" writes to standard output.

A Parquet or Arrow file has all that the network knows of its tasks, in one column
more, and what the search is about, without the environments of commands: rush
reads it like the network (rush best results.parquet). --plain leaves both out.

With --follow each task is written as a line of JSON as it finishes, first those
that have finished by now, until the run ends.`,
		Example: `  rush export -o results.parquet
  rush export branin --state finished -o - --format csv | head
  rush export -o - --follow --fields xs,ys | jq .y`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if follow && format == "" {
				format = string(table.JSONLines)
			}
			f, err := exportFormat(output, format)
			if err != nil {
				return exitError{exitUsage, err}
			}
			opts := &table.ExportOptions{Format: f, SpreadsheetSafe: safe}
			if opts.States, err = parseStates(states); err != nil {
				return exitError{exitUsage, err}
			}
			if opts.Fields, err = parseFields(fields); err != nil {
				return exitError{exitUsage, err}
			}
			if follow && (f != table.JSONLines || output != "-" || len(opts.States) > 0) {
				return exitError{exitUsage, errors.New("--follow writes finished tasks as JSON lines to standard output: -o -")}
			}
			net, err := a.openNetwork(cmd.Context(), first(args))
			if err != nil {
				return err
			}
			defer net.Close()
			if follow {
				return a.follow(cmd.Context(), net, opts.Fields)
			}
			if opts.Schema, err = schemaOf(cmd.Context(), net); err != nil {
				return err
			}
			opts.Schema = shown(opts.Schema, opts.Fields)
			if !plain {
				if opts.About, err = net.About(cmd.Context()); err != nil {
					return err
				}
			}
			var n int64
			err = a.writeTo(output, func(w io.Writer) error {
				n, err = net.Export(cmd.Context(), w, opts)
				return err
			})
			if err != nil {
				return err
			}
			if output != "-" {
				a.tell("%d tasks of network %s are in %s", n, net.ID(), output)
			}
			return nil
		},
	}
	c.Flags().StringVarP(&output, "output", "o", "", "the file, or - for standard output")
	c.Flags().StringVar(&format, "format", "", "arrow, parquet, csv or jsonl (default: by the file's name)")
	c.Flags().StringSliceVar(&states, "state", nil, "only tasks in this state; may be repeated")
	c.Flags().StringSliceVar(&fields, "fields", nil, "only these: xs, ys, xs_extra, ys_extra, condition, worker, times, options")
	c.Flags().BoolVar(&follow, "follow", false, "write tasks as they finish, until the run ends")
	c.Flags().BoolVar(&plain, "plain", false, "only the columns that people read: rush cannot open the file as the network then")
	c.Flags().BoolVar(&safe, "spreadsheet-safe", false, "make text that a spreadsheet would run as a formula harmless (CSV)")
	_ = c.MarkFlagRequired("output")
	return c
}

// exportFormat is the format that the flags ask for.
func exportFormat(output, format string) (table.FileFormat, error) {
	name := output
	if format != "" {
		name = "x." + strings.ToLower(format)
	} else if output == "-" {
		return "", errors.New("which format is it to have? Add --format arrow, parquet, csv or jsonl")
	}
	f, err := table.FormatOf(name)
	if output == "-" {
		f = f.Streamed()
	}
	return f, err
}

func parseStates(names []string) ([]rush.State, error) {
	var states []rush.State
	for _, name := range names {
		s := rush.State(strings.ToLower(name))
		known := false
		for _, k := range rush.States() {
			known = known || k == s
		}
		if !known {
			return nil, fmt.Errorf("there is no state %q; expected deferred, queued, running, finished or failed", name)
		}
		states = append(states, s)
	}
	return states, nil
}

// parseFields reads the names of parts of a task; none are all that tables show.
func parseFields(names []string) (rush.Fields, error) {
	known := map[string]rush.Fields{
		"xs": rush.FieldXS, "ys": rush.FieldYS, "xs_extra": rush.FieldXSExtra, "ys_extra": rush.FieldYSExtra,
		"condition": rush.FieldCondition, "worker": rush.FieldWorker, "times": rush.FieldTimes, "options": rush.FieldOptions,
	}
	var fields rush.Fields
	for _, name := range names {
		f, ok := known[strings.ToLower(name)]
		if !ok {
			return 0, fmt.Errorf("a task has no %q; expected xs, ys, xs_extra, ys_extra, condition, worker, times or options", name)
		}
		fields |= f
	}
	return fields, nil
}

// shown leaves the columns of a schema that show one of the fields; none are all.
func shown(schema table.Schema, fields rush.Fields) table.Schema {
	of := map[table.Role]rush.Fields{
		table.XS: rush.FieldXS, table.YS: rush.FieldYS, table.XSExtra: rush.FieldXSExtra, table.YSExtra: rush.FieldYSExtra,
	}
	return slices.DeleteFunc(schema, func(c table.Column) bool { return fields != 0 && !fields.Has(of[c.Role]) })
}

// writeTo writes to standard output, or to a file that appears under its name
// only when it is complete.
func (a *app) writeTo(output string, write func(io.Writer) error) error {
	if output == "-" {
		return write(a.out)
	}
	tmp, err := os.CreateTemp(filepath.Dir(output), "."+filepath.Base(output)+"-*")
	if err != nil {
		return err
	}
	err = write(tmp)
	if err == nil {
		err = tmp.Chmod(0o644)
	}
	if err = errors.Join(err, tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), output)
	}
	if err != nil {
		return errors.Join(err, os.Remove(tmp.Name()))
	}
	return nil
}
