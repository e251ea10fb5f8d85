package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/search"
)

func (a *app) checkCommand() *cobra.Command {
	var sets []string
	c := a.withJSON(&cobra.Command{
		Use:   "check FILE",
		Short: "Check a search file and evaluate one point",
		Long: `Check a search file, evaluate the first point that the search would, here and
outside of any network, and print everything that goes in and comes out. The
exit code is 1 when the evaluation failed.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			file, err := search.Load(args[0], sets...)
			if err != nil {
				return exitError{exitUsage, err}
			}
			if err := file.CheckPlugins(cmd.Context()); err != nil {
				return err
			}
			if file.Definition.Objective == (search.Objective{}) {
				return a.printUntried(file)
			}
			trial, err := file.Definition.Try(cmd.Context(), search.Build{Workers: file.Workers}, a.log())
			if err != nil {
				return err
			}
			if err := a.printTrial(file, trial); err != nil {
				return err
			}
			if trial.Condition != nil {
				return exitError{code: exitFailed}
			}
			return nil
		},
	})
	c.Flags().StringArrayVar(&sets, "set", nil, "change a field of the file, as in terminate.evals=500; may be repeated")
	return c
}

// printUntried says that there is no point to try.
func (a *app) printUntried(file *search.File) error {
	if a.json {
		return a.printJSON(struct{}{})
	}
	a.printf("%s is well formed; its loop scores the points itself: %s\n", file.Name, file.Definition.LoopCommandLine())
	return nil
}

// A trialJSON is a trial as --json prints it.
type trialJSON struct {
	Seed       []int32         `json:"seed"`
	Stream     []int32         `json:"stream"`
	XS         rush.Values     `json:"xs"`
	Constants  rush.Values     `json:"constants,omitempty"`
	Program    string          `json:"program,omitempty"`
	Args       []string        `json:"args,omitempty"`
	Dir        string          `json:"dir,omitempty"`
	Env        []string        `json:"env,omitempty"`
	Stdin      string          `json:"stdin,omitempty"`
	Stdout     string          `json:"stdout,omitempty"`
	Stderr     string          `json:"stderr,omitempty"`
	YS         rush.Values     `json:"ys,omitempty"`
	Extra      rush.Values     `json:"extra,omitempty"`
	Condition  *rush.Condition `json:"condition,omitempty"`
	Evaluating float64         `json:"evaluating_seconds"`
}

func (a *app) printTrial(file *search.File, t *search.Trial) error {
	if a.json {
		return a.printJSON(trialLine(t))
	}
	a.printf("%s is well formed\n\n", file.Name)
	d := file.Definition
	a.field("objective", describeObjective(d))
	a.field("loop", describeLoop(d))
	if d.Space.Len() > 0 {
		a.field("space", d.Space.String())
	}
	if n := len(d.Initial); n > 0 {
		a.field("first", fmt.Sprintf("the initial points, %d", n))
	}
	if d.EarlyStopping != (search.EarlyStopping{}) {
		a.field("stops early", d.EarlyStopping.String())
	}
	a.field("seed", t.Seed.String())
	a.printf("\nthe first point\n\n")
	a.values("xs", t.XS)
	a.values("constants", t.Constants)
	a.field("stream", t.Stream.String())
	if p := t.Process; p != nil {
		a.field("program", p.Call.Program)
		a.field("arguments", strings.Join(p.Call.Args, " "))
		a.field("directory", p.Call.Dir)
		a.field("environment", strings.Join(p.Call.Env, "\n"))
		a.field("stdin", string(p.Call.Stdin))
		a.field("stdout", p.Stdout)
		a.field("stderr", p.Stderr)
	}
	a.printOutcome(t)
	return nil
}

// trialLine is a trial as --json prints it.
func trialLine(t *search.Trial) trialJSON {
	j := trialJSON{
		Seed: t.Seed[:], Stream: t.Stream[:], XS: t.XS, Constants: t.Constants, YS: t.YS, Extra: t.YSExtra,
		Condition: t.Condition, Evaluating: t.Evaluating.Seconds(),
	}
	if p := t.Process; p != nil {
		j.Program, j.Args, j.Dir, j.Env = p.Call.Program, p.Call.Args, p.Call.Dir, p.Call.Env
		j.Stdin, j.Stdout, j.Stderr = string(p.Call.Stdin), p.Stdout, p.Stderr
	}
	return j
}

// printOutcome prints what came of a trial.
func (a *app) printOutcome(t *search.Trial) {
	a.printf("\nwhat came of it, after %s\n\n", seconds(t.Evaluating))
	a.values("ys", t.YS)
	a.values("extras", t.YSExtra)
	if c := t.Condition; c != nil {
		a.field("failed", c.Error())
		if c.ExitCode != nil {
			a.field("exit code", fmt.Sprint(*c.ExitCode))
		}
		a.field("signal", c.Signal)
		a.field("trace", c.Trace)
	}
}

// field prints a name and a text, whose further lines are indented. An empty
// text is not printed.
func (a *app) field(name, text string) {
	if text = strings.TrimRight(text, "\n"); text != "" {
		a.printf("  %-12s %s\n", name, strings.ReplaceAll(text, "\n", "\n               "))
	}
}

// values prints values by name.
func (a *app) values(name string, v rush.Values) {
	if len(v) == 0 {
		return
	}
	a.field(name, valuesText(v))
}

func describeObjective(d *search.Definition) string {
	switch o := d.Objective; {
	case o.Builtin != "":
		return "built in: " + o.Builtin
	case o.Function != "":
		return "function " + o.Function + " of the program"
	case o.Plugin != nil:
		return strings.TrimSpace(o.Plugin.Name + " of " + o.Plugin.String())
	}
	return d.CommandLine()
}

func describeLoop(d *search.Definition) string {
	switch l := d.Loop; {
	case l.Command != nil:
		return l.Command.String()
	case l.Plugin != nil:
		return l.Plugin.Name + " of " + l.Plugin.String()
	case l.Name == search.Chain:
		return strings.Join(l.Steps(), ", then\n")
	case l.Auto != "":
		return l.Name + ", picked because " + l.Auto
	}
	return d.Loop.Name
}
