package main

import (
	"context"
	"fmt"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/rushworker"
)

// workers registers workers that live on, and has each run its part of the tasks.
func workers(ctx context.Context, f *filling) error {
	all := make([]*rushworker.Worker, f.workers)
	for i := range all {
		w, err := f.net.OpenWorker(ctx, rushworker.Config{ID: rush.WorkerID(fmt.Sprintf("worker-%04d", i)), Loop: "random_search", Client: true})
		if err != nil {
			return err
		}
		defer w.Detach()
		all[i] = w
	}
	running := make([]*rush.Task, f.workers)
	for i := range f.bars {
		who := i % f.workers
		w := all[who]
		xs := rush.Values{"rate": spread(i, 0.6180339887), "layers": int64(1 + i%8), "kernel": "rbf", "shrink": false}
		var err error
		if running[who] == nil {
			var first []*rush.Task
			if first, err = w.PushRunning(ctx, xs); err == nil {
				running[who] = first[0]
			}
		} else {
			running[who], err = w.FinishPush(ctx, running[who], rush.Values{"loss": spread(i, 0.7548776662), "seconds": 1.0}, nil, xs)
		}
		if err != nil {
			return err
		}
	}
	fmt.Println(f.bars)
	return nil
}
