package main

import (
	"time"

	"github.com/spf13/cobra"

	"github.com/rushnet/rush"
)

func (a *app) pauseCommand() *cobra.Command {
	return a.pausing(rush.CommandPause, &cobra.Command{
		Use:   "pause [WORKER...]",
		Short: "Have workers take no more tasks, all or some",
		Long: `Have a network's workers take no more tasks, all or some, until "rush resume".
Each finishes the task that it runs first; this waits for that.`,
	})
}

func (a *app) resumeCommand() *cobra.Command {
	return a.pausing(rush.CommandResume, &cobra.Command{
		Use:   "resume [WORKER...]",
		Short: "Have workers that were paused take tasks again, all or some",
	})
}

// pausing completes a command that sends a message without an argument.
func (a *app) pausing(command rush.Command, c *cobra.Command) *cobra.Command {
	var m messageCall
	c.RunE = func(cmd *cobra.Command, args []string) error {
		m.workers = args
		return a.tellWorkers(cmd, m, command, nil)
	}
	m.flags(a.withJSON(c), 10*time.Minute)
	return c
}
