// Fill puts into a network what the page's checks and measurements look at, faster than
// searching would:
//
//	fill rows    -store S -network N -rows 1000000 [-every 50ms -batch 1000]
//	fill workers -store S -network N -workers 1000 -bars 100000
//	fill logs    -store S -network N -lines 200000 [-rate 5000 -for 5s]
//	fill wide    -store S -network N -columns 300 -rows 1000
//	fill hostile -store S -network N
//	fill failures -store S -network N -rows 30
//	fill exact   -store S -network N
//	fill formula -store S -network N
//
// It prints how many there are now.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/network"
)

// A filling says what to put where.
type filling struct {
	net *network.Rush

	rows, batch  int
	every        time.Duration
	workers      int
	bars         int
	lines, rate  int
	lasting      time.Duration
	columns      int
	messageBytes int
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "fill:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	verbs := map[string]func(context.Context, *filling) error{
		"rows": rows, "workers": workers, "logs": logs, "wide": wide, "hostile": hostile,
		"failures": failures, "exact": exact, "formula": formula,
	}
	if len(args) == 0 || verbs[args[0]] == nil {
		return fmt.Errorf("got %q; expected rows, workers, logs, wide, hostile, failures, exact or formula", args)
	}
	var f filling
	flags := flag.NewFlagSet(args[0], flag.ContinueOnError)
	store := flags.String("store", "", "the store")
	id := flags.String("network", "", "the network")
	flags.IntVar(&f.rows, "rows", 1000, "how many tasks")
	flags.IntVar(&f.batch, "batch", 5000, "how many at once")
	flags.DurationVar(&f.every, "every", 0, "the time between two batches")
	flags.IntVar(&f.workers, "workers", 10, "how many workers")
	flags.IntVar(&f.bars, "bars", 1000, "how many tasks they run")
	flags.IntVar(&f.lines, "lines", 1000, "how many lines of the log, at once")
	flags.IntVar(&f.rate, "rate", 0, "how many lines in a second after that")
	flags.DurationVar(&f.lasting, "for", 0, "for how long")
	flags.IntVar(&f.columns, "columns", 300, "how many inputs")
	flags.IntVar(&f.messageBytes, "bytes", 1<<20, "the length of the longest message")
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	net, err := network.Open(ctx, network.Config{Store: *store, Network: rush.NetworkID(*id)})
	if err != nil {
		return err
	}
	defer net.Close()
	f.net = net
	return verbs[args[0]](ctx, &f)
}
