package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/network"
)

// A treatment is what doctor is to do beside looking.
type treatment struct {
	repair bool
	older  time.Duration // of objects that nothing holds
}

func (a *app) doctorCommand() *cobra.Command {
	var how treatment
	c := a.withJSON(&cobra.Command{
		Use:   "doctor [NETWORK...]",
		Short: "Test that a store's networks are sound, and mend them",
		Long: `Test the invariants that hold on every network at every moment: each task is
in one state and its index, nothing is dropped, the counters add up, and so
on. Without a name all networks of the store are tested. The exit code is 1,
with a list, if one is broken.

With --repair it mends first what a crash of the machine or a hand in the
database left behind, and says what it did: indexes, counters and the log of
endings are made to agree with the tasks' own records, what runs on a worker
that is not alive is queued again or fails, and objects that no tag holds are
deleted when they are old. It does nothing to a sound network, and may be
called while workers work.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			url, _, err := a.which(first(args))
			if err != nil {
				return err
			}
			if fileOf(first(args)) != "" {
				args = args[1:]
			}
			st, err := a.openStore(cmd.Context(), url)
			if err != nil {
				return err
			}
			defer st.Close()
			return a.examine(cmd, st, url, args, how)
		},
	})
	c.Flags().BoolVar(&how.repair, "repair", false, "mend what is broken, and say what was done")
	c.Flags().DurationVar(&how.older, "older", time.Hour, "with --repair: how old objects and files must be that nothing holds")
	return c
}

// A diagnosis is what doctor found in one network.
type diagnosis struct {
	Network    rush.NetworkID `json:"network"`
	Tasks      int64          `json:"tasks"`
	Repaired   []string       `json:"repaired,omitzero"` // what was done
	Violations []string       `json:"violations"`
}

func (a *app) examine(cmd *cobra.Command, st *network.Store, url string, args []string, how treatment) error {
	var mended []string
	if how.repair {
		var err error
		if mended, err = st.Repair(cmd.Context()); err != nil {
			return err
		}
	}
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
		d, err := a.diagnose(cmd, url, id, how)
		if err != nil {
			return err
		}
		found = append(found, d)
		broken += len(d.Violations)
	}
	if err := a.printDiagnoses(cmd, st, mended, found); err != nil {
		return err
	}
	if broken > 0 {
		return exitError{exitFailed, fmt.Errorf("%d invariants do not hold", broken)}
	}
	return nil
}

func (a *app) diagnose(cmd *cobra.Command, url string, id rush.NetworkID, how treatment) (d diagnosis, err error) {
	net, err := network.Open(cmd.Context(), network.Config{Store: url, Network: id, IgnoreSchema: a.ignoreSchema})
	if err != nil {
		return diagnosis{}, err
	}
	defer net.Close()
	d.Network = id
	if how.repair {
		said, err := net.Repair(cmd.Context(), how.older)
		if err != nil {
			return d, err
		}
		d.Repaired = append([]string{}, said...)
	}
	counts, err := net.Counts(cmd.Context())
	if err != nil {
		return d, err
	}
	violations, err := net.Audit(cmd.Context())
	if err != nil {
		return d, err
	}
	unreadable, err := net.Objects().Check(cmd.Context())
	d.Tasks, d.Violations = counts.Total(), append(append([]string{}, violations...), unreadable...)
	return d, err
}

func (a *app) printDiagnoses(cmd *cobra.Command, st *network.Store, mended []string, found []diagnosis) error {
	info, err := st.Describe(cmd.Context())
	if err != nil {
		return err
	}
	if a.json {
		about := map[string]string{}
		for _, kv := range info {
			about[kv[0]] = kv[1]
		}
		return a.printJSON(map[string]any{"store": about, "repaired": append([]string{}, mended...), "networks": append([]diagnosis{}, found...)})
	}
	for _, kv := range info {
		a.printf("%-14s %s\n", kv[0], kv[1])
	}
	a.printf("\n")
	for _, sentence := range mended {
		a.printf("repaired: %s\n", sentence)
	}
	if len(found) == 0 {
		a.printf("no networks\n")
	}
	for _, d := range found {
		if len(d.Repaired) > 0 {
			a.printf("%s: repaired\n", d.Network)
		}
		for _, sentence := range d.Repaired {
			a.printf("  %s\n", sentence)
		}
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
