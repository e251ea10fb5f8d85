package main

import (
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/rushnet/rush"
)

func (a *app) workersCommand() *cobra.Command {
	var load bool
	c := a.withJSON(&cobra.Command{
		Use:   "workers [NETWORK]",
		Short: "List the workers of a network, or show their load over time, or delete those that have ended",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			net, err := a.openNetwork(cmd.Context(), first(args))
			if err != nil {
				return err
			}
			defer net.Close()
			if load {
				return a.showLoad(cmd.Context(), net)
			}
			list, err := net.Workers(cmd.Context())
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(workersJSON(list))
			}
			if len(list) == 0 {
				a.printf("network %s has no workers\n", net.ID())
				return nil
			}
			return a.printWorkers(list)
		},
	})
	c.Flags().BoolVar(&load, "load", false, "show how many workers were busy over time; reads the times of all tasks")
	c.AddCommand(a.deleteWorkersCommand())
	return c
}

func first(args []string) string {
	if len(args) == 0 {
		return ""
	}
	return args[0]
}

// A workerLine is a worker in the JSON list.
type workerLine struct {
	Worker      rush.WorkerID    `json:"worker"`
	State       rush.WorkerState `json:"state"`
	Reason      string           `json:"reason,omitempty"`
	Local       bool             `json:"local"`
	PID         int              `json:"pid"`
	Host        string           `json:"host"`
	Platform    string           `json:"platform"`
	User        string           `json:"user"`
	Dir         string           `json:"dir"`
	Version     string           `json:"version"`
	Loop        string           `json:"loop"`
	Queues      []string         `json:"queues"`
	Heartbeat   float64          `json:"heartbeat_seconds"`
	Expiry      float64          `json:"expiry_seconds"`
	Registered  *time.Time       `json:"registered"`
	Beat        *time.Time       `json:"beat"`
	Ended       *time.Time       `json:"ended"`
	Rejoined    int64            `json:"rejoined"`
	Running     []rush.TaskKey   `json:"running"`
	Tasks       int64            `json:"tasks"`
	Busy        float64          `json:"busy_seconds"`
	Utilization float64          `json:"utilization"`
}

func workersJSON(list []rush.Worker) []workerLine {
	lines := make([]workerLine, len(list))
	for i, w := range list {
		lines[i] = workerLine{
			w.ID, w.State, w.Reason, w.Local, w.PID, w.Host, w.Platform, w.User, w.Dir, w.Version, w.Loop, append([]string{}, w.Queues...),
			w.Heartbeat.Seconds(), w.Expiry.Seconds(), when(w.Registered), when(w.Beat), when(w.Ended), w.Rejoined,
			append([]rush.TaskKey{}, w.Running...), w.Tasks, w.Busy.Seconds(), utilization(w),
		}
	}
	return lines
}

func when(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// utilization is the share of its life in which a worker evaluated tasks.
func utilization(w rush.Worker) float64 {
	end := w.Ended
	if end.IsZero() {
		end = w.Beat
	}
	if life := end.Sub(w.Registered); life > 0 {
		return min(float64(w.Busy)/float64(life), 1)
	}
	return 0
}

func (a *app) printWorkers(list []rush.Worker) error {
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "WORKER\tSTATE\tTASKS\tBUSY\tNOW\tHOST\tPID\tBEAT\tWHY")
	for _, k := range list {
		now := "-"
		if len(k.Running) > 0 {
			now = fmt.Sprintf("task %d", k.Running[0])
		}
		beat := "-"
		if k.State.Alive() {
			beat = seconds(max(time.Since(k.Beat), 0)) + " ago"
		}
		host, pid := k.Host, fmt.Sprint(k.PID)
		if k.Client() {
			host, pid = "-", "-"
		}
		fmt.Fprintf(w, "%s\t%s\t%d\t%.0f%%\t%s\t%s\t%s\t%s\t%s\n", k.ID, k.State, k.Tasks, 100*utilization(k), now, host, pid,
			beat, oneLine(k.Reason, 50))
	}
	return w.Flush()
}
