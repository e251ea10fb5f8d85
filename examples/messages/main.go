// Command messages goes through the vignette of R's rrq on messages, message by
// message: what a worker can be told, and what it responds.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/plugins"
	"github.com/rushnet/rush/rushworker"
)

// patience bounds the wait for a response.
const patience = time.Minute

// sleep takes a while.
func sleep(ctx context.Context, e *loops.Evaluation) (rush.Values, error) {
	select {
	case <-time.After(time.Duration(e.XS["seconds"].(float64) * float64(time.Second))):
		return rush.Values{"slept": e.XS["seconds"]}, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// add is an action that EVAL can name. A worker evaluates no code that it is
// sent, only what its program offers.
func add(_ context.Context, argument any) (any, error) {
	sum := int64(0)
	for _, n := range argument.([]any) {
		sum += n.(int64)
	}
	return sum, nil
}

func main() {
	plugins.Serve(plugins.Program{
		Objectives: map[string]loops.Objective{"sleep": loops.ObjectiveFunc(sleep)},
		Actions:    map[string]rushworker.Action{"add": add},
	})
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	net, err := network.Open(ctx, network.Config{})
	if err != nil {
		return err
	}
	defer net.Close()
	if _, err := net.StartWorkers(ctx, network.Workers{IDs: []rush.WorkerID{"tiger"}}); err != nil {
		return err
	}
	for _, part := range []func(context.Context, *network.Rush) error{ping, busy, echoInfoEval, pause, timeout, stop} {
		if err := part(ctx, net); err != nil {
			return err
		}
	}
	return nil
}

// ping sends the simplest message, and looks at its responses in every way.
func ping(ctx context.Context, net *network.Rush) error {
	id, to, err := net.Send(ctx, rush.CommandPing, nil)
	if err != nil {
		return err
	}
	fmt.Println("PING was sent to", to)
	responses, err := net.Responses(ctx, id, patience)
	if err != nil {
		return err
	}
	fmt.Printf("%s responded %v\n", responses[0].Worker, responses[0].Value)
	if err := showLog(ctx, net, 10); err != nil {
		return err
	}
	has, err := net.HasResponse(ctx, id)
	if err != nil {
		return err
	}
	ids, err := net.ResponseIDs(ctx, "tiger")
	if err != nil {
		return err
	}
	fmt.Printf("has responded: %v, to the messages %v\n", has["tiger"], ids)

	// A response stays until it is deleted. Asking for it then is an error.
	if err := net.DeleteResponses(ctx, id); err != nil {
		return err
	}
	_, err = net.Responses(ctx, id, 0, "tiger")
	fmt.Println("missing:", errors.Is(err, rush.ErrNoResponse))
	return nil
}

// busy sends messages while a task runs. In rrq even PING waits for its end; here
// it is answered at once, and only what concerns the next task waits.
func busy(ctx context.Context, net *network.Rush) error {
	keys, err := net.Push(ctx, rush.Values{"seconds": 2.0})
	if err != nil {
		return err
	}
	if err := untilRunning(ctx, net); err != nil {
		return err
	}
	if err := send(ctx, net, rush.CommandPing, nil); err != nil {
		return err
	}
	tasks, err := net.Tasks(ctx, keys...)
	if err != nil {
		return err
	}
	fmt.Println("meanwhile the task is", tasks[0].State)
	if _, err = net.Wait(ctx, keys...); err != nil {
		return err
	}
	return showLog(ctx, net, 1)
}

// showLog prints the last n events in the worker's life. When tasks began and
// ended is not among them: the tasks tell it.
func showLog(ctx context.Context, net *network.Rush, n int) error {
	page, err := net.TailLog(ctx, n, rush.LogFilter{Workers: []rush.WorkerID{"tiger"}, Kinds: []rush.LogKind{rush.LogEvent}})
	if err != nil {
		return err
	}
	for _, e := range page.Entries {
		fmt.Print("log: ", e.Worker, " ", e.Message)
		if command, ok := e.Attrs["command"]; ok {
			fmt.Print(" ", command)
		}
		fmt.Println()
	}
	return nil
}

// untilRunning waits until the worker has taken a task.
func untilRunning(ctx context.Context, net *network.Rush) error {
	for {
		counts, err := net.Counts(ctx)
		if err != nil || counts.Running > 0 {
			return err
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func echoInfoEval(ctx context.Context, net *network.Rush) error {
	if err := send(ctx, net, rush.CommandEcho, "hello world!"); err != nil {
		return err
	}
	info, err := net.SendAndWait(ctx, patience, rush.CommandInfo, nil, "tiger")
	if err != nil {
		return err
	}
	about := info[0].Value.(map[string]any)
	fmt.Printf("INFO: the worker %v has the state %v\n", about["worker"], about["state"])
	if err := send(ctx, net, rush.CommandEval, []any{"add", []any{1, 1}}); err != nil {
		return err
	}
	unknown, err := net.SendAndWait(ctx, patience, rush.CommandEval, "rm", "tiger")
	if err != nil {
		return err
	}
	fmt.Println("EVAL of what is not offered:", unknown[0].Err)
	return nil
}

// pause has the worker leave tasks in the queue for a while.
func pause(ctx context.Context, net *network.Rush) error {
	if err := send(ctx, net, rush.CommandPause, nil); err != nil {
		return err
	}
	keys, err := net.Push(ctx, rush.Values{"seconds": 0.0})
	if err != nil {
		return err
	}
	workers, err := net.Workers(ctx)
	if err != nil {
		return err
	}
	tasks, err := net.Tasks(ctx, keys...)
	if err != nil {
		return err
	}
	fmt.Printf("the worker is %s, the task %s\n", workers[0].State, tasks[0].State)
	if err := send(ctx, net, rush.CommandResume, nil); err != nil {
		return err
	}
	finished, err := net.Wait(ctx, keys...)
	fmt.Println("the task finished:", finished)
	return err
}

// timeout reads and sets for how long the worker may be idle.
func timeout(ctx context.Context, net *network.Rush) error {
	if err := send(ctx, net, rush.CommandTimeoutGet, nil); err != nil { // nil is never
		return err
	}
	if err := send(ctx, net, rush.CommandTimeoutSet, 600); err != nil {
		return err
	}
	got, err := net.SendAndWait(ctx, patience, rush.CommandTimeoutGet, nil)
	if err != nil {
		return err
	}
	left := got[0].Value.(map[string]any)
	fmt.Printf("TIMEOUT_GET: idle for %v seconds, some are left: %v\n", left["timeout_idle"], left["remaining"].(float64) > 0)
	return nil
}

// stop has the worker end: either with STOP, or, as here, by itself, once the
// work that it was given is done.
func stop(ctx context.Context, net *network.Rush) error {
	keys, err := net.Push(ctx, rush.Values{"seconds": 0.01}, rush.Values{"seconds": 0.01}, rush.Values{"seconds": 0.01})
	if err != nil {
		return err
	}
	if _, _, err := net.Send(ctx, rush.CommandTimeoutSet, 0); err != nil {
		return err
	}
	finished, err := net.Wait(ctx, keys...)
	if err != nil {
		return err
	}
	<-net.LocalDone()
	workers, err := net.Workers(ctx)
	if err != nil {
		return err
	}
	if err := showLog(ctx, net, 3); err != nil {
		return err
	}
	fmt.Printf("the tasks finished: %v, the worker is %s: %s\n", finished, workers[0].State, workers[0].Reason)
	_, _, err = net.Send(ctx, rush.CommandPing, nil)
	fmt.Println("nobody is left to be told:", errors.Is(err, rush.ErrNoWorker))
	return nil
}

// send sends a message to the worker, and prints what it responds.
func send(ctx context.Context, net *network.Rush, c rush.Command, argument any) error {
	responses, err := net.SendAndWait(ctx, patience, c, argument, "tiger")
	if err != nil {
		return err
	}
	if err := responses[0].Err; err != nil {
		return err
	}
	fmt.Printf("%s: %v\n", c, responses[0].Value)
	return nil
}
