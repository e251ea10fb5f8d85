package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/nearest"
	"github.com/rushnet/rush/loops/importance"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/search"
)

// importanceFlags are what the command was told.
type importanceFlags struct {
	target    string
	pairs     bool
	partial   string
	surrogate string
	csv       bool
}

func (a *app) importanceCommand() *cobra.Command {
	var f importanceFlags
	c := a.withGoals(a.withJSON(&cobra.Command{
		Use:   "importance [NETWORK]",
		Short: "Show which parameters of a search mattered",
		Long: `Show which share of an output's variance over the whole space each parameter
explains alone, and with --pairs what two explain together beyond that
(functional ANOVA on a random forest: Hutter, Hoos and Leyton-Brown 2014).
With --partial the output that the forest expects is shown for the values of one
parameter, averaged over the others.`,
		Example: `  rush importance
  rush importance branin --pairs
  rush importance --target seconds
  rush importance --partial lr --csv > lr.csv`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.csv && f.partial == "" {
				return exitError{exitUsage, errors.New("--csv writes the curve of one parameter: add --partial NAME")}
			}
			if f.surrogate != "forest" && f.surrogate != "gp" {
				return exitError{exitUsage, fmt.Errorf("--surrogate is %q; expected forest or gp", f.surrogate)}
			}
			net, err := a.openNetwork(cmd.Context(), first(args))
			if err != nil {
				return err
			}
			defer net.Close()
			return a.importance(cmd.Context(), net, &f)
		},
	}))
	c.Flags().StringVar(&f.target, "target", "", "the output, or extra output (default: the first that is to be minimized or maximized)")
	c.Flags().BoolVar(&f.pairs, "pairs", false, "also what pairs of parameters explain together")
	c.Flags().StringVar(&f.partial, "partial", "", "show how the output depends on this parameter")
	c.Flags().StringVar(&f.surrogate, "surrogate", "forest", "what --partial asks: forest, or gp (a Gaussian process, which is smoother)")
	c.Flags().BoolVar(&f.csv, "csv", false, "print the curve of --partial as CSV")
	return c
}

func (a *app) importance(ctx context.Context, net *network.Rush, f *importanceFlags) error {
	def, err := a.definition(ctx, net)
	if err != nil {
		return err
	}
	if def == nil && a.file != nil {
		return a.unknownGoal()
	}
	if def == nil {
		return fmt.Errorf("network %s was not made from a search file: it has no space to look at", net.ID())
	}
	d, err := a.readData(ctx, net, def, f.target)
	if err != nil {
		return err
	}
	if f.partial != "" {
		return a.partial(d, f)
	}
	r, err := d.Measure(f.pairs)
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(importanceOf(net.ID(), r))
	}
	a.printImportance(r)
	return nil
}

// readData reads the finished tasks of a network for one of its outputs; "" is the
// first objective.
func (a *app) readData(ctx context.Context, net *network.Rush, def *search.Definition, target string) (*importance.Data, error) {
	if objectives := def.Codomain.Objectives(); target == "" && len(objectives) > 0 {
		target = objectives[0].Name
	}
	if target == "" {
		return nil, exitError{exitUsage, errors.New("which output? The search has none to minimize or maximize: add --target NAME")}
	}
	d, names := importance.New(def.Space, target), map[string]bool{}
	err := net.EachFinished(ctx, rush.FieldXS|rush.FieldYS|rush.FieldYSExtra, func(t *rush.Task) bool {
		for name := range t.YS {
			names[name] = true
		}
		for name := range t.YSExtra {
			names[name] = true
		}
		a.onlyParams(def.Space, t)
		d.Add(t)
		return true
	})
	if err == nil && !names[target] && !def.Codomain.Has(target) {
		known := slices.Sorted(maps.Keys(names))
		err = exitError{exitUsage, fmt.Errorf("no task has an output %s%s", target, nearest.Hint(target, known))}
	}
	return d, err
}

// An importanceLine is the result as --json prints it.
type importanceLine struct {
	Network rush.NetworkID `json:"network"`
	Target  string         `json:"target"`
	Tasks   int            `json:"tasks"`
	Fitness *float64       `json:"r2_out_of_bag"`
	Params  []shareLine    `json:"parameters"`
	Pairs   []pairLine     `json:"pairs,omitempty"`
	Remarks []string       `json:"remarks"`
}

type shareLine struct {
	Name  string  `json:"name"`
	Share float64 `json:"share"`
}

type pairLine struct {
	Names [2]string `json:"names"`
	Share float64   `json:"share"`
}

func importanceOf(id rush.NetworkID, r *importance.Result) importanceLine {
	line := importanceLine{Network: id, Target: r.Target, Tasks: r.Tasks, Params: []shareLine{}, Remarks: append([]string{}, r.Remarks...)}
	if !math.IsNaN(r.Fitness) {
		line.Fitness = &r.Fitness
	}
	for _, p := range r.Params {
		line.Params = append(line.Params, shareLine{p.Name, p.Share})
	}
	for _, p := range r.Pairs {
		line.Pairs = append(line.Pairs, pairLine{[2]string{p.A, p.B}, p.Share})
	}
	return line
}

func (a *app) printImportance(r *importance.Result) {
	a.printf("what explains the variance of %s over the space, from %d tasks:\n\n", oneLine(r.Target, 30), r.Tasks)
	var names []string
	var shares []float64
	for _, p := range r.Params {
		names, shares = append(names, p.Name), append(shares, p.Share)
	}
	a.printBars(names, shares)
	if len(r.Pairs) > 0 {
		const shown = 15
		a.printf("\nand two together, beyond what each does alone:\n\n")
		names, shares = nil, nil
		for _, p := range r.Pairs[:min(shown, len(r.Pairs))] {
			names, shares = append(names, p.A+" x "+p.B), append(shares, p.Share)
		}
		a.printBars(names, shares)
		if n := len(r.Pairs) - shown; n > 0 {
			a.printf("  and %d others with less; --json has them\n", n)
		}
	}
	if !math.IsNaN(r.Fitness) {
		a.printf("\nThe forest explains %.0f %% of outputs that it has not seen (R² out of bag).\n", 100*math.Max(r.Fitness, 0))
	}
	for _, s := range r.Remarks {
		a.printf("%s\n", wrapped("Note: "+s+".", 0))
	}
}

// printBars prints names with shares and bars, in the width of a page.
func (a *app) printBars(names []string, shares []float64) {
	const most = 32 // columns for names
	width := 0
	for i := range names {
		names[i] = oneLine(names[i], most)
		width = max(width, utf8.RuneCountInString(names[i]))
	}
	for i, name := range names {
		pad := strings.Repeat(" ", width-utf8.RuneCountInString(name))
		a.printf("  %s%s  %5.1f %%  %s\n", name, pad, 100*shares[i], strings.TrimRight(bar(shares[i], pageWidth-width-13), " ·░"))
	}
}
