package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/search"
)

// A runFlags has what can be said on the command line about a run.
type runFlags struct {
	workers int
	network string
	resume  bool
	fresh   bool
	sets    []string
	quiet   bool
	// inProcess has the workers in this process.
	inProcess bool
	output    outputFlags
	ui        bool
	page      uiFlags
}

func (a *app) runCommand() *cobra.Command {
	var f runFlags
	c := a.withJSON(&cobra.Command{
		Use:   "run FILE",
		Short: "Run the search that a file describes",
		Long: `Run the search that a file describes: start workers on this machine, show what
they find, and print the best points at the end. The results stay in the
store. The first Ctrl-C lets the workers finish what they run, the second
stops them at once; "rush run FILE --resume" goes on.

The exit code is 0 when the run is done, 1 when it failed or all workers ended
with an error, 130 when it was interrupted.`,
		Example: `  rush run examples/branin/search.yaml
  rush run search.yaml --workers 4 --set terminate.evals=500
  rush run search.yaml --resume`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			sets := f.sets
			if f.workers > 0 {
				sets = append(sets, fmt.Sprintf("workers=%d", f.workers))
			}
			file, err := search.Load(args[0], sets...)
			if err != nil {
				return exitError{exitUsage, err}
			}
			return a.run(cmd.Context(), file, f)
		},
	})
	f.register(c)
	c.Flags().StringArrayVar(&f.sets, "set", nil, "change a field of the file, as in terminate.evals=500; may be repeated")
	return c
}

func (f *runFlags) register(c *cobra.Command) {
	c.Flags().IntVar(&f.workers, "workers", 0, "how many workers (default: the file's, else the number of cores)")
	c.Flags().StringVar(&f.network, "network", "", "the network (default: the file's, else a new one)")
	c.Flags().BoolVar(&f.resume, "resume", false, "go on with the network's run, up to its limit")
	c.Flags().BoolVar(&f.fresh, "fresh", false, "begin anew; the old network is kept under another name")
	c.Flags().BoolVarP(&f.quiet, "quiet", "q", false, "show no progress")
	c.Flags().BoolVar(&f.inProcess, "in-process", false, "run the workers in this process, where a debugger's breakpoints work; task.isolate counts for nothing then")
	c.Flags().BoolVar(&f.ui, "ui", false, "show the search in the browser, while it runs and afterwards until Ctrl-C; see: rush ui")
	f.page.registerShort(c)
	c.MarkFlagsMutuallyExclusive("resume", "fresh")
	f.output.register(c)
}

// run runs a search to its end and prints what came out.
func (a *app) run(ctx context.Context, file *search.File, f runFlags) error {
	if err := file.CheckPlugins(ctx); err != nil {
		return err
	}
	workers := file.Definition.Workers(workersOf(file, f))
	workers.Restart, workers.LogLevel, workers.Output = true, slog.LevelWarn, a.workerOutput
	if err := f.output.set(&workers, file.Log); err != nil {
		return err
	}
	url, id, err := a.runWhere(ctx, file, f)
	if err != nil {
		return err
	}
	net, err := network.Open(ctx, network.Config{Store: url, Network: id, IgnoreSchema: a.ignoreSchema, Seed: file.Definition.Seed, Log: a.log()})
	if err != nil {
		return err
	}
	defer net.Close()
	remember(url, id)
	started, err := search.Start(ctx, net, file.Definition, search.StartOptions{Resume: f.resume, Version: version})
	if err != nil {
		return err
	}
	if started.Known > 0 {
		a.tell("%d points were known before", started.Known)
	}
	if l := started.Definition.Loop; l.Auto != "" {
		a.tell("loop: %s", describeLoop(started.Definition))
	}
	for _, change := range started.Changed {
		a.tell("changed: %s", change)
	}
	r := &running{app: a, inProcess: f.inProcess, net: net, def: started.Definition, rows: started.Rows, known: started.Known, quiet: f.quiet || a.json, page: f.ui, again: "run " + file.Name}
	if file.Name == demoName {
		r.again = "demo"
	}
	if !f.ui {
		return r.toTheEnd(ctx, workers)
	}
	return a.withPage(ctx, url, id, f.page, func() error { return r.toTheEnd(ctx, workers) })
}

// runWhere says which store and network a run is to use. With --fresh the
// network is set aside first.
func (a *app) runWhere(ctx context.Context, file *search.File, f runFlags) (url string, id rush.NetworkID, err error) {
	if url, err = network.ResolveStore(a.store); err == nil {
		err = a.writable(url)
	}
	if err != nil {
		return "", "", err
	}
	id = file.Network
	if f.network != "" {
		id = rush.NetworkID(f.network)
	}
	if id == "" && f.resume {
		if _, id, err = network.DefaultNetwork(url); err != nil {
			return "", "", err
		}
		if id == "" {
			return "", "", exitError{exitUsage, errors.New("which run is to be resumed? Name it with --network; see: rush networks")}
		}
	}
	if id == "" {
		id = newName(file.Name)
	}
	if !f.fresh {
		return url, id, nil
	}
	st, err := a.openStore(ctx, url)
	if err != nil {
		return "", "", err
	}
	defer st.Close()
	kept, err := st.SetAside(ctx, id)
	if kept != "" {
		a.tell("the old network %s is now %s", id, kept)
	}
	return url, id, err
}

// newName makes a name for a run of a search file: its name, with that of its
// directory in place of "search", and something new.
func newName(path string) rush.NetworkID {
	base := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	if rest, ok := strings.CutPrefix(base, "search"); ok {
		if abs, err := filepath.Abs(path); err == nil {
			base = filepath.Base(filepath.Dir(abs)) + rest
		}
	}
	name := rush.NetworkID(base + "-" + uuid.NewString()[:4])
	if name.Validate() != nil {
		return rush.NetworkID("run-" + uuid.NewString()[:8])
	}
	return name
}

func workersOf(file *search.File, f runFlags) int {
	return numberOfWorkers(cmp.Or(f.workers, file.Workers))
}

// numberOfWorkers is n, unless that is 0: the plan's number of workers, else that of
// the cores.
func numberOfWorkers(n int) int {
	plan, _, _ := network.ReadPlan() // opening the network said what is wrong with it
	return cmp.Or(n, plan.Workers, runtime.NumCPU())
}

// log tells of what happens to workers.
func (a *app) log() *slog.Logger { return slog.New(&remarks{w: a.err}) }

func (a *app) demoCommand() *cobra.Command {
	var f runFlags
	c := a.withJSON(&cobra.Command{
		Use:   "demo",
		Short: "Run a small search to look at",
		Long: "Run a random search on the Branin function, as \"rush run\" does with a file:\n\n" + indent(demoFile) +
			"\n\nrush demo --ui shows it in the browser while it runs, with 100000 evaluations:\n200 are over before a browser is there.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var sets []string
			if f.ui {
				sets = []string{demoWatched}
			}
			file, err := search.Parse(demoName, []byte(demoFile), sets...)
			if err != nil {
				return err
			}
			return a.run(cmd.Context(), file, f)
		},
	})
	f.register(c)
	return c
}

const demoName = "demo.yaml"

const demoFile = `objective: {builtin: branin}
space:
  x1: {type: dbl, lower: -5, upper: 10}
  x2: {type: dbl, lower: 0, upper: 15}
codomain: {y: minimize}
loop: {name: random_search}
terminate: {evals: 200}
`

// demoWatched makes the demo last for some seconds.
const demoWatched = "terminate.evals=100000"

func indent(s string) string {
	return "  " + strings.ReplaceAll(strings.TrimSpace(s), "\n", "\n  ")
}

// storeGrace bounds what is done after a run was interrupted.
const storeGrace = 10 * time.Second

var errInterrupted = errors.New("interrupted")
