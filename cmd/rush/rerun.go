package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"reflect"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/search"
)

func (a *app) rerunCommand() *cobra.Command {
	var t namedTasks
	var attempt int
	c := a.withJSON(t.withTasks(&cobra.Command{
		Use:   "rerun [NETWORK] TASK",
		Short: "Evaluate one task again, outside of its network",
		Long: `Evaluate one task again, in this process and outside of its network: with its
inputs, its random numbers, its limits and its objective. What goes in, what is
printed meanwhile and what comes out is shown, and whether that is what the
network has. Nothing is stored.

The exit code is 1 when the evaluation failed.`,
		Example: `  rush rerun 17
  rush rerun branin 17 --attempt 1 --json`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := t.only(args, "rush rerun 17"); err != nil {
				return err
			}
			return a.rerun(cmd, t.network, t.keys[0], attempt)
		},
	}))
	c.Flags().IntVar(&attempt, "attempt", 0, "which attempt to repeat and compare with (default: the last)")
	return c
}

func (a *app) rerun(cmd *cobra.Command, name string, key rush.TaskKey, attempt int) error {
	net, err := a.openNetwork(cmd.Context(), name)
	if err != nil {
		return err
	}
	defer net.Close()
	def, err := readDefinition(cmd.Context(), net)
	if err != nil {
		return err
	}
	if def == nil {
		return fmt.Errorf("network %s: %w: its functions are in a program of its own, which can evaluate the task again with network.Rush.Rerun", net.ID(), search.ErrNoSearch)
	}
	tasks, err := net.Tasks(cmd.Context(), key)
	if err != nil {
		return err
	}
	stored, err := attemptOf(tasks[0], attempt)
	if err != nil {
		return exitError{exitUsage, err}
	}
	env, err := net.Environment(cmd.Context())
	if err != nil {
		return err
	}
	live := &liveOutput{app: a}
	for name, text := range env.Variables {
		if err := os.Setenv(name, text); err != nil { // the objective inherits it, as from a worker
			return err
		}
	}
	if !a.json {
		a.printInputs(net.ID(), tasks[0], stored, def, env.Constants)
	}
	trial, err := def.Rerun(cmd.Context(), search.Build{Objectives: search.Builtins(), Workers: 1}, search.Rerun{
		Network: net.ID(), Seed: net.Seed(), Task: tasks[0], Attempt: stored.Number, Environment: env.Constants, Log: a.log(), Output: live.line,
	})
	if err != nil {
		return err
	}
	if err := a.printRerun(tasks[0], stored, trial); err != nil {
		return err
	}
	if trial.Condition != nil {
		return exitError{code: exitFailed}
	}
	return nil
}

// attemptOf returns what the network has of an attempt; 0 is the last one.
func attemptOf(t *rush.Task, n int) (rush.Attempt, error) {
	last := rush.Attempt{Number: t.Attempt, Worker: t.Worker, YS: t.YS, Condition: t.Condition, Started: t.Started, Finished: t.Finished}
	if n == 0 || n == t.Attempt {
		return last, nil
	}
	for _, a := range t.Attempts {
		if a.Number == n {
			return a, nil
		}
	}
	return last, fmt.Errorf("task %d has no attempt %d; its attempts are 1 to %d", t.Key, n, t.Attempt)
}

// A liveOutput prints what an objective prints, as it comes.
type liveOutput struct {
	app *app
	mu  sync.Mutex // held while printing
}

func (l *liveOutput) line(stream, line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.app.json {
		fmt.Fprintln(l.app.err, line)
		return
	}
	l.app.printf("%s | %s\n", stream, line)
}

// printInputs prints what goes in.
func (a *app) printInputs(id rush.NetworkID, t *rush.Task, stored rush.Attempt, def *search.Definition, set rush.Values) {
	a.printf("task %d of network %s, attempt %d\n\n", t.Key, id, max(stored.Number, 1))
	objective := describeObjective(def)
	if t.Function != "" {
		objective = "function " + t.Function
	}
	a.field("objective", objective)
	a.values("xs", t.XS)
	constants := rush.Values{}
	maps.Copy(constants, def.Constants)
	maps.Copy(constants, set)
	a.values("constants", constants)
	a.printf("\n")
}

// A rerunJSON is what was done again, and what the network has.
type rerunJSON struct {
	trialJSON
	Task   rush.TaskKey `json:"task"`
	Stored storedJSON   `json:"stored"`
	Same   *bool        `json:"same"` // null while the network has no result
}

type storedJSON struct {
	State     rush.State      `json:"state"`
	Attempt   int             `json:"attempt"`
	Worker    rush.WorkerID   `json:"worker,omitempty"`
	YS        rush.Values     `json:"ys,omitempty"`
	Condition *rush.Condition `json:"condition,omitempty"`
}

func (a *app) printRerun(task *rush.Task, stored rush.Attempt, t *search.Trial) error {
	same, err := sameResult(stored, t)
	if a.json {
		j := rerunJSON{
			trialJSON: trialLine(t), Task: task.Key,
			Stored: storedJSON{task.State, stored.Number, stored.Worker, stored.YS, stored.Condition},
		}
		if err == nil {
			j.Same = &same
		}
		return a.printJSON(j)
	}
	if p := t.Process; p != nil {
		a.printf("\n")
		a.field("program", p.Call.Program)
		a.field("arguments", strings.Join(p.Call.Args, " "))
		a.field("directory", p.Call.Dir)
		a.field("environment", strings.Join(p.Call.Env, "\n"))
		a.field("stdin", string(p.Call.Stdin))
	}
	a.printOutcome(t)
	switch {
	case err != nil:
		a.printf("\nthe network has no result of that attempt to compare with: %v\n", err)
	case same:
		a.printf("\nthe same as the network has\n")
	default:
		a.printf("\nnot what the network has:\n\n")
		a.values("ys", stored.YS)
		if stored.Condition != nil {
			a.field("failed", stored.Condition.Error())
		}
	}
	return nil
}

// sameResult compares what came out with what the network has.
func sameResult(stored rush.Attempt, t *search.Trial) (bool, error) {
	if stored.Condition == nil && stored.YS == nil {
		return false, errors.New("it has not ended")
	}
	if stored.Condition != nil || t.Condition != nil {
		return stored.Condition != nil && t.Condition != nil &&
			stored.Condition.Class == t.Condition.Class && stored.Condition.Message == t.Condition.Message, nil
	}
	return reflect.DeepEqual(stored.YS, t.YS), nil
}
