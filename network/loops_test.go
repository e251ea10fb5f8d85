package network_test

import (
	"context"
	"math"
	"testing"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/rushworker"
)

// The suite that every loop passes. A new loop adds its line.
var suite = map[string]func(*loops.Problem) loops.Loop{
	"queue": func(p *loops.Problem) loops.Loop { return &loops.Queue{Problem: p, UntilDrained: true} },
	"random_search": func(p *loops.Problem) loops.Loop {
		return &loops.RandomSearch{Problem: p, Space: space.MustNew(space.Param{Name: "x", Type: space.Dbl, Upper: 1})}
	},
}

// proposes are the loops that propose points of their own.
var proposes = map[string]bool{"random_search": true}

func square(_ context.Context, e *loops.Evaluation) (rush.Values, error) {
	return rush.Values{"y": math.Pow(e.XS["x"].(float64), 2)}, nil
}

func eachLoop(t *testing.T, test func(t *testing.T, url string, make network.MakeLoop, proposes bool)) {
	t.Parallel()
	for name, loop := range suite {
		t.Run(name, func(t *testing.T) {
			eachstore.Run(t, func(t *testing.T, url string) {
				test(t, url, func(context.Context, *rushworker.Worker) (loops.Loop, error) {
					return loop(&loops.Problem{
						Objective: loops.ObjectiveFunc(square),
						Codomain:  loops.Codomain{{Name: "y", Goal: loops.Minimize}},
					}), nil
				}, proposes[name])
			})
		})
	}
}

// limit gives the network a budget.
func limit(t *testing.T, ctx context.Context, net *network.Rush, n int64) {
	t.Helper()
	if err := net.SetLimit(ctx, n); err != nil {
		t.Fatal(err)
	}
}

func TestLoopsTakeFromTheQueueFirst(t *testing.T) {
	eachLoop(t, func(t *testing.T, url string, loop network.MakeLoop, _ bool) {
		ctx, net := within(t), open(t, url)
		limit(t, ctx, net, 3)
		keys, err := net.Push(ctx, rush.Values{"x": 10.0}, rush.Values{"x": 20.0}, rush.Values{"x": 30.0})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := net.StartInProcess(ctx, network.Workers{N: 1}, loop); err != nil {
			t.Fatal(err)
		}
		<-net.LocalDone()
		states(t, ctx, net, keys, rush.Finished, rush.Finished, rush.Finished)
		if c, err := net.Counts(ctx); err != nil || c.Created != 3 {
			t.Errorf("found %+v, %v; expected the queue to have used up the budget", c, err)
		}
	})
}

func TestLoopsKeepToTheBudget(t *testing.T) {
	eachLoop(t, func(t *testing.T, url string, loop network.MakeLoop, proposes bool) {
		ctx, net := within(t), open(t, url)
		limit(t, ctx, net, 100)
		if _, err := net.Push(ctx, rush.Values{"x": 1.0}, rush.Values{"x": 2.0}); err != nil {
			t.Fatal(err)
		}
		if _, err := net.StartInProcess(ctx, network.Workers{N: 4}, loop); err != nil {
			t.Fatal(err)
		}
		<-net.LocalDone()
		want := int64(2)
		if proposes {
			want = 100
		}
		if c, err := net.Counts(ctx); err != nil || c.Finished != want || c.Created != want || c.Claimed != 0 {
			t.Errorf("found %+v, %v; expected exactly %d tasks, all finished", c, err, want)
		}
	})
}

func TestLoopsEndWhenTheNetworkIsStopped(t *testing.T) {
	eachLoop(t, func(t *testing.T, url string, loop network.MakeLoop, _ bool) {
		ctx, net := within(t), open(t, url)
		if err := net.RequestStop(ctx, rush.RunInterrupted, "enough"); err != nil {
			t.Fatal(err)
		}
		if _, err := net.Push(ctx, rush.Values{"x": 1.0}); err != nil {
			t.Fatal(err)
		}
		if _, err := net.StartInProcess(ctx, network.Workers{N: 2}, loop); err != nil {
			t.Fatal(err)
		}
		<-net.LocalDone()
		if c, err := net.Counts(ctx); err != nil || c.Queued != 1 || c.Created != 1 {
			t.Errorf("found %+v, %v; expected nothing to have been started", c, err)
		}
	})
}
