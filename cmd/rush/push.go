package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/wire"
	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/search"
)

// A pushFlags has what can be said on the command line about pushing.
type pushFlags struct {
	draw      int
	format    string
	queue     string
	worker    string
	timeout   time.Duration
	retries   int
	extra     []string
	after     []string
	afterRows string
	terminate bool
	left      []string // columns of the file that were left out
}

func (a *app) pushCommand() *cobra.Command {
	f := pushFlags{retries: -1}
	c := a.withJSON(&cobra.Command{
		Use:   "push [NETWORK] FILE|- | --draw N",
		Short: "Queue tasks: points from a file, or drawn from the search space",
		Long: `Queue tasks for a network's workers, which take them before they propose points
of their own. FILE has their inputs: JSON lines (.jsonl), CSV, Parquet or Arrow;
"-" reads JSON lines, or what --format says, from standard input. --draw N draws
them from the search space. What "rush export" wrote will do: the columns that are
no inputs, such as state, are left out, and named.

All are checked against the search space before the first is queued: of a wrong
one the line is named, and nothing is queued.

--after-rows names a field of the file, or a column of a CSV file, that is no
input but says after which rows of the same file a row comes, counted from 0:
[0, 1] in JSON lines, 0 1 in CSV.

--queue names the queue that they wait in: workers started with "rush worker
--queue high,default,low" take from the named queues in that order. --worker
queues them for that worker only, or for all if it is not alive.`,
		Example: `  rush push branin points.csv
  echo '{"x1": 1, "x2": 2}' | rush push -
  rush push --draw 100 --queue high
  rush push more.jsonl --after 3 --after 4 --json
  rush push pipeline.csv --after-rows after`,
		Args: cobra.MaximumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, file, err := f.what(args)
			if err != nil {
				return exitError{exitUsage, err}
			}
			net, err := a.openNetwork(cmd.Context(), id)
			if err != nil {
				return err
			}
			defer net.Close()
			batch, err := a.batch(cmd.Context(), net, &f, file)
			if err != nil {
				return err
			}
			return a.push(cmd.Context(), net, batch, f)
		},
	})
	c.Flags().IntVar(&f.draw, "draw", 0, "draw this many from the search space")
	c.Flags().StringVar(&f.format, "format", "", "jsonl, csv, parquet or arrow (default: by the file's name; jsonl for standard input)")
	c.Flags().StringVar(&f.queue, "queue", "", "the queue that they wait in (default: the shared one)")
	c.Flags().StringVar(&f.worker, "worker", "", "the only worker that is to evaluate them")
	c.Flags().DurationVar(&f.timeout, "timeout", 0, "the longest evaluation of each (default: what the search says)")
	c.Flags().IntVar(&f.retries, "max-retries", -1, "how often each is retried by itself (default: what the search says)")
	c.Flags().StringArrayVar(&f.extra, "extra", nil, "NAME=VALUE, kept with each task; may be repeated")
	c.Flags().StringArrayVar(&f.after, "after", nil, "a task, or a range, that must finish before; may be repeated")
	c.Flags().StringVar(&f.afterRows, "after-rows", "", "the field of the file that says after which of its rows a row comes, from 0")
	c.Flags().BoolVar(&f.terminate, "terminate", false, "wait until all have ended, then end the network's workers")
	c.MarkFlagsMutuallyExclusive("queue", "worker")
	c.MarkFlagsMutuallyExclusive("draw", "after-rows")
	return c
}

// what tells the network from the file.
func (f *pushFlags) what(args []string) (id, file string, err error) {
	switch {
	case f.draw < 0:
		return "", "", fmt.Errorf("--draw is %d; expected 1 or more", f.draw)
	case f.draw > 0 && len(args) > 1:
		return "", "", errors.New("either --draw or a file says what the tasks are")
	case f.draw > 0:
		return first(args), "", nil
	case len(args) == 0:
		return "", "", errors.New("expected a file, or - for standard input, or --draw N")
	case len(args) == 1:
		return "", args[0], nil
	}
	return args[0], args[1], nil
}

// batch reads or draws the tasks.
func (a *app) batch(ctx context.Context, net *network.Rush, f *pushFlags, file string) (b network.Batch, err error) {
	def, err := readDefinition(ctx, net)
	if err != nil {
		return b, err
	}
	if def == nil {
		def = new(search.Definition)
	}
	if f.draw > 0 {
		b.XS, err = drawPoints(ctx, net, def.Space, f.draw)
	} else {
		var p search.Points
		p, err = a.readPoints(file, *f, def)
		b.XS, b.After, f.left = p.XS, p.After, p.Left
	}
	if err != nil {
		return b, err
	}
	retries := f.retries
	if retries < 0 {
		retries = def.Task.MaxRetries
	}
	b.MaxRetries, b.Timeouts = []int{retries}, []time.Duration{f.timeout}
	if f.queue != "" {
		b.Queues = []string{f.queue}
	}
	if f.worker != "" {
		b.Workers = []rush.WorkerID{rush.WorkerID(f.worker)}
	}
	for _, arg := range f.after {
		keys, err := parseTasks(arg)
		if err != nil {
			return b, exitError{exitUsage, fmt.Errorf("--after: %w", err)}
		}
		b.DependsOn = append(b.DependsOn, keys...)
	}
	extra, err := parseExtra(f.extra)
	if extra != nil {
		b.Extra = []rush.Values{extra}
	}
	return b, err
}

// parseExtra reads NAME=VALUE; a value that is no JSON is a text.
func parseExtra(args []string) (rush.Values, error) {
	if len(args) == 0 {
		return nil, nil
	}
	extra := rush.Values{}
	for _, arg := range args {
		name, value, ok := strings.Cut(arg, "=")
		if !ok || name == "" {
			return nil, exitError{exitUsage, fmt.Errorf("--extra is %q; expected NAME=VALUE", arg)}
		}
		var err error
		if extra[name], err = wire.ParseJSON([]byte(value)); err != nil {
			extra[name] = value
		}
	}
	return extra, nil
}

// drawPoints draws points as a random search would for the next tasks.
func drawPoints(ctx context.Context, net *network.Rush, s space.Space, n int) ([]rush.Values, error) {
	if s.Len() == 0 {
		return nil, fmt.Errorf("network %s has no search space to draw from; push a file", net.ID())
	}
	counts, err := net.Counts(ctx)
	if err != nil {
		return nil, err
	}
	points, seed := make([]rush.Values, n), net.Seed()
	for i := range points {
		points[i] = s.Sample(seed.At(counts.Created + int64(i)).Proposal().Generator())
	}
	return points, nil
}

// readPoints reads points from a file or standard input.
func (a *app) readPoints(file string, flags pushFlags, def *search.Definition) (p search.Points, err error) {
	in, format := a.in, flags.format
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return p, fmt.Errorf("read the tasks: %w", err)
		}
		defer f.Close()
		in = f
	}
	switch {
	case format != "":
		format = "." + strings.TrimPrefix(strings.ToLower(format), ".")
	case file == "-":
		format = ".jsonl"
	default:
		format = strings.ToLower(filepath.Ext(file))
	}
	p, err = def.ReadPoints(in, format, &search.PointsOptions{AfterRows: flags.afterRows})
	if err == nil && len(p.XS) == 0 {
		err = errors.New("it has no points; give it at least one")
	}
	if err != nil {
		return p, fmt.Errorf("read the tasks from %s; none was queued: %w", fileName(file), err)
	}
	return p, nil
}

func fileName(file string) string {
	if file == "-" {
		return "standard input"
	}
	return file
}

// push queues the tasks and says so.
func (a *app) push(ctx context.Context, net *network.Rush, b network.Batch, f pushFlags) error {
	keys, err := net.PushBatch(ctx, b)
	if err != nil {
		return err
	}
	if a.json {
		said := map[string]any{"network": net.ID(), "tasks": notNil(keys)}
		if len(f.left) > 0 {
			said["left_out"] = f.left
		}
		err = a.printJSON(said)
	} else {
		if len(f.left) > 0 {
			a.tell("%s", wrapped("left out, as they are no inputs: "+strings.Join(f.left, ", "), 0))
		}
		a.printf("queued %d tasks in network %s: %s\n", len(keys), net.ID(), keysText(keys))
	}
	if err != nil || !f.terminate {
		return err
	}
	if _, err := net.WaitFor(ctx, network.WaitOptions{Progress: a.waitBar()}, keys...); err != nil {
		return err
	}
	ended, err := net.StopWorkers(ctx, rush.SignalTerminate)
	if err == nil {
		a.tell("%d workers have ended", len(ended))
	}
	return err
}
