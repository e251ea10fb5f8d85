package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/user"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/search"
)

// An askFlags has what can be said on the command line about asking.
type askFlags struct {
	n      int
	wait   time.Duration
	worker string
	expiry time.Duration
	file   string
	held   bool
	serve  bool
}

func (a *app) askCommand() *cobra.Command {
	var f askFlags
	c := &cobra.Command{
		Use:   "ask [NETWORK]",
		Short: "Take points to evaluate by hand or in a script",
		Long: `Take points to evaluate by hand or in a script of any language, and print each
as a line of JSON; report what came out with "rush tell". Queued tasks come
first, then points that the network's loop proposes. The exit code is 1 when
there was nothing to take.

The tasks are running then, held by a worker that stands for you on this
machine, or by the one that --worker names. If it neither asks nor tells for
as long as --expiry says, it counts as lost: its tasks are queued again, if
they have retries left, or fail. --held prints what it holds.

--search begins the search of a file, if the network has none yet; the file's
objective is never run: {function: NAME} will do.

--serve answers requests on standard input, a line of JSON each, with a line
of JSON on standard output, which saves a script the start of a command for
each step. What it holds is given back when its input ends. Each answer may
have a member "error".

  {"ask": 2, "wait": 10}                      {"tasks": [...], "over": ""}
  {"held": true}                              {"tasks": [...]}
  {"status": true}                            {"network": "branin", "finished": 7, ...}
  {"tell": [{"task": 0, "ys": {"y": 1.5}}]}   {"told": 1}
  {"push": [{"x1": 1, "x2": 2}]}              {"keys": [7]}
  {"fetch": ["finished"]}                     {"rows": [...]}
  {"fetch": "new", "wait": 10}                {"rows": [...]}
  {"export": "results.parquet"}               {"exported": 200}`,
		Example: `  rush ask branin -n 4
  rush ask --search search.yaml
  while point=$(rush ask --wait 1m); do
    rush tell $(echo "$point" | jq .task) y=$(echo "$point" | jq .xs.x1)
  done`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.n < 1 {
				return exitError{exitUsage, fmt.Errorf("-n is %d; expected 1 or more", f.n)}
			}
			net, err := a.askNetwork(cmd.Context(), first(args), f.file)
			if err != nil {
				return err
			}
			defer net.Close()
			if f.serve {
				return a.serve(cmd.Context(), net, f)
			}
			return a.ask(cmd.Context(), net, f)
		},
	}
	c.Flags().IntVarP(&f.n, "n", "n", 1, "how many at most")
	c.Flags().DurationVar(&f.wait, "wait", 0, "how long to wait for the first, if there is none")
	c.Flags().StringVar(&f.worker, "worker", "", "the worker that holds the tasks (default: one for you and this machine)")
	c.Flags().DurationVar(&f.expiry, "expiry", 0, "how long a new worker lasts without asking or telling (default 1h; 3s with --serve, which beats)")
	c.Flags().StringVar(&f.file, "search", "", "begin the search of this file, if the network has none")
	c.Flags().BoolVar(&f.held, "held", false, "print what the worker holds, and take nothing")
	c.Flags().BoolVar(&f.serve, "serve", false, "answer requests on standard input")
	c.MarkFlagsMutuallyExclusive("serve", "held")
	c.MarkFlagsMutuallyExclusive("serve", "wait")
	c.MarkFlagsMutuallyExclusive("serve", "n")
	return c
}

// ask takes tasks and prints them.
func (a *app) ask(ctx context.Context, net *network.Rush, f askFlags) (err error) {
	c, err := search.OpenClient(ctx, net, lasting(f.worker, f.expiry))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close(context.WithoutCancel(ctx))) }()
	if f.held {
		tasks, err := c.Held(ctx)
		if err != nil {
			return err
		}
		return a.printAsked(ctx, net, c, tasks)
	}
	got, err := c.Ask(ctx, f.n, f.wait)
	if printErr := a.printAsked(ctx, net, c, got.Tasks); err == nil {
		err = printErr
	}
	switch {
	case err != nil || len(got.Tasks) > 0:
		return err
	case got.Over != "":
		return fmt.Errorf("network %s has nothing more to evaluate: %s", net.ID(), got.Over)
	}
	return fmt.Errorf("network %s has nothing to evaluate now; --wait waits for it", net.ID())
}

func (a *app) printAsked(ctx context.Context, net *network.Rush, c *search.Client, tasks []*rush.Task) error {
	constants, err := constantsOf(ctx, net)
	if err != nil {
		return err
	}
	for _, task := range tasks {
		line, err := appendTask(nil, c, task, constants)
		if err != nil {
			return err
		}
		a.printf("%s\n", line)
	}
	return nil
}

// lasting is the client that a person's commands share.
func lasting(worker string, expiry time.Duration) search.ClientConfig {
	if worker == "" {
		worker = clientName()
	}
	return search.ClientConfig{ID: rush.WorkerID(worker), Lasting: true, Expiry: expiry, Version: version}
}

// clientName is the name of the worker that stands for this user on this machine.
func clientName() string {
	name := "ask"
	if u, err := user.Current(); err == nil {
		name += "-" + u.Username
	}
	if host, err := os.Hostname(); err == nil {
		name += "-" + host
	}
	plain := strings.Map(func(r rune) rune {
		if r < 128 && (r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9') {
			return r
		}
		return '-'
	}, name)
	return strings.Trim(plain[:min(len(plain), 100)], "-")
}

// askNetwork opens the network that is meant, and begins the search of the file
// in it, if one is given, unless that was done before.
func (a *app) askNetwork(ctx context.Context, arg, path string) (*network.Rush, error) {
	if path == "" {
		return a.openNetwork(ctx, arg)
	}
	file, err := search.Load(path)
	if err != nil {
		return nil, exitError{exitUsage, err}
	}
	id := rush.NetworkID(arg)
	if id == "" {
		id = file.Network
	}
	if id == "" {
		return nil, exitError{exitUsage, fmt.Errorf("%s names no network: add the line network: NAME, or name one on the command line", path)}
	}
	url, err := network.ResolveStore(a.store)
	if err == nil {
		err = a.writable(url)
	}
	if err != nil {
		return nil, err
	}
	net, err := network.Open(ctx, network.Config{Store: url, Network: id, IgnoreSchema: a.ignoreSchema, Seed: file.Definition.Seed, Log: a.log()})
	if err != nil {
		return nil, err
	}
	remember(url, id)
	if err := beginAsked(ctx, net, file.Definition); err != nil {
		return nil, errors.Join(err, net.Close())
	}
	return net, nil
}

// beginAsked starts the search in a new network; in any other it has to be the
// same one, and its run stays as it is.
func beginAsked(ctx context.Context, net *network.Rush, def *search.Definition) error {
	run, err := net.Run(ctx)
	if err != nil {
		return err
	}
	if run.Status == rush.RunNew {
		_, err := search.Start(ctx, net, def, search.StartOptions{Resume: true, Version: version})
		return err
	}
	old, err := readDefinition(ctx, net)
	if err != nil {
		return err
	}
	if old == nil {
		return fmt.Errorf("network %s: %w; name another network", net.ID(), search.ErrNoSearch)
	}
	if changes := search.Diff(old, def); len(changes.Refused) > 0 {
		return &search.ChangedError{Network: net.ID(), Refused: changes.Refused}
	}
	return nil
}
