package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/network"
)

func (a *app) doctorCommand() *cobra.Command {
	return a.withJSON(&cobra.Command{
		Use:   "doctor [NETWORK...]",
		Short: "Test that a store's networks are sound",
		Long: `Test the invariants that hold on every network at every moment: each task is
in one state and its index, nothing is dropped, the counters add up, and so
on. Without a name all networks of the store are tested. The exit code is 1,
with a list, if one is broken.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			url, _, err := a.which(first(args))
			if err != nil {
				return err
			}
			st, err := a.openStore(cmd.Context(), url)
			if err != nil {
				return err
			}
			defer st.Close()
			return a.examine(cmd, st, url, args)
		},
	})
}

// A diagnosis is what doctor found in one network.
type diagnosis struct {
	Network    rush.NetworkID `json:"network"`
	Tasks      int64          `json:"tasks"`
	Violations []string       `json:"violations"`
}

func (a *app) examine(cmd *cobra.Command, st *network.Store, url string, args []string) error {
	all, err := st.Networks(cmd.Context())
	if err != nil {
		return err
	}
	ids := make([]rush.NetworkID, 0, len(all))
	for _, n := range all {
		ids = append(ids, n.ID)
	}
	if len(args) > 0 {
		ids = ids[:0]
		for _, arg := range args {
			ids = append(ids, rush.NetworkID(arg))
		}
	}
	var found []diagnosis
	broken := 0
	for _, id := range ids {
		ok, err := st.Exists(cmd.Context(), id)
		if err != nil {
			return err
		}
		if !ok {
			return a.noNetwork(cmd.Context(), st, id)
		}
		d, err := a.diagnose(cmd, url, id)
		if err != nil {
			return err
		}
		found = append(found, d)
		broken += len(d.Violations)
	}
	if err := a.printDiagnoses(cmd, st, found); err != nil {
		return err
	}
	if broken > 0 {
		return exitError{exitFailed, fmt.Errorf("%d invariants do not hold", broken)}
	}
	return nil
}

func (a *app) diagnose(cmd *cobra.Command, url string, id rush.NetworkID) (diagnosis, error) {
	net, err := network.Open(cmd.Context(), network.Config{Store: url, Network: id, IgnoreSchema: a.ignoreSchema})
	if err != nil {
		return diagnosis{}, err
	}
	defer net.Close()
	counts, err := net.Counts(cmd.Context())
	if err != nil {
		return diagnosis{}, err
	}
	violations, err := net.Audit(cmd.Context())
	return diagnosis{id, counts.Total(), append([]string{}, violations...)}, err
}

func (a *app) printDiagnoses(cmd *cobra.Command, st *network.Store, found []diagnosis) error {
	info, err := st.Describe(cmd.Context())
	if err != nil {
		return err
	}
	if a.json {
		about := map[string]string{}
		for _, kv := range info {
			about[kv[0]] = kv[1]
		}
		return a.printJSON(map[string]any{"store": about, "networks": append([]diagnosis{}, found...)})
	}
	for _, kv := range info {
		a.printf("%-14s %s\n", kv[0], kv[1])
	}
	a.printf("\n")
	if len(found) == 0 {
		a.printf("no networks\n")
	}
	for _, d := range found {
		if len(d.Violations) == 0 {
			a.printf("%s: sound (%d tasks)\n", d.Network, d.Tasks)
			continue
		}
		a.printf("%s: %d invariants do not hold (%d tasks)\n", d.Network, len(d.Violations), d.Tasks)
		for _, v := range d.Violations {
			a.printf("  %s\n", v)
		}
	}
	return nil
}
