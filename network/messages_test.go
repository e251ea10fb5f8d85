package network_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/rushworker"
)

// twice is an action that workers of this program offer.
func twice(_ context.Context, argument any) (any, error) {
	n, ok := argument.(int64)
	if !ok {
		return nil, fmt.Errorf("expected an integer, found %v", argument)
	}
	return 2 * n, nil
}

// starts are the ways to start a worker that evaluates with an objective of
// this program.
var starts = map[string]func(t *testing.T, net *network.Rush, w network.Workers) rush.WorkerID{
	"process": func(t *testing.T, net *network.Rush, w network.Workers) rush.WorkerID {
		ids, err := net.StartWorkers(within(t), w)
		if err != nil {
			t.Fatal(err)
		}
		return ids[0]
	},
	"goroutine": func(t *testing.T, net *network.Rush, w network.Workers) rush.WorkerID {
		ids, err := net.StartInProcess(within(t), w, func(_ context.Context, worker *rushworker.Worker) (loops.Loop, error) {
			worker.Offer("twice", twice)
			objectives := map[string]loops.ObjectiveFunc{"add": add, "gate": gate, "wait": wait, "given": given}
			return &loops.Queue{Problem: &loops.Problem{Objective: objectives[w.Objective]}}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return ids[0]
	},
}

// eachWorker runs a test with each store and each kind of worker.
func eachWorker(t *testing.T, test func(t *testing.T, net *network.Rush, start func(network.Workers) rush.WorkerID)) {
	t.Parallel()
	for name, start := range starts {
		t.Run(name, func(t *testing.T) {
			eachstore.Run(t, func(t *testing.T, url string) {
				net := open(t, url)
				test(t, net, func(w network.Workers) rush.WorkerID {
					w.N = 1
					return start(t, net, w)
				})
			})
		})
	}
}

// ask sends a message to all workers and returns the response of the only one.
func ask(t *testing.T, net *network.Rush, c rush.Command, argument any) network.Response {
	t.Helper()
	got, err := net.SendAndWait(within(t), time.Minute, c, argument)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 1 {
		t.Fatalf("%s: found the responses %v, expected one", c, got)
	}
	return got[0]
}

// wantAnswer reports an answer that is another.
func wantAnswer(t *testing.T, net *network.Rush, c rush.Command, argument, want any) {
	t.Helper()
	got := ask(t, net, c, argument)
	if diff := cmp.Diff(want, got.Value); diff != "" || got.Err != nil {
		t.Errorf("%s: error %v, -want +got:\n%s", c, got.Err, diff)
	}
}

// A door is a FIFO that a task of the objective gate waits at.
type door string

func newDoor(t *testing.T) door {
	t.Helper()
	d := door(filepath.Join(t.TempDir(), "gate"))
	if err := mkfifo(string(d)); err != nil {
		t.Fatal(err)
	}
	return d
}

// reached returns when the task waits.
func (d door) reached(t *testing.T) (open func()) {
	t.Helper()
	f, err := os.OpenFile(string(d), os.O_WRONLY, 0) // blocks until somebody reads
	if err != nil {
		t.Fatal(err)
	}
	return func() { f.Close() }
}

func TestMessagesAreAnsweredByAWorkerThatIsIdle(t *testing.T) {
	eachWorker(t, func(t *testing.T, net *network.Rush, start func(network.Workers) rush.WorkerID) {
		id := start(network.Workers{Objective: "add"})
		for range 2 { // the second time while it is paused
			wantAnswer(t, net, rush.CommandPing, nil, "PONG")
			wantAnswer(t, net, rush.CommandEcho, "hello", "OK")
			wantAnswer(t, net, rush.CommandTimeoutGet, nil, map[string]any{"timeout_idle": nil, "remaining": nil})
			wantAnswer(t, net, rush.CommandRefresh, nil, "OK")
			wantAnswer(t, net, rush.CommandEval, []any{"twice", 21}, int64(42))
			wantAnswer(t, net, rush.CommandPause, nil, "OK")
		}
		info, ok := ask(t, net, rush.CommandInfo, nil).Value.(map[string]any)
		if !ok || info["worker"] != string(id) || info["pid"] == nil || info["state"] != "paused" || info["hostname"] == "" {
			t.Errorf("found the info %v", info)
		}
		wantAnswer(t, net, rush.CommandStop, "enough", "BYE")
		<-net.LocalDone()
		if w := workerOf(t, net, id); w.State != rush.WorkerTerminated || w.Reason != "enough" {
			t.Errorf("the worker is %s (%s), expected it to have ended because it was enough", w.State, w.Reason)
		}
	})
}

func TestMessagesThatCannotBeObeyedAreAnsweredWithAnError(t *testing.T) {
	eachWorker(t, func(t *testing.T, net *network.Rush, start func(network.Workers) rush.WorkerID) {
		start(network.Workers{Objective: "add"})
		for _, c := range []struct {
			command  rush.Command
			argument any
			want     string
		}{
			{"DANCE", nil, "expected PING"},
			{rush.CommandEval, "thrice", `no action "thrice"; it has`},
			{rush.CommandEval, 3, "expected the name of an action"},
			{rush.CommandEval, []any{"twice", "x"}, "expected an integer"},
			{rush.CommandTimeoutSet, -1, "expected a number of seconds"},
		} {
			if got := ask(t, net, c.command, c.argument); got.Err == nil || !strings.Contains(got.Err.Error(), c.want) {
				t.Errorf("%s %v: found %v, %v; expected an error with %q", c.command, c.argument, got.Value, got.Err, c.want)
			}
		}
		wantAnswer(t, net, rush.CommandPing, nil, "PONG")
	})
}

// While a task runs some are answered at once. The others take effect after
// it, in their order, and before the next.
func TestMessagesTakeEffectBetweenTasks(t *testing.T) {
	eachWorker(t, func(t *testing.T, net *network.Rush, start func(network.Workers) rush.WorkerID) {
		ctx, door := within(t), newDoor(t)
		keys, err := net.Push(ctx, rush.Values{"gate": string(door)}, rush.Values{"gate": string(door)})
		if err != nil {
			t.Fatal(err)
		}
		id := start(network.Workers{Objective: "gate"})
		pass := door.reached(t)
		pause, _, err := net.Send(ctx, rush.CommandPause, nil)
		if err != nil {
			t.Fatal(err)
		}
		eval, _, err := net.Send(ctx, rush.CommandEval, []any{"twice", 4}, id)
		if err != nil {
			t.Fatal(err)
		}
		wantAnswer(t, net, rush.CommandPing, nil, "PONG")
		wantAnswer(t, net, rush.CommandTimeoutGet, nil, map[string]any{"timeout_idle": nil, "remaining": nil})
		if info, _ := ask(t, net, rush.CommandInfo, nil).Value.(map[string]any); info["state"] != "running" {
			t.Errorf("found the info %v of a worker that has yet to pause", info)
		}
		if has, err := net.HasResponse(ctx, pause); err != nil || has[id] {
			t.Errorf("found the responses %v, %v while the task runs", has, err)
		}
		if _, err := net.Responses(ctx, pause, time.Millisecond); !errors.Is(err, rush.ErrTimeout) {
			t.Errorf("found error %v, expected a timeout", err)
		}
		pass()
		for message, want := range map[rush.MessageID]any{pause: "OK", eval: int64(8)} {
			got, err := net.Responses(ctx, message, time.Minute)
			if err != nil || len(got) != 1 || got[0].Value != want {
				t.Errorf("found %v, %v; expected %v", got, err, want)
			}
		}
		states(t, ctx, net, keys, rush.Finished, rush.Queued)
		if c, err := net.WorkerCounts(ctx); err != nil || c != (network.WorkerCounts{Paused: 1}) {
			t.Errorf("found %+v, %v; expected a worker that is paused", c, err)
		}
		wantAnswer(t, net, rush.CommandResume, nil, "OK")
		door.reached(t)()
		if ok, err := net.Wait(ctx, keys...); err != nil || !ok {
			t.Errorf("found %v, %v after resuming", ok, err)
		}
	})
}

func TestResponsesAreKeptUntilTheyAreDeleted(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		id := starts["goroutine"](t, net, network.Workers{N: 1, Objective: "add"})
		message, to, err := net.Send(ctx, rush.CommandPing, nil)
		if err != nil || len(to) != 1 || to[0] != id {
			t.Fatalf("sent to %v, %v", to, err)
		}
		for range 2 {
			if got, err := net.Responses(ctx, message, time.Minute, id); err != nil || got[0].Value != "PONG" || got[0].At.IsZero() {
				t.Fatalf("found %v, %v", got, err)
			}
		}
		if has, err := net.HasResponse(ctx, message, id, "another"); err != nil || !has[id] || has["another"] {
			t.Errorf("found the responses %v, %v", has, err)
		}
		if ids, err := net.ResponseIDs(ctx, id); err != nil || len(ids) != 1 || ids[0] != message {
			t.Errorf("found responses to %v, %v", ids, err)
		}
		if err := net.DeleteResponses(ctx, message, id); err != nil {
			t.Fatal(err)
		}
		if _, err := net.Responses(ctx, message, time.Minute); !errors.Is(err, rush.ErrNoResponse) {
			t.Errorf("found error %v, expected that there is no response", err)
		}
	})
}

func TestNobodyToSendTo(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		if _, _, err := net.Send(ctx, rush.CommandPing, nil); !errors.Is(err, rush.ErrNoWorker) {
			t.Errorf("found error %v without workers", err)
		}
		if _, _, err := net.Send(ctx, rush.CommandPing, nil, "nobody"); !errors.Is(err, rush.ErrNoWorker) {
			t.Errorf("found error %v for an unknown worker", err)
		}
	})
}

// Killing a worker answers what it did not.
func TestAMessageToAWorkerThatEndsIsAnswered(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net, door := within(t), open(t, url), newDoor(t)
		if _, err := net.Push(ctx, rush.Values{"gate": string(door)}); err != nil {
			t.Fatal(err)
		}
		starts["process"](t, net, network.Workers{N: 1, Objective: "gate"})
		pass := door.reached(t)
		defer pass()
		message, _, err := net.Send(ctx, rush.CommandPause, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := net.StopWorkers(ctx, rush.SignalKill); err != nil {
			t.Fatal(err)
		}
		got, err := net.Responses(ctx, message, time.Minute)
		if err != nil || got[0].Err == nil || !strings.Contains(got[0].Err.Error(), "ended before it answered") {
			t.Errorf("found %v, %v; expected that the worker has ended", got, err)
		}
	})
}

func TestAWorkerEndsWhenItIsIdleForTooLong(t *testing.T) {
	eachWorker(t, func(t *testing.T, net *network.Rush, start func(network.Workers) rush.WorkerID) {
		ctx := within(t)
		keys, err := net.Push(ctx, rush.Values{"x1": 1, "x2": 2})
		if err != nil {
			t.Fatal(err)
		}
		id := start(network.Workers{Objective: "add", IdleTimeout: 50 * time.Millisecond})
		<-net.LocalDone()
		states(t, ctx, net, keys, rush.Finished)
		if w := workerOf(t, net, id); w.State != rush.WorkerTerminated || !strings.Contains(w.Reason, "nothing to do for 50ms") {
			t.Errorf("the worker is %s (%s), expected it to have ended because it was idle", w.State, w.Reason)
		}
		if all, err := net.AllTerminated(ctx); err != nil || !all {
			t.Errorf("all terminated: %v, %v", all, err)
		}
	})
}

func TestTheIdleTimeoutIsSetByAMessage(t *testing.T) {
	eachWorker(t, func(t *testing.T, net *network.Rush, start func(network.Workers) rush.WorkerID) {
		start(network.Workers{Objective: "add"})
		wantAnswer(t, net, rush.CommandTimeoutSet, 600, "OK")
		got, _ := ask(t, net, rush.CommandTimeoutGet, nil).Value.(map[string]any)
		remaining, _ := got["remaining"].(float64)
		if got["timeout_idle"] != 600.0 || remaining <= 0 || remaining > 600 {
			t.Errorf("found the timeout %v", got)
		}
		wantAnswer(t, net, rush.CommandTimeoutSet, 0, "OK")
		<-net.LocalDone()
	})
}

func TestWorkersByState(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		for _, id := range []rush.WorkerID{"paused", "killed", "stopped", "idle"} {
			starts["goroutine"](t, net, network.Workers{IDs: []rush.WorkerID{id}, Objective: "add"})
		}
		for _, c := range []rush.Command{rush.CommandPause} {
			if _, err := net.SendAndWait(ctx, time.Minute, c, nil, "paused"); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := net.StopWorkers(ctx, rush.SignalKill, "killed"); err != nil {
			t.Fatal(err)
		}
		if _, err := net.StopWorkers(ctx, rush.SignalTerminate, "stopped"); err != nil {
			t.Fatal(err)
		}
		want := network.WorkerCounts{Idle: 1, Paused: 1, Terminated: 1, Killed: 1}
		if c, err := net.WorkerCounts(ctx); err != nil || c != want || c.Alive() != 2 {
			t.Errorf("found %+v, %v; expected %+v", c, err, want)
		}
		for state, want := range map[rush.WorkerState]rush.WorkerID{
			rush.WorkerRunning: "idle", rush.WorkerPaused: "paused", rush.WorkerTerminated: "stopped", rush.WorkerKilled: "killed",
		} {
			if ids, err := net.WorkerIDs(ctx, state); err != nil || len(ids) != 1 || ids[0] != want {
				t.Errorf("%s: found %v, %v; expected %s", state, ids, err, want)
			}
		}
		if ids, err := net.WorkerIDs(ctx); err != nil || len(ids) != 4 {
			t.Errorf("found %v, %v; expected all", ids, err)
		}
		for what, ask := range map[string]func(context.Context) (bool, error){"terminated": net.AllTerminated, "lost": net.AllLost} {
			if all, err := ask(ctx); err != nil || all {
				t.Errorf("all %s: %v, %v", what, all, err)
			}
		}
	})
}
