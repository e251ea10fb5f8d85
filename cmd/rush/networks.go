package main

import (
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/network"
)

func (a *app) networksCommand() *cobra.Command {
	return a.withJSON(&cobra.Command{
		Use:   "networks",
		Short: "List the networks of a store",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			url, _, err := a.which("")
			if err != nil {
				return err
			}
			st, err := a.openStore(cmd.Context(), url)
			if err != nil {
				return err
			}
			defer st.Close()
			all, err := st.Networks(cmd.Context())
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(networksJSON(all))
			}
			if len(all) == 0 {
				a.printf("%s has no network yet. Start one: rush run FILE, or rush demo\n", st.Address())
				return nil
			}
			return a.printNetworks(st.Address(), all)
		},
	})
}

// A networkLine is a network in the JSON list.
type networkLine struct {
	Network rush.NetworkID `json:"network"`
	Status  rush.RunStatus `json:"status"`
	Reason  string         `json:"reason,omitempty"`
	Elapsed float64        `json:"elapsed_seconds"`
	Workers int            `json:"workers"`
	Expires *time.Time     `json:"expires,omitempty"`
	countsLine
}

// A countsLine is rush.Counts in JSON.
type countsLine struct {
	Deferred int64 `json:"deferred"`
	Queued   int64 `json:"queued"`
	Running  int64 `json:"running"`
	Finished int64 `json:"finished"`
	Failed   int64 `json:"failed"`
}

func countsJSON(c rush.Counts) countsLine {
	return countsLine{c.Deferred, c.Queued, c.Running, c.Finished, c.Failed}
}

func networksJSON(all []network.Info) []networkLine {
	lines := make([]networkLine, len(all))
	for i, n := range all {
		lines[i] = networkLine{n.ID, n.Run.Status, n.Run.Reason, n.Run.Elapsed.Seconds(), n.Workers, when(n.Expires), countsJSON(n.Counts)}
	}
	return lines
}

func (a *app) printNetworks(address string, all []network.Info) error {
	a.printf("%s\n\n", address)
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "NETWORK\tRUN\tTIME\tWORKERS\tQUEUED\tRUNNING\tFINISHED\tFAILED\tWHY")
	for _, n := range all {
		c := n.Counts
		why := oneLine(n.Run.Reason, 60)
		if !n.Expires.IsZero() {
			why = strings.TrimSpace(why + " (deleted in " + seconds(max(time.Until(n.Expires), 0)) + ")")
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%d\t%d\t%d\t%d\t%s\n", n.ID, status(n.Run.Status), seconds(n.Run.Elapsed), n.Workers,
			c.Queued+c.Deferred, c.Running, c.Finished, c.Failed, why)
	}
	return w.Flush()
}

func status(s rush.RunStatus) string {
	if s == rush.RunNew {
		return "-"
	}
	return string(s)
}

// seconds writes a duration for people: 0.8s, 12s, 3m20s, 2h5m.
func seconds(d time.Duration) string {
	switch {
	case d < 10*time.Second:
		return fmt.Sprintf("%.1fs", d.Seconds())
	case d < time.Hour:
		return d.Round(time.Second).String()
	}
	return strings.TrimSuffix(d.Round(time.Minute).String(), "0s")
}

// oneLine makes a text fit into a cell: its first line, not longer than n.
func oneLine(s string, n int) string {
	s, rest, more := strings.Cut(strings.TrimSpace(s), "\n")
	r := []rune(s)
	if len(r) > n {
		return string(r[:n-1]) + "…"
	}
	if more && rest != "" {
		return s + " …"
	}
	return s
}
