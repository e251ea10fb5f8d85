package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/search"
)

func (a *app) workerCommand() *cobra.Command {
	var f workerFlags
	c := &cobra.Command{
		Use:   "worker --network ID --store URL [--n N]",
		Short: "Start workers for a network, here, for as long as its run goes on",
		Long: `Start workers for a network that "rush run" has started, on this or another
machine. They read everything from the store: the search, its loop and its
objective. An objective that is a command runs here, and so does a loop: they
are printed first, and --objective 'PROGRAM ARG...' and --loop 'PROGRAM ARG...'
refuse any other.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if f.wait {
				if err := a.awaitSearch(cmd.Context(), f.network); err != nil {
					return err
				}
			}
			net, err := a.openNetwork(cmd.Context(), f.network)
			if err != nil {
				return err
			}
			defer net.Close()
			def, err := a.showObjective(cmd.Context(), net, f.objective, f.loop)
			if err != nil {
				return err
			}
			return a.work(cmd.Context(), net, def, f)
		},
	}
	f.register(c)
	return c
}

// A workerFlags has what can be said on the command line about workers.
type workerFlags struct {
	network   string
	n         int
	objective string
	loop      string
	queues    []string
	heartbeat time.Duration
	expiry    time.Duration
	idle      time.Duration
	grace     time.Duration
	giveUp    time.Duration
	output    outputFlags
	wait      bool
	config    string
	id        string
	detach    bool
}

func (f *workerFlags) register(c *cobra.Command) {
	c.Flags().StringVar(&f.network, "network", "", "the network (default: the last one used)")
	c.Flags().IntVarP(&f.n, "n", "n", 0, "how many workers (default: the number of cores)")
	c.Flags().StringVar(&f.objective, "objective", "", "the only command that may be run as objective")
	c.Flags().StringVar(&f.loop, "loop", "", "the only program that may be run as loop")
	c.Flags().StringSliceVar(&f.queues, "queue", nil, "named queues to take from, in order, as in high,default,low; the worker's own comes before, the shared one (default) after, if it is not named")
	c.Flags().DurationVar(&f.heartbeat, "heartbeat", 0, "how often a worker gives a sign of life (default 1s)")
	c.Flags().DurationVar(&f.expiry, "expiry", 0, "how long without one until a worker is lost (default: ten heartbeats)")
	c.Flags().DurationVar(&f.idle, "idle-timeout", 0, "end a worker that had nothing to do for that long (default: the configuration's, else never)")
	c.Flags().DurationVar(&f.grace, "grace", 0, "how long a process that is stopped may take, between SIGTERM and SIGKILL (default: the configuration's, else 1s for commands, 0.5s for isolated tasks)")
	c.Flags().DurationVar(&f.giveUp, "give-up", 0, "end a worker that could not reach the store for that long (default 5m)")
	f.output.register(c)
	c.Flags().BoolVar(&f.wait, "wait", false, "wait for the network's search, and for the configuration")
	c.Flags().BoolVar(&f.detach, "detach", false, "start them in the background, where they outlive this command and the terminal")
	c.Flags().StringVar(&f.config, "config", "", "start them as this configuration says; see: rush config")
	c.Flags().StringVar(&f.id, "worker-id", "", "the worker's id; with several they are ID-1, ID-2, ...")
}

// showObjective prints the command that the store's definition will run here,
// and refuses one that is not the pinned one.
func (a *app) showObjective(ctx context.Context, net *network.Rush, pinned, loop string) (*search.Definition, error) {
	def, err := readDefinition(ctx, net)
	if err != nil {
		return nil, err
	}
	if def == nil {
		return nil, fmt.Errorf("network %s: %w; its program starts its workers", net.ID(), search.ErrNoSearch)
	}
	command := def.CommandLine()
	if pinned != "" && command != pinned {
		return nil, fmt.Errorf("the objective of network %s is not the one that --objective names\n  expected: %s\n  found:    %s", net.ID(), pinned, command)
	}
	if command != "" {
		a.tell("network %s runs: %s", net.ID(), command)
	}
	for _, line := range def.HookCommandLines() {
		if pinned != "" {
			return nil, fmt.Errorf("the search of network %s has a command that workers call beside the objective that --objective names: %s\nleave out --objective to let it run, or take it out of the search's on", net.ID(), line)
		}
		a.tell("network %s calls: %s", net.ID(), line)
	}
	if err := a.showLoop(net, def, loop); err != nil {
		return nil, err
	}
	return def, def.VerifyPlugins()
}

// showLoop is showObjective for a loop that is a program.
func (a *app) showLoop(net *network.Rush, def *search.Definition, pinned string) error {
	command := def.LoopCommandLine()
	if pinned != "" && command != pinned {
		return fmt.Errorf("the loop of network %s is not the one that --loop names\n  expected: %s\n  found:    %s", net.ID(), pinned, command)
	}
	if command != "" {
		a.tell("network %s has the loop: %s", net.ID(), command)
	}
	return nil
}

// workers are those that the flags ask for.
func (f *workerFlags) workers(ctx context.Context, net *network.Rush, def *search.Definition) (network.Workers, error) {
	w := def.Workers(f.n)
	w.Restart, w.Queues, w.Heartbeat, w.Expiry = true, f.queues, f.heartbeat, f.expiry
	w.IdleTimeout, w.Grace, w.Patience = f.idle, f.grace, f.giveUp
	if err := f.identify(ctx, net, &w); err != nil {
		return w, err
	}
	return w, f.output.set(&w, nil)
}

// work starts the workers and, unless they are detached, waits until they have
// ended. An interrupt lets them finish what they run; a second one does not.
func (a *app) work(ctx context.Context, net *network.Rush, def *search.Definition, f workerFlags) error {
	w, err := f.workers(ctx, net, def)
	if err != nil {
		return err
	}
	if f.detach {
		return a.detach(ctx, net, w)
	}
	w.Output = a.workerOutput
	ids, err := a.startShown(ctx, net, w)
	if err != nil {
		return err
	}
	for _, w := range ids {
		a.tell("worker %s", w)
	}
	interrupts := make(chan os.Signal, 2)
	signal.Notify(interrupts, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(interrupts)
	done := net.LocalDone()
	for asked := rush.SignalNone; ; {
		select {
		case <-done:
			if asked != rush.SignalNone {
				return exitError{exitInterrupted, errors.New("interrupted")}
			}
			return net.LocalError()
		case <-interrupts:
			next := rush.SignalTerminate
			if asked != rush.SignalNone {
				next = rush.SignalKill
			} else {
				a.tell("the workers finish what they run; press Ctrl-C again to stop them now")
			}
			asked = next
			go net.StopLocal(ctx, next)
		}
	}
}

// identify gives the workers their configuration, and what it leaves open, and
// ids.
func (f *workerFlags) identify(ctx context.Context, net *network.Rush, w *network.Workers) error {
	if f.config != "" {
		wait := time.Duration(0)
		if f.wait {
			wait = patience
		}
		config, err := net.WorkerConfig(ctx, f.config, wait)
		if err != nil {
			return err
		}
		config.Loop, config.Args = "", nil // they are the search's
		config.Apply(w)
	}
	if w.LogLevel == nil {
		w.LogLevel = slog.LevelWarn
	}
	switch {
	case f.id != "" && f.n == 1:
		w.IDs = []rush.WorkerID{rush.WorkerID(f.id)}
	case f.id != "":
		w.IDBase = f.id
	}
	return nil
}

// patience is how long a worker waits for what is yet to be made: for as long
// as it is not stopped.
const patience = 1000 * time.Hour

// awaitSearch waits until the network has a search, also for the network to be
// made.
func (a *app) awaitSearch(ctx context.Context, name string) error {
	url, id, err := a.which(name)
	if err != nil {
		return err
	}
	if err := id.Validate(); err != nil {
		return exitError{exitUsage, fmt.Errorf("--wait: %w", err)}
	}
	st, err := a.openStore(ctx, url)
	if err != nil {
		return err
	}
	defer st.Close()
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	for after := int64(0); ; {
		def, err := st.AwaitDefinition(ctx, id, after, patience)
		if ctx.Err() != nil {
			return exitError{exitInterrupted, errors.New("interrupted")}
		}
		if err != nil {
			return err
		}
		after = def.Version
		if _, err := search.ParseDefinition(def.Body); !errors.Is(err, search.ErrNoSearch) {
			return err
		}
	}
}

// workerOutput passes on what workers print.
func (a *app) workerOutput(id rush.WorkerID, _, line string) { a.tell("[%s] %s", id, line) }
