package main

import (
	"maps"
	"slices"

	"github.com/spf13/cobra"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/logstore"
	"github.com/rushnet/rush/network"
)

// An outputFlags says what becomes of what workers tell and print.
type outputFlags struct {
	thresholds string
	keepOutput bool
	dir        string
}

func (f *outputFlags) register(c *cobra.Command) {
	c.Flags().StringVar(&f.thresholds, "log", "",
		"keep what workers tell in the network's log, from this level on; also by logger, as in warn,rush/objective=debug (see rush log)")
	c.Flags().BoolVar(&f.keepOutput, "keep-output", true, "keep what workers and objectives print in the network's log")
	c.Flags().StringVar(&f.dir, "log-dir", "", "write what workers and objectives print to files of this directory, too")
}

// set says so to the workers; what the search file says counts unless a flag does.
func (f *outputFlags) set(w *network.Workers, file logstore.Thresholds) error {
	w.KeepOutput, w.LogDir = f.keepOutput, f.dir
	if f.thresholds == "" {
		w.LogThresholds = file
		return nil
	}
	t, err := logstore.ParseThresholds(f.thresholds)
	if err != nil {
		return exitError{exitUsage, err}
	}
	w.LogThresholds = t
	return nil
}

func sortedNames(v rush.Values) []string { return slices.Sorted(maps.Keys(v)) }
