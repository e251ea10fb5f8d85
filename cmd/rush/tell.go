package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/lines"
	"github.com/rushnet/rush/internal/wire"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/rushworker"
	"github.com/rushnet/rush/search"
)

func (a *app) tellCommand() *cobra.Command {
	var fail, lines, worker string
	c := &cobra.Command{
		Use:   "tell [NETWORK] TASK NAME=VALUE... | --fail MESSAGE | --json FILE|-",
		Short: "Report what came out of a point that was asked for",
		Long: `Report what came out of the points that "rush ask" printed: the outputs that
the search is about, and whatever else is to be kept. With --json many are
reported, a line of JSON each; a line of "rush ask" with "ys" added will do:

  {"task": 0, "ys": {"y": 1.5}}
  {"task": 1, "fail": "it broke"}

What is refused (a task that does not run, or that a worker process runs, an
output that is missing) is printed, the rest is delivered, and the exit code
is 1. Reporting the same once more changes nothing.`,
		Example: `  rush tell 17 y=0.82 note="second try"
  rush tell branin 17 --fail "the sample was lost"
  rush ask -n 8 | jq -c '.ys = {y: .xs.x1}' | rush tell --json -`,
		RunE: func(cmd *cobra.Command, args []string) error {
			id, results, err := a.toldBy(args, fail, lines)
			if err != nil {
				return exitError{exitUsage, err}
			}
			net, err := a.openNetwork(cmd.Context(), id)
			if err != nil {
				return err
			}
			defer net.Close()
			return a.tellAll(cmd.Context(), net, worker, results)
		},
	}
	c.Flags().StringVar(&fail, "fail", "", "why the evaluation failed")
	c.Flags().StringVar(&lines, "json", "", "read results from this file of JSON lines, or - for standard input")
	c.Flags().StringVar(&worker, "worker", "", "the worker that holds the tasks (default: the one that does)")
	c.MarkFlagsMutuallyExclusive("fail", "json")
	return c
}

// toldBy reads the network and the results from the arguments.
func (a *app) toldBy(args []string, fail, lines string) (id string, results []rushworker.Result, err error) {
	var names []string
	ys := rush.Values{}
	for _, arg := range args {
		name, value, isValue := strings.Cut(arg, "=")
		if !isValue {
			names = append(names, arg)
		} else if ys[name], err = wire.ParseJSON([]byte(value)); err != nil {
			ys[name] = value
		}
	}
	if lines != "" {
		if len(names) > 1 || len(ys) > 0 {
			return "", nil, errors.New("with --json there is nothing to name but the network")
		}
		results, err = a.readTold(lines)
		return first(names), results, err
	}
	if len(names) == 0 || len(names) > 2 {
		return "", nil, fmt.Errorf("expected a task, as in: rush tell 17 y=0.82")
	}
	key, err := rush.ParseTaskKey(names[len(names)-1])
	switch {
	case err != nil:
		return "", nil, err
	case fail != "" && len(ys) > 0:
		return "", nil, errors.New("a task that failed has no outputs: give outputs or --fail")
	case fail != "":
		results = []rushworker.Result{{Key: key, Condition: failure(fail)}}
	case len(ys) == 0:
		return "", nil, fmt.Errorf("what came out of task %d? Add outputs, as in y=0.82, or --fail MESSAGE", key)
	default:
		results = []rushworker.Result{{Key: key, YS: ys}}
	}
	return strings.Join(names[:len(names)-1], ""), results, nil
}

// readTold reads results from a file of JSON lines.
func (a *app) readTold(path string) ([]rushworker.Result, error) {
	in := a.in
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	return lines.Read(in, parseTold)
}

// tellAll delivers the results, each as the client that holds the task.
func (a *app) tellAll(ctx context.Context, net *network.Rush, worker string, results []rushworker.Result) error {
	holders, err := clientsHolding(ctx, net)
	if err != nil {
		return err
	}
	by := map[string][]rushworker.Result{}
	for _, r := range results {
		holder := worker
		if holder == "" {
			holder = holders[r.Key]
		}
		by[holder] = append(by[holder], r)
	}
	var errs []error
	for holder, results := range by {
		errs = append(errs, tellAs(ctx, net, holder, results))
	}
	return errors.Join(errs...)
}

// clientsHolding says which client holds which task.
func clientsHolding(ctx context.Context, net *network.Rush) (map[rush.TaskKey]string, error) {
	workers, err := net.Workers(ctx)
	if err != nil {
		return nil, err
	}
	holders := map[rush.TaskKey]string{}
	for _, w := range workers {
		if w.Client() {
			for _, key := range w.Running {
				holders[key] = string(w.ID)
			}
		}
	}
	return holders, nil
}

func tellAs(ctx context.Context, net *network.Rush, worker string, results []rushworker.Result) (err error) {
	c, err := search.OpenClient(ctx, net, lasting(worker, 0))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close(context.WithoutCancel(ctx))) }()
	return c.Tell(ctx, results...)
}
