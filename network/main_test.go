package network_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/plugins"
	"github.com/rushnet/rush/rushworker"
)

// The test binary plays the person's program: started as a worker, it is one.
func TestMain(m *testing.M) {
	if os.Getenv("RUSH_TEST_NOT_SERVED") != "" && plugins.Serving() {
		_, err := network.Open(context.Background(), network.Config{})
		fmt.Fprintln(os.Stderr, err)
		os.Exit(4)
	}
	if os.Getenv("RUSH_TEST_PLUGIN") != "" {
		plugins.Serve(plugins.Program{})
	}
	network.Serve(plugins.Program{
		Objectives: map[string]loops.Objective{
			"add":    loops.ObjectiveFunc(add),
			"wait":   loops.ObjectiveFunc(wait),
			"draw":   loops.ObjectiveFunc(draw),
			"print":  loops.ObjectiveFunc(printed),
			"exit":   loops.ObjectiveFunc(exit),
			"steps":  loops.ObjectiveFunc(steps),
			"learn":  loops.ObjectiveFunc(learn),
			"pid":    loops.ObjectiveFunc(pid),
			"parent": loops.ObjectiveFunc(parent),
			"deaf":   loops.ObjectiveFunc(deaf),
			"gate":   loops.ObjectiveFunc(gate),
			"scale":  loops.ObjectiveFunc(scale),
			"grow":   loops.ObjectiveFunc(grow),
			"tidy":   loops.ObjectiveFunc(tidy),
			"tell":   loops.ObjectiveFunc(tell),
			"train":  loops.ObjectiveFunc(train),
			"given":  loops.ObjectiveFunc(given),
		},
		Loops:   map[string]plugins.Loop{"broken": {Make: brokenLoop}, "drain": {Make: drainLoop}, "warn": plugins.FuncLoop(warnLoop)},
		Actions: map[string]rushworker.Action{"twice": twice, "panic": func(context.Context, any) (any, error) { panic("at once") }},
	})
	if os.Getenv("RUSH_TEST_NO_PLUGIN") != "" {
		fmt.Fprintln(os.Stderr, "no license found")
		os.Exit(3)
	}
	os.Exit(m.Run())
}

func add(_ context.Context, e *loops.Evaluation) (rush.Values, error) {
	return rush.Values{"y": e.XS["x1"].(int64) + e.XS["x2"].(int64)}, nil
}

// deaf does not even hear that its context has ended.
func deaf(context.Context, *loops.Evaluation) (rush.Values, error) { select {} }

// wait runs until its context ends.
func wait(ctx context.Context, _ *loops.Evaluation) (rush.Values, error) {
	<-ctx.Done()
	return nil, context.Cause(ctx)
}

func draw(_ context.Context, e *loops.Evaluation) (rush.Values, error) {
	return rush.Values{"y": e.Rand().Float64()}, nil
}

func printed(_ context.Context, e *loops.Evaluation) (rush.Values, error) {
	fmt.Println("out", e.Task)
	fmt.Fprintln(os.Stderr, strings.Repeat("long ", 30_000))
	return rush.Values{}, nil
}

// gate returns when the FIFO that it is given was written to and closed.
func gate(_ context.Context, e *loops.Evaluation) (rush.Values, error) {
	_, err := os.ReadFile(e.XS["gate"].(string))
	return rush.Values{}, err
}

func exit(context.Context, *loops.Evaluation) (rush.Values, error) {
	fmt.Fprintln(os.Stderr, "segmentation fault, so to speak")
	os.Exit(7)
	return nil, nil
}

func brokenLoop(context.Context, *rushworker.Worker, plugins.Setting) (loops.Loop, error) {
	return nil, errors.New("the loop has no wheels")
}

func drainLoop(_ context.Context, _ *rushworker.Worker, s plugins.Setting) (loops.Loop, error) {
	return &loops.Queue{Problem: s.Problem, UntilDrained: true}, nil
}
