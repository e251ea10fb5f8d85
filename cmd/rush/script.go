package main

import (
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/network"
)

func (a *app) scriptCommand() *cobra.Command {
	var config, worker string
	var n int
	c := &cobra.Command{
		Use:   "script NETWORK",
		Short: "Print a shell script that starts workers of a network anywhere",
		Long: `Print a shell script that starts workers of a network wherever it is run: by
ssh, a batch system or a container. It has the store's password in it. The
network need not be there yet: the workers wait for its search.`,
		Example: `  rush script branin-1f3c --store redis://host/0 | ssh host sh`,
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			url, id, err := a.which(args[0])
			if err != nil {
				return err
			}
			if err := id.Validate(); err != nil {
				return exitError{exitUsage, err}
			}
			if !network.IsRemote(url) {
				a.tell("the store %s is a file of this machine: the script works here only", url)
			}
			a.printf("%s", workerScript(url, id, config, worker, n))
			return nil
		},
	}
	c.Flags().StringVar(&config, "config", "", "the configuration of the workers; see: rush config")
	c.Flags().StringVar(&worker, "worker-id", "", "the worker's id, or with -n the beginning of their ids")
	c.Flags().IntVarP(&n, "n", "n", 0, "how many workers (default: the number of cores there)")
	return c
}

// workerScript is a script that starts workers. The store is in its
// environment, where a list of processes does not show it.
func workerScript(url string, id rush.NetworkID, config, worker string, n int) string {
	line := []string{`exec "${RUSH:-rush}" worker --store env:RUSH_STORE --wait --network`, quote(string(id))}
	if config != "" {
		line = append(line, "--config", quote(config))
	}
	if worker != "" {
		line = append(line, "--worker-id", quote(worker))
		n = max(n, 1)
	}
	if n > 0 {
		line = append(line, "-n", strconv.Itoa(n))
	}
	return "#!/bin/sh\n# Starts workers of the network " + string(id) + ". RUSH is the rush program, if it is not in the PATH.\n" +
		"RUSH_STORE=" + quote(url) + "\nexport RUSH_STORE\n" + strings.Join(line, " ") + ` "$@"` + "\n"
}

// quote makes one word of a shell out of a text.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
