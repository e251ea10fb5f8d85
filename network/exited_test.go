package network_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/rushworker"
)

func TestExitedWorkersAreDeleted(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		net, ctx := open(t, url), t.Context()
		var leaving []*rushworker.Worker
		for _, id := range []rush.WorkerID{"first", "second", "third"} {
			leaving = append(leaving, hand(t, net, id))
		}
		keys, err := net.Push(ctx, points(1)...)
		if err != nil {
			t.Fatal(err)
		}
		task := popped(t, leaving[0])
		if err := leaving[0].Finish(ctx, task, rush.Values{"y": 1.0}, nil); err != nil {
			t.Fatal(err)
		}
		if _, err := net.DeleteWorkers(ctx, "first"); !errors.Is(err, rush.ErrAlive) {
			t.Errorf("deleting one that is alive gave %v, want rush.ErrAlive", err)
		}
		for _, w := range leaving {
			w.Close(context.WithoutCancel(ctx), "it leaves")
		}
		hand(t, net, "stays")
		deleted, err := net.DeleteWorkers(ctx, "first", "nobody")
		if err != nil {
			t.Fatal(err)
		}
		same(t, "deleted", deleted, []rush.WorkerID{"first"})
		if is, err := net.WorkerExists(ctx, "first"); is || err != nil {
			t.Errorf("the deleted worker exists: %v, %v", is, err)
		}
		if deleted, err = net.DeleteWorkers(ctx); err != nil {
			t.Fatal(err)
		}
		same(t, "all that had ended", deleted, []rush.WorkerID{"second", "third"})
		tasks, err := net.Tasks(ctx, keys...)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "who evaluated the task", tasks[0].Worker, rush.WorkerID("first"))
		ids, err := net.WorkerIDs(ctx)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "workers", ids, []rush.WorkerID{"stays"})
	})
}

// The command line has an empty list, and not nil, when it names no worker.
func TestAnEmptyListOfWorkersStopsAll(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		net, ctx := open(t, url), within(t)
		start := func(context.Context, *rushworker.Worker) (loops.Loop, error) {
			return &loops.Queue{Problem: &loops.Problem{Objective: loops.ObjectiveFunc(add)}}, nil
		}
		ids, err := net.StartInProcess(ctx, network.Workers{N: 2}, start)
		if err != nil {
			t.Fatal(err)
		}
		got, err := net.StopWorkers(ctx, rush.SignalTerminate, []rush.WorkerID{}...)
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(ids)
		slices.Sort(got)
		same(t, "stopped", got, ids)
	})
}
