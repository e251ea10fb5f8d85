package main

import (
	"fmt"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/wire"
	"github.com/rushnet/rush/rushworker"
)

func (a *app) progressCommand() *cobra.Command {
	var t namedTasks
	var follow bool
	c := a.withJSON(t.withTasks(&cobra.Command{
		Use:   "progress [NETWORK] TASK [VALUE]",
		Short: "Show how far a task is, or say so",
		Long: `Show how far a task is, in the words of its objective, or set that: VALUE is
JSON, or else a text, and null clears it. With --follow every change is shown
until the task has ended.

An objective that is a command writes to the file that $RUSH_PROGRESS names; a
function of a Go program calls Evaluation.Progress.`,
		Example: `  rush progress 17
  rush progress branin 17 --follow
  rush progress branin 17 '{"epoch": 3}'`,
		Args: cobra.RangeArgs(1, 3),
		RunE: func(cmd *cobra.Command, args []string) error {
			rest, err := t.parseOne(args)
			if err != nil {
				return err
			}
			net, err := a.openNetwork(cmd.Context(), t.network)
			if err != nil {
				return err
			}
			defer net.Close()
			key := t.keys[0]
			if len(rest) > 0 {
				return net.SetProgress(cmd.Context(), key, jsonOrText(rest[0]))
			}
			if !follow || a.file != nil {
				p, err := net.Progress(cmd.Context(), key)
				if err != nil {
					return err
				}
				return a.printProgress(key, p)
			}
			ctx, stop := signal.NotifyContext(cmd.Context(), syscall.SIGINT, syscall.SIGTERM)
			defer stop()
			var failed error
			err = net.FollowProgress(ctx, key, func(p rushworker.ProgressReport) bool {
				failed = a.printProgress(key, p)
				return failed == nil
			})
			if ctx.Err() != nil {
				return exitError{code: exitInterrupted}
			}
			if failed != nil {
				return failed
			}
			return err
		},
	}))
	c.Flags().BoolVarP(&follow, "follow", "f", false, "show every change until the task has ended")
	return c
}

// jsonOrText reads a JSON value; what is none is a text.
func jsonOrText(s string) any {
	if v, err := wire.ParseJSON([]byte(s)); err == nil {
		return v
	}
	return s
}

// printProgress prints a line.
func (a *app) printProgress(key rush.TaskKey, p rushworker.ProgressReport) error {
	value, err := wire.AppendJSON(nil, p.Value)
	if err != nil {
		return err
	}
	if a.json {
		_, err := fmt.Fprintf(a.out, `{"task":%d,"state":%q,"attempt":%d,"progress":%s}`+"\n", key, p.State, p.Attempt, value)
		return err
	}
	text := string(value)
	switch v := p.Value.(type) {
	case nil:
		text = "nothing told"
	case string:
		text = v
	}
	a.printf("task %d: %s: %s\n", key, p.State, text)
	return nil
}
