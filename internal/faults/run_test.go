package faults_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/seeds"
)

// How a run is made: a few rows of a design, then proposals up to the limit.
const (
	runRows  = 4
	runLimit = 24
	runPause = 12 * time.Millisecond
)

// square is the objective of a run. One task in ten fails.
func square(ctx context.Context, e *loops.Evaluation) (rush.Values, error) {
	if path := os.Getenv(envEvals); path != "" {
		appendLine(path, fmt.Sprintf("%d %d", e.Task, e.Attempt))
	}
	if pause, ok := e.Constants["pause"].(int64); ok {
		timer := time.NewTimer(time.Duration(pause))
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
	if every, ok := e.Constants["fail_every"].(int64); ok && int64(e.Task)%every == every-1 {
		return nil, errors.New("it diverged")
	}
	x, ok := e.XS["x"].(float64)
	if !ok {
		return nil, fmt.Errorf("x is %v", e.XS["x"])
	}
	return rush.Values{"y": x * x}, nil
}

// playRun is a manager's whole run. Whoever plays it again goes on with it.
func playRun(ctx context.Context, url string, id rush.NetworkID) error {
	seed := seeds.New(1)
	net, err := network.Open(ctx, network.Config{Store: url, Network: id, Seed: &seed})
	if err != nil {
		return err
	}
	defer net.Close()
	if err := defineRun(ctx, net); err != nil {
		return err
	}
	err = net.PushDesign(ctx, runRows, func(i int64) (rush.Task, error) {
		return rush.Task{XS: rush.Values{"x": float64(i)}}, nil
	})
	if err != nil {
		return err
	}
	if _, err := net.BeginRun(ctx); err != nil {
		return err
	}
	if _, err := net.StartWorkers(ctx, runWorkers()); err != nil {
		return err
	}
	<-net.LocalDone()
	counts, err := net.Counts(ctx)
	if err != nil {
		return err
	}
	if counts.Ended() < runLimit {
		_, err = net.EndRun(ctx, rush.RunFailed, "the workers are gone")
	} else {
		_, err = net.EndRun(ctx, rush.RunDone, "evals")
	}
	return err
}

func runWorkers() network.Workers {
	return network.Workers{
		N: 2, Loop: "search", Constants: rush.Values{"pause": int64(runPause), "fail_every": int64(10)},
		Heartbeat: 40 * time.Millisecond, Expiry: 5 * time.Second,
	}
}

func defineRun(ctx context.Context, net *network.Rush) error {
	def, err := net.Definition(ctx)
	if err != nil || def.Limit == runLimit {
		return err
	}
	def.Limit, def.Reserved = runLimit, runRows
	return net.Define(ctx, def)
}

// evaluations reads how often each attempt of each task was evaluated.
func evaluations(path string) (map[[2]int64]int, error) {
	lines, err := readLines(path)
	if err != nil {
		return nil, err
	}
	found := map[[2]int64]int{}
	for _, line := range lines {
		var key, attempt int64
		if _, err := fmt.Sscan(line, &key, &attempt); err != nil {
			return nil, fmt.Errorf("%s: %w", strconv.Quote(line), err)
		}
		found[[2]int64{key, attempt}]++
	}
	return found, nil
}
