package main

import (
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/network"
)

// loadSteps is in how many steps the load over time is shown.
const loadSteps = 20

// A loadJSON is the load of a network's workers over time.
type loadJSON struct {
	Network rush.NetworkID `json:"network"`
	Mean    float64        `json:"mean"`
	Step    float64        `json:"step_seconds"`
	Steps   []loadLine     `json:"steps"`
}

type loadLine struct {
	Start   time.Time `json:"start"`
	Workers float64   `json:"workers"`
	Busy    float64   `json:"busy"`
	Load    float64   `json:"load"`
}

// showLoad prints the load over time and its mean.
func (a *app) showLoad(ctx context.Context, net *network.Rush) error {
	load, err := net.Load(ctx, loadSteps)
	if err != nil {
		return err
	}
	out := loadJSON{Network: net.ID(), Mean: load.Mean(), Step: load.Step.Seconds()}
	for i := range load.Busy {
		out.Steps = append(out.Steps, loadLine{
			Start: load.Start.Add(time.Duration(i) * load.Step), Workers: load.Workers[i], Busy: load.Busy[i], Load: load.Share(i),
		})
	}
	if a.json {
		return a.printJSON(out)
	}
	if load.Step <= 0 {
		a.printf("network %s has no workers that have worked\n", net.ID())
		return nil
	}
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "AFTER\tWORKERS\tBUSY\tLOAD\t")
	for i, s := range out.Steps {
		fmt.Fprintf(w, "%s\t%.1f\t%.1f\t%.0f%%\t%s\n", seconds(time.Duration(i)*load.Step), s.Workers, s.Busy, 100*s.Load, bar(s.Load, 20))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	a.printf("the mean load is %.0f%%\n", 100*out.Mean)
	return nil
}
