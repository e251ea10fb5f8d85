package main

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/nearest"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/compare"
	"github.com/rushnet/rush/loops/optimizer"
	"github.com/rushnet/rush/search"
)

// benchOptimizersFlags are what the command was told.
type benchOptimizersFlags struct {
	optimizers, functions []string
	workers, evals, times []int
	seeds, parallel       int
	firstSeed             int32
	markdown              bool
}

func (a *app) benchOptimizersCommand() *cobra.Command {
	var f benchOptimizersFlags
	c := a.withJSON(&cobra.Command{
		Use:   "optimizers",
		Short: "Compare the optimizers on functions with known answers",
		Long: `Run optimizers on functions with known answers, from many seeds, with one
simulated worker and with four whose evaluations take uniform(0.5, 1.5), and
print the medians and quartiles of what they have found after some evaluations,
beside those of Optuna's samplers: the least output, or the hypervolume of several
outputs. A + marks a median that is no worse than that of the sampler of the same
kind, or than the best one's where there is none, and a = one that is no worse
than its worse quartile. Of auto it says what it picks.
Then it measures what processor time proposals take, one contender after the
other. There is no store.

Arguments follow a name: --optimizers tpe:gamma=0.1:multivariate=false

Optimizers: ` + strings.Join(append(kindNames(benchKinds()), search.Auto), ", ") + `
Functions: ` + strings.Join(problemNames(), ", "),
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.benchOptimizers(cmd.Context(), &f) },
	})
	flags := c.Flags()
	flags.StringSliceVar(&f.optimizers, "optimizers", nil, "only these, with arguments if need be")
	flags.StringSliceVar(&f.functions, "functions", nil, "only these")
	flags.IntSliceVar(&f.workers, "workers", []int{1, 4}, "numbers of simulated workers")
	flags.IntSliceVar(&f.evals, "evals", []int{50, 100, 200}, "evaluations after which the best is noted")
	flags.IntSliceVar(&f.times, "times", []int{50, 200, 500}, "ended tasks after which proposals are timed; 0 for none")
	flags.IntVar(&f.seeds, "seeds", 20, "runs of each")
	flags.Int32Var(&f.firstSeed, "first-seed", 1, "the first of as many seeds: settings that were chosen on some are best compared on others")
	flags.IntVar(&f.parallel, "parallel", runtime.GOMAXPROCS(0), "runs at a time")
	flags.BoolVar(&f.markdown, "markdown", false, "print tables in Markdown")
	return c
}

func (a *app) benchOptimizers(ctx context.Context, f *benchOptimizersFlags) error {
	contenders, err := f.contenders()
	if err != nil {
		return exitError{exitUsage, err}
	}
	problems, err := f.problems()
	if err != nil {
		return exitError{exitUsage, err}
	}
	if err := f.check(); err != nil {
		return exitError{exitUsage, err}
	}
	c := compare.Comparison{
		Contenders: contenders, Problems: problems, Workers: f.workers, Evals: f.evals, Seeds: f.seeds, FirstSeed: f.firstSeed, Parallel: f.parallel,
		Done: func(c *compare.Cell) { a.tell("%s, %d workers, %s", c.Problem, c.Workers, c.Optimizer) },
	}
	cells, remarks, err := c.Run(ctx)
	if err != nil {
		return err
	}
	for _, r := range remarks {
		a.tell("left out: %s", r)
	}
	times, err := a.measureTimes(ctx, f, contenders)
	if err != nil {
		return err
	}
	switch {
	case a.json:
		return a.printJSON(map[string]any{
			"seeds": f.seeds, "first_seed": f.firstSeed, "cores": runtime.NumCPU(), "rush": version,
			"cells": cells, "times": times, "references": compare.References(),
		})
	case f.markdown:
		return printComparison(a.out, f, cells, times, markdownTable)
	}
	return printComparison(a.out, f, cells, times, textTable)
}

// measureTimes times the contenders, one after the other.
func (a *app) measureTimes(ctx context.Context, f *benchOptimizersFlags, contenders []compare.Contender) ([]*compare.Times, error) {
	if len(f.times) == 0 || slices.Max(f.times) <= 0 {
		return nil, nil
	}
	var all []*compare.Times
	for i := range contenders {
		for _, workers := range f.workers {
			t, err := compare.Time(ctx, &contenders[i], compare.Timed(), workers, f.times)
			if err != nil {
				return nil, err
			}
			a.tell("times of %s, %d workers", t.Optimizer, workers)
			all = append(all, t)
		}
	}
	return all, nil
}

func (f *benchOptimizersFlags) check() error {
	for _, n := range slices.Concat(f.workers, f.evals) {
		if n < 1 {
			return fmt.Errorf("expected numbers of workers and of evaluations above 0, found %d", n)
		}
	}
	if f.seeds < 1 || len(f.workers) == 0 || len(f.evals) == 0 {
		return fmt.Errorf("expected at least one of --seeds, --workers and --evals")
	}
	slices.Sort(f.evals)
	return nil
}

// benchKinds are the optimizers that can be compared.
func benchKinds() []optimizer.Kind {
	random := optimizer.Kind{
		Declaration: loops.Declaration{Name: search.RandomSearch, Arguments: []loops.Argument{}},
		New:         func(s *optimizer.Setting, _ rush.Values) (optimizer.Optimizer, error) { return optimizer.NewRandom(s) },
	}
	return append([]optimizer.Kind{random}, search.Optimizers()...)
}

func kindNames(kinds []optimizer.Kind) []string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = k.Name
	}
	return names
}

func problemNames() []string {
	var names []string
	for _, p := range compare.Problems() {
		names = append(names, p.Name)
	}
	return names
}

// contenders returns those that were asked for; all without an asking.
func (f *benchOptimizersFlags) contenders() ([]compare.Contender, error) {
	specs := f.optimizers
	if len(specs) == 0 {
		specs = append(kindNames(benchKinds()), search.Auto)
	}
	var all []compare.Contender
	for _, spec := range specs {
		c, err := contender(spec)
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}

// contender reads NAME:ARGUMENT=VALUE:... with values in JSON, or as they are.
func contender(spec string) (compare.Contender, error) {
	if spec == search.Auto {
		return auto(), nil
	}
	parts := strings.Split(spec, ":")
	kinds := benchKinds()
	i := slices.Index(kindNames(kinds), parts[0])
	if i < 0 {
		return compare.Contender{}, fmt.Errorf("there is no optimizer %q%s", parts[0], nearest.Hint(parts[0], append(kindNames(kinds), search.Auto)))
	}
	args := make(rush.Values)
	for _, part := range parts[1:] {
		name, text, ok := strings.Cut(part, "=")
		if !ok {
			return compare.Contender{}, fmt.Errorf("%s: expected an argument as NAME=VALUE, found %q", spec, part)
		}
		var v any
		if json.Unmarshal([]byte(text), &v) != nil {
			v = text
		}
		args[name] = v
	}
	made, err := kinds[i].Make(args)
	return compare.Contender{Name: spec, Make: made}, err
}

// auto is what a search gets that names no loop.
func auto() compare.Contender {
	return compare.Contender{Name: search.Auto, Pick: func(s *optimizer.Setting) (string, optimizer.Make) {
		l, made, err := search.Picked(s)
		if err != nil {
			made = func(*optimizer.Setting) (optimizer.Optimizer, error) { return nil, err }
		}
		return l.Name, made
	}}
}

// problems returns those that were asked for; all without an asking.
func (f *benchOptimizersFlags) problems() ([]compare.Problem, error) {
	if len(f.functions) == 0 {
		return compare.Problems(), nil
	}
	var all []compare.Problem
	for _, name := range f.functions {
		p, ok := compare.Lookup(name)
		if !ok {
			return nil, fmt.Errorf("there is no function %q%s", name, nearest.Hint(name, problemNames()))
		}
		all = append(all, p)
	}
	return all, nil
}
