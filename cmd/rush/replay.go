package main

import (
	"cmp"
	"fmt"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops/optimizer"
	"github.com/rushnet/rush/search"
)

func (a *app) replayCommand() *cobra.Command {
	return a.withJSON(&cobra.Command{
		Use:   "replay [NETWORK]",
		Short: "Propose a recorded search's points again, and compare",
		Long: `Propose every point of a search again that was recorded (record: true in its
file), from what the network has alone, and compare exactly. Nothing is
evaluated, and nothing stored. What cannot be proposed again, because a task that
it depended on was deleted since, say, is told, and so is another version of rush
or another kind of machine that took part: points may come out otherwise there.

The exit code is 1 when a point came out otherwise.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			net, err := a.openNetwork(cmd.Context(), first(args))
			if err != nil {
				return err
			}
			defer net.Close()
			def, err := readDefinition(cmd.Context(), net)
			if err == nil && def == nil {
				err = search.ErrNoSearch
			}
			var r *optimizer.Replayed
			if err == nil {
				r, err = def.Replay(cmd.Context(), net.Archive)
			}
			var workers []rush.Worker
			if err == nil {
				workers, err = net.Workers(cmd.Context())
			}
			if err != nil {
				return fmt.Errorf("network %s: %w", net.ID(), err)
			}
			if err := a.printReplay(net.ID(), r, otherRush(def.Version, workers)); err != nil {
				return err
			}
			if len(r.Different) > 0 {
				return exitError{code: exitFailed}
			}
			return nil
		},
	})
}

// A replayJSON is what came of a replay.
type replayJSON struct {
	Network   rush.NetworkID   `json:"network"`
	Recorded  int              `json:"recorded"`
	Same      int              `json:"same"`
	Different []differenceJSON `json:"different"`
	Left      []leftJSON       `json:"left"`
	Others    []string         `json:"other_rush"` // that took part, as in "1.2 on linux/arm64"
}

type differenceJSON struct {
	Task     rush.TaskKey `json:"task"`
	XS       rush.Values  `json:"xs"`
	XSExtra  rush.Values  `json:"xs_extra,omitempty"`
	NowXS    rush.Values  `json:"now_xs"`
	NowExtra rush.Values  `json:"now_xs_extra,omitempty"`
	Error    string       `json:"error,omitempty"`
}

type leftJSON struct {
	Task   rush.TaskKey `json:"task"`
	Reason string       `json:"reason"`
}

// otherRush lists the versions and platforms that took part in a search, but for that
// of this program: where they differ, points may too. Another version may have
// another optimizer, another kind of machine other floating-point instructions.
func otherRush(definedBy string, workers []rush.Worker) []string {
	here := runtime.GOOS + "/" + runtime.GOARCH
	others := []string{}
	if definedBy != "" && definedBy != version && len(workers) == 0 {
		others = append(others, definedBy)
	}
	for _, w := range workers {
		if w.Client() || w.Version == version && w.Platform == here {
			continue
		}
		if name := cmp.Or(w.Version, "of an unknown version") + " on " + w.Platform; !slices.Contains(others, name) {
			others = append(others, name)
		}
	}
	return others
}

func (a *app) printReplay(id rush.NetworkID, r *optimizer.Replayed, others []string) error {
	if a.json {
		j := replayJSON{Network: id, Recorded: r.Recorded, Same: r.Same, Different: []differenceJSON{}, Left: []leftJSON{}, Others: others}
		for _, d := range r.Different {
			line := differenceJSON{Task: d.Key, XS: d.XS, XSExtra: d.Extra, NowXS: d.NowXS, NowExtra: d.NowExtra}
			if d.Err != nil {
				line.Error = d.Err.Error()
			}
			j.Different = append(j.Different, line)
		}
		for _, l := range r.Left {
			j.Left = append(j.Left, leftJSON{l.Key, l.Reason})
		}
		return a.printJSON(j)
	}
	for _, d := range r.Different {
		a.printf("task %d came out otherwise\n", d.Key)
		a.values("recorded", d.XS)
		a.values("", d.Extra)
		if d.Err != nil {
			a.field("now", "nothing: "+d.Err.Error())
			continue
		}
		a.values("now", d.NowXS)
		a.values("", d.NowExtra)
	}
	for _, l := range r.Left {
		a.printf("task %d cannot be proposed again: %s\n", l.Key, l.Reason)
	}
	a.printf("%d of %d recorded points of network %s came out the same, %d otherwise, %d cannot be proposed again\n",
		r.Same, r.Recorded, id, len(r.Different), len(r.Left))
	if len(others) > 0 {
		a.printf("%s\n", wrapped(fmt.Sprintf("Note: rush %s took part in the search, and this is rush %s on %s/%s: they may propose otherwise.",
			strings.Join(others, ", "), version, runtime.GOOS, runtime.GOARCH), 0))
	}
	return nil
}
