package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/rushnet/rush/logstore"
)

// logs writes lines into the network's log: some at once, then some in each second.
func logs(ctx context.Context, f *filling) error {
	if err := f.net.KeepLog(ctx, int64(f.lines+f.rate*int(f.lasting/time.Second)+1000)); err != nil {
		return err
	}
	handler := f.net.LogHandler(ctx, &logstore.Options{Buffer: 500, Queue: f.lines + 10_000, FlushEvery: 50 * time.Millisecond})
	defer handler.Close(ctx)
	log := slog.New(handler)
	for i := range f.lines {
		write(log, i)
	}
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	n := 0
	for began := time.Now(); time.Since(began) < f.lasting; <-tick.C {
		for ; n < int(time.Since(began).Seconds()*float64(f.rate)); n++ {
			write(log, f.lines+n)
		}
	}
	fmt.Println(f.lines + n)
	return nil
}

func write(log *slog.Logger, i int) {
	if i%50 == 0 {
		log.Warn(fmt.Sprintf("line %d: the step was halved", i), "step", i)
		return
	}
	log.Info(fmt.Sprintf("line %d: epoch over", i), "loss", spread(i, 0.6180339887))
}
