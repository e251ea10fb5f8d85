package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/search"
)

// bestFlags are the flags of rush best.
type bestFlags struct {
	n           int
	all         bool // whatever the fidelity
	hypervolume bool
	reference   []string
}

func (a *app) bestCommand() *cobra.Command {
	var flags bestFlags
	c := a.withGoals(a.withJSON(&cobra.Command{
		Use:   "best [NETWORK]",
		Short: "Show the best points, or the Pareto set",
		Long: `Show the best points of a search: with one objective the -n best, and with
several the Pareto set, the points that no other beats in one objective without
losing in another, by the first objective. What violates the constraints of the
codomain comes after all that does not.

In a space with a fidelity parameter these are of the tasks that were evaluated
with the largest budget so far, and not stopped early; --all-fidelities takes all.

--hypervolume prints how much the Pareto set dominates of what is better than the
reference, such as --reference error=1,seconds=60; an objective without one has
the worst value of all points.

An exported file is read, too; one that does not say what is better, such as CSV,
needs --minimize or --maximize.`,
		Example: `  rush best -n 5
  rush best results.parquet
  rush best results.csv --minimize y`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			reference, err := parseReference(flags.reference)
			if err == nil && flags.n < 0 {
				err = fmt.Errorf("-n %d: expected a number of at least 1, or 0 for all", flags.n)
			}
			if err != nil {
				return exitError{exitUsage, err}
			}
			net, err := a.openNetwork(cmd.Context(), first(args))
			if err != nil {
				return err
			}
			defer net.Close()
			if !cmd.Flags().Changed("number") {
				flags.n = -1
			}
			if err := a.best(cmd.Context(), net, &flags, reference); err != nil {
				return fmt.Errorf("network %s: %w", net.ID(), err)
			}
			return nil
		},
	}))
	c.Flags().IntVarP(&flags.n, "number", "n", 10, "how many; 0 is all, and so is a Pareto set without it")
	c.Flags().BoolVar(&flags.all, "all-fidelities", false, "compare tasks with any value of the fidelity parameter")
	c.Flags().BoolVar(&flags.hypervolume, "hypervolume", false, "print the hypervolume, too")
	c.Flags().StringSliceVar(&flags.reference, "reference", nil, "the reference point of the hypervolume: OBJECTIVE=VALUE, several with commas")
	return c
}

func parseReference(given []string) (map[string]float64, error) {
	reference := make(map[string]float64, len(given))
	for _, text := range given {
		name, value, ok := strings.Cut(text, "=")
		v, err := strconv.ParseFloat(value, 64)
		if !ok || err != nil {
			return nil, fmt.Errorf("--reference %q: expected an objective and a number, such as y1=10", text)
		}
		reference[name] = v
	}
	return reference, nil
}

// A bestJSON is what rush best prints with --json.
type bestJSON struct {
	Network     rush.NetworkID     `json:"network"`
	Codomain    loops.Codomain     `json:"codomain"`
	Fidelity    map[string]float64 `json:"fidelity,omitempty"` // that all of the best have
	Best        []bestLine         `json:"best"`
	Hypervolume *float64           `json:"hypervolume,omitempty"`
	Reference   map[string]float64 `json:"reference,omitempty"`
}

func (a *app) best(ctx context.Context, net *network.Rush, flags *bestFlags, reference map[string]float64) error {
	def, err := a.definition(ctx, net)
	switch {
	case err != nil:
		return err
	case def == nil:
		return a.unknownGoal()
	}
	from := &search.Thorough{Archive: net}
	if !flags.all {
		if from, err = search.MostThorough(ctx, net, def.Space, def.Codomain); err != nil {
			return err
		}
	}
	tasks, total, err := bestTasks(ctx, from, def.Codomain, flags.n)
	if err != nil {
		return err
	}
	out := bestJSON{Network: net.ID(), Codomain: def.Codomain, Best: []bestLine{}}
	if from.Name != "" {
		out.Fidelity = map[string]float64{from.Name: from.Budget}
	}
	if flags.hypervolume || len(reference) > 0 {
		var v float64
		if v, out.Reference, err = search.Hypervolume(ctx, from, def.Codomain, reference); err != nil {
			return err
		}
		out.Hypervolume = &v
	}
	if a.json {
		for _, t := range tasks {
			out.Best = append(out.Best, bestLine{t.Key, t.XS, t.YS})
		}
		return a.printJSON(out)
	}
	return a.printBest(def, from, tasks, total, &out)
}

// bestTasks returns the n best tasks, or as many of the Pareto set, and how many
// that has; n < 0 is the usual number.
func bestTasks(ctx context.Context, a search.Archive, c loops.Codomain, n int) (tasks []*rush.Task, total int, err error) {
	if len(c.Objectives()) <= 1 {
		if n < 0 {
			n = 10
		}
		tasks, err = search.Best(ctx, a, c, n)
		return tasks, len(tasks), err
	}
	tasks, err = search.ParetoSet(ctx, a, c)
	total = len(tasks)
	if n > 0 {
		tasks = spread(tasks, n)
	}
	return tasks, total, err
}

func (a *app) printBest(def *search.Definition, from *search.Thorough, tasks []*rush.Task, total int, out *bestJSON) error {
	if len(tasks) == 0 {
		return errors.New("no task has finished with an objective that is a number; see: rush tasks")
	}
	a.printf("%s:\n\n", bestTitle(def.Codomain, from, total))
	if err := a.printTable(def, tasks); err != nil {
		return err
	}
	if len(tasks) < total {
		a.printf("%d of %d; -n 0 shows all\n", len(tasks), total)
	}
	if from.Left > 0 {
		a.printf("%d other tasks had less, or were stopped early; --all-fidelities takes them, too\n", from.Left)
	}
	if out.Hypervolume != nil {
		var at []string
		for _, o := range def.Codomain.Objectives() {
			at = append(at, fmt.Sprintf("%s = %.6g", o.Name, out.Reference[o.Name]))
		}
		a.printf("\nhypervolume %.6g, up to %s\n", *out.Hypervolume, strings.Join(at, ", "))
	}
	return nil
}

// spread returns n of the tasks, evenly spread over them.
func spread(tasks []*rush.Task, n int) []*rush.Task {
	if len(tasks) <= n {
		return tasks
	}
	out := make([]*rush.Task, n)
	for i := range out {
		out[i] = tasks[i*(len(tasks)-1)/max(n-1, 1)]
	}
	return out
}

// bestTitle says what a table of so many best tasks has.
func bestTitle(c loops.Codomain, from *search.Thorough, n int) string {
	at := ""
	if from.Name != "" {
		at = fmt.Sprintf(", with %s = %s", from.Name, cell(from.Budget))
	}
	objectives := c.Objectives()
	if len(objectives) == 1 {
		return fmt.Sprintf("the best, to %s %s%s", objectives[0].Goal, objectives[0].Name, at)
	}
	parts := make([]string, len(objectives))
	for i, o := range objectives {
		parts[i] = fmt.Sprintf("%s %s", o.Goal, o.Name)
	}
	return fmt.Sprintf("the Pareto set, %d to %s%s", n, strings.Join(parts, " and "), at)
}

// printTable prints tasks with their objectives, constraints and inputs.
func (a *app) printTable(def *search.Definition, tasks []*rush.Task) error {
	outputs := def.Codomain.Objectives()
	for _, t := range def.Codomain {
		if t.Goal == loops.Constraint {
			outputs = append(outputs, t)
		}
	}
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(w, "task")
	for _, t := range outputs {
		fmt.Fprintf(w, "\t%s", t.Name)
	}
	names := def.Space.Names()
	for _, name := range names {
		fmt.Fprintf(w, "\t%s", name)
	}
	fmt.Fprintln(w, "\t")
	for _, t := range tasks {
		fmt.Fprintf(w, "%d", t.Key)
		for _, target := range outputs {
			fmt.Fprintf(w, "\t%s", cellOf(t.YS, target.Name))
		}
		for _, name := range names {
			fmt.Fprintf(w, "\t%s", cellOf(t.XS, name))
		}
		fmt.Fprintln(w, "\t")
	}
	return w.Flush()
}
