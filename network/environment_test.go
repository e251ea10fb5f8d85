package network_test

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/rushworker"
)

// given returns the constants that the objective was given, and the environment
// variable VARIABLE. If xs names a gate, it first waits there, with what it was
// given.
func given(ctx context.Context, e *loops.Evaluation) (rush.Values, error) {
	ys := rush.Values{}
	for name, v := range e.Constants {
		ys[name] = v
	}
	if v, found := os.LookupEnv("VARIABLE"); found {
		ys["variable"] = v
	}
	if _, found := e.XS["gate"]; found {
		_, err := gate(ctx, e)
		return ys, err
	}
	return ys, nil
}

// evaluated has one task with the constants evaluated, and returns them.
func evaluated(t *testing.T, net *network.Rush, o rush.Options) rush.Values {
	t.Helper()
	ctx := within(t)
	keys, err := net.PushTasks(ctx, []rush.Task{{XS: rush.Values{}, Options: o}})
	if err != nil {
		t.Fatal(err)
	}
	return ended(t, ctx, net, keys...)[0].YS
}

// wantGiven reports what an objective is given that is other than expected.
func wantGiven(t *testing.T, net *network.Rush, o rush.Options, want rush.Values) {
	t.Helper()
	if diff := cmp.Diff(want, evaluated(t, net, o)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func setEnvironment(t *testing.T, net *network.Rush, constants rush.Values, variable string) {
	t.Helper()
	e := rushworker.Environment{Constants: constants}
	if variable != "" {
		e.Variables = map[string]string{"VARIABLE": variable}
	}
	if err := net.SetEnvironment(within(t), e); err != nil {
		t.Fatal(err)
	}
}

// A worker process reads the network's values when it starts, and again when it
// is refreshed; isolated tasks, in processes that are kept, get them too.
func TestARefreshedWorkerUsesTheNewValues(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		setEnvironment(t, net, rush.Values{"a": int64(1)}, "first")
		start(t, ctx, net, network.Workers{
			N: 1, Objective: "given", Constants: rush.Values{"a": int64(0), "b": int64(0)}, Env: []string{"VARIABLE=started"},
		})
		for _, o := range []rush.Options{{}, {Isolate: true}} {
			wantGiven(t, net, o, rush.Values{"a": int64(1), "b": int64(0), "variable": "first"})
		}
		setEnvironment(t, net, rush.Values{"b": "two", "c": []any{1.5}}, "second")
		for _, o := range []rush.Options{{}, {Isolate: true}} {
			wantGiven(t, net, o, rush.Values{"a": int64(1), "b": int64(0), "variable": "first"})
		}
		wantAnswer(t, net, rush.CommandRefresh, nil, "OK")
		for _, o := range []rush.Options{{}, {Isolate: true}} {
			wantGiven(t, net, o, rush.Values{"a": int64(1), "b": "two", "c": []any{1.5}, "variable": "second"})
		}
		want := rushworker.Environment{
			Constants: rush.Values{"a": int64(1), "b": "two", "c": []any{1.5}}, Variables: map[string]string{"VARIABLE": "second"},
		}
		if got, err := net.Environment(ctx); err != nil || !cmp.Equal(got, want) {
			t.Errorf("found %v, %v; expected %v", got, err, want)
		}
		if err := net.UnsetEnvironment(ctx, []string{"a", "c", "none"}, []string{"VARIABLE"}); err != nil {
			t.Fatal(err)
		}
		wantAnswer(t, net, rush.CommandRefresh, nil, "OK")
		for _, o := range []rush.Options{{}, {Isolate: true}} {
			wantGiven(t, net, o, rush.Values{"a": int64(0), "b": "two", "variable": "started"})
		}
	})
}

// REFRESH takes effect between two tasks: the one that runs keeps its values, the
// next has the new ones.
func TestTheRunningTaskKeepsItsValues(t *testing.T) {
	eachWorker(t, func(t *testing.T, net *network.Rush, start func(network.Workers) rush.WorkerID) {
		ctx, door := within(t), newDoor(t)
		setEnvironment(t, net, rush.Values{"a": int64(1)}, "")
		keys, err := net.Push(ctx, rush.Values{"gate": string(door)})
		if err != nil {
			t.Fatal(err)
		}
		start(network.Workers{Objective: "given"})
		pass := door.reached(t)
		setEnvironment(t, net, rush.Values{"a": int64(2)}, "")
		refresh, _, err := net.Send(ctx, rush.CommandRefresh, nil)
		if err != nil {
			t.Fatal(err)
		}
		pass()
		if got := ended(t, ctx, net, keys...)[0].YS["a"]; got != int64(1) {
			t.Errorf("found %v in the task that ran", got)
		}
		if got, err := net.Responses(ctx, refresh, time.Minute); err != nil || got[0].Value != "OK" {
			t.Fatalf("found %v, %v", got, err)
		}
		wantGiven(t, net, rush.Options{}, rush.Values{"a": int64(2)})
	})
}

// What a task captured comes before the network's values.
func TestWhatATaskCapturedCounts(t *testing.T) {
	eachWorker(t, func(t *testing.T, net *network.Rush, start func(network.Workers) rush.WorkerID) {
		ctx := within(t)
		setEnvironment(t, net, rush.Values{"a": int64(1), "b": int64(1)}, "")
		start(network.Workers{Objective: "given"})
		keys, err := net.PushTasks(ctx, []rush.Task{{Captured: rush.Values{"b": int64(2)}}})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(rush.Values{"a": int64(1), "b": int64(2)}, ended(t, ctx, net, keys...)[0].YS); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	})
}

// What cannot be a variable is refused as a whole; a reset keeps the values.
func TestAnEnvironmentIsSetAsAWhole(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		setEnvironment(t, net, rush.Values{"a": nil}, "1")
		for _, name := range []string{"", "A=B", "A\x00", "RUSH_TASK"} {
			e := rushworker.Environment{Constants: rush.Values{"a": int64(2)}, Variables: map[string]string{name: "1"}}
			if err := net.SetEnvironment(ctx, e); err == nil {
				t.Errorf("the variable %q was set", name)
			}
		}
		for _, e := range []rushworker.Environment{
			{Constants: rush.Values{" ": 1}}, {Constants: rush.Values{"a": struct{}{}}}, {Variables: map[string]string{"A": "\x00"}},
		} {
			if err := net.SetEnvironment(ctx, e); err == nil {
				t.Errorf("%v was set", e)
			}
		}
		if err := net.Reset(ctx, network.ResetOptions{}); err != nil {
			t.Fatal(err)
		}
		want := rushworker.Environment{Constants: rush.Values{"a": nil}, Variables: map[string]string{"VARIABLE": "1"}}
		if got, err := net.Environment(ctx); err != nil || !cmp.Equal(got, want) {
			t.Errorf("found %v, %v; expected %v", got, err, want)
		}
	})
}
