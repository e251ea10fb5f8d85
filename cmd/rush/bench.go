package main

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/network"
)

func (a *app) benchCommand() *cobra.Command {
	var b bench
	var rows []string
	c := a.withJSON(&cobra.Command{
		Use:   "bench",
		Short: "Measure how fast rush is on a store",
		Long: `Measure rush on a store, in networks of its own that are deleted afterwards:
the loops, pushing, fetching, starting workers and losing them. Each row is
measured several times; what counts are ratios of rows in one run, for
machines differ.

Rows: ` + strings.Join(benchNames(), ", "),
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			url := a.store
			var err error
			if url, err = network.ResolveStore(url); err == nil {
				err = a.writable(url)
			}
			if err != nil {
				return err
			}
			st, err := a.openStore(cmd.Context(), url)
			if err != nil {
				return err
			}
			defer st.Close()
			b.url, b.store = url, st
			return a.benchmark(cmd.Context(), &b, rows)
		},
	})
	c.AddCommand(a.benchOptimizersCommand())
	c.Flags().IntVar(&b.repeats, "repeats", 3, "how often each row is measured")
	c.Flags().IntVar(&b.tasks, "tasks", 20_000, "tasks for the loops")
	c.Flags().IntVar(&b.rows, "rows", 100_000, "tasks for pushing and fetching")
	c.Flags().StringSliceVar(&rows, "row", nil, "only these rows; may be repeated")
	return c
}

// A bench is one call of the command.
type bench struct {
	url     string
	store   *network.Store
	repeats int
	tasks   int // for the loops
	rows    int // for pushing and fetching
}

// A benchRow measures one thing, once, and returns the figure.
type benchRow struct {
	name    string
	about   string
	unit    string
	measure func(ctx context.Context, b *bench) (float64, error)
}

// A measurement is a row's figures, ascending.
type measurement struct {
	Row     string    `json:"row"`
	About   string    `json:"about"`
	Unit    string    `json:"unit"`
	Figures []float64 `json:"figures"`
}

func (m *measurement) median() float64 { return m.Figures[len(m.Figures)/2] }

func benchNames() []string {
	var names []string
	for _, r := range benchRows() {
		names = append(names, r.name)
	}
	return names
}

func (a *app) benchmark(ctx context.Context, b *bench, only []string) error {
	for _, name := range only {
		if !slices.Contains(benchNames(), name) {
			return exitError{exitUsage, fmt.Errorf("there is no row %q; there are %s", name, strings.Join(benchNames(), ", "))}
		}
	}
	var all []measurement
	for _, row := range benchRows() {
		if len(only) > 0 && !slices.Contains(only, row.name) {
			continue
		}
		m := measurement{Row: row.name, About: row.about, Unit: row.unit}
		for range b.repeats {
			f, err := row.measure(ctx, b)
			if err != nil {
				return fmt.Errorf("%s: %w", row.name, err)
			}
			m.Figures = append(m.Figures, f)
		}
		slices.Sort(m.Figures)
		all = append(all, m)
		if !a.json {
			a.tell("%s: %s %s", m.Row, figure(m.median()), m.Unit)
		}
	}
	info, err := b.store.Describe(ctx)
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(map[string]any{"store": info, "cores": runtime.NumCPU(), "tasks": b.tasks, "rows": b.rows, "measurements": all})
	}
	return printBench(a.out, b, info, all)
}

func printBench(out io.Writer, b *bench, info [][2]string, all []measurement) error {
	var about []string
	for _, kv := range info[:min(3, len(info))] {
		about = append(about, kv[1])
	}
	fmt.Fprintf(out, "\n%s; %d cores, %s/%s, rush %s; loops of %d tasks, tables of %d\n\n", strings.Join(about, " "), runtime.NumCPU(),
		runtime.GOOS, runtime.GOARCH, version, b.tasks, b.rows)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ROW\tMEDIAN\tMIN\tMAX\tUNIT\tWHAT")
	for _, m := range all {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", m.Row, figure(m.median()), figure(m.Figures[0]), figure(m.Figures[len(m.Figures)-1]), m.Unit, m.About)
	}
	return w.Flush()
}

// figure writes a number with three significant digits.
func figure(f float64) string {
	if f >= 1000 {
		return fmt.Sprintf("%.0f", f)
	}
	return fmt.Sprintf("%.3g", f)
}

// fresh opens a new network; what it returns deletes it.
func (b *bench) fresh(ctx context.Context) (*network.Rush, func(), error) {
	id := rush.NetworkID("bench-" + uuid.NewString()[:8])
	net, err := network.Open(ctx, network.Config{Store: b.url, Network: id})
	if err != nil {
		return nil, nil, err
	}
	return net, func() {
		_ = net.Close()
		_ = b.store.Destroy(context.WithoutCancel(ctx), id)
	}, nil
}

// perSecond is the rate of n things in d.
func perSecond(n int, d time.Duration) float64 { return float64(n) / d.Seconds() }
