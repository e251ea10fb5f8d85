package network_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/redistest"
	"github.com/rushnet/rush/network"
)

// sweepUntilLost sweeps until the worker was declared lost, by this sweep or
// another's: an agent that was cut off itself may have just done so.
func sweepUntilLost(t *testing.T, net *network.Rush, id rush.WorkerID) {
	t.Helper()
	ctx := within(t)
	for workerOf(t, net, id).State != rush.WorkerLost {
		lost, err := net.Sweep(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if len(lost) > 1 || len(lost) == 1 && lost[0] != id {
			t.Fatalf("found the lost workers %v, expected %s only", lost, id)
		}
	}
}

// workerOf returns what the network knows of a worker.
func workerOf(t *testing.T, net *network.Rush, id rush.WorkerID) rush.Worker {
	t.Helper()
	list, err := net.Workers(within(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range list {
		if w.ID == id {
			return w
		}
	}
	t.Fatalf("worker %s is not in %v", id, list)
	return rush.Worker{}
}

// A worker that is cut off from the store for several periods of its heartbeat
// is declared lost. When the line is mended it joins again under its id: while
// its task still runs the agent sees to that. What it had run is kept as late.
func TestAWorkerThatWasCutOffComesBack(t *testing.T) {
	t.Parallel()
	srv := redistest.Start(t, redistest.Options{})
	line := redistest.NewLine(t, srv.Addr())
	near := open(t, srv.URL())
	far, err := network.Open(within(t), network.Config{Store: line.URL(), Network: near.ID()})
	if err != nil {
		t.Fatal(err)
	}
	defer far.Close()
	gate := filepath.Join(t.TempDir(), "gate")
	if err := mkfifo(gate); err != nil {
		t.Fatal(err)
	}
	ids, err := far.StartWorkers(within(t), network.Workers{
		N: 1, Objective: "gate", Heartbeat: 20 * time.Millisecond, Expiry: 100 * time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	keys, err := near.Push(within(t), rush.Values{"gate": gate})
	if err != nil {
		t.Fatal(err)
	}
	opened, err := os.OpenFile(gate, os.O_WRONLY, 0) // blocks until the task runs
	if err != nil {
		t.Fatal(err)
	}
	line.Cut()
	sweepUntilLost(t, near, ids[0])
	if w := workerOf(t, near, ids[0]); w.State != rush.WorkerLost {
		t.Fatalf("found the worker %+v, expected it lost", w)
	}
	line.Mend()
	for workerOf(t, near, ids[0]).State != rush.WorkerRunning {
	}
	pid := workerOf(t, near, ids[0]).PID
	if err := opened.Close(); err != nil { // the task ends
		t.Fatal(err)
	}
	again, err := near.Push(within(t), rush.Values{"gate": os.DevNull})
	if err != nil {
		t.Fatal(err)
	}
	if ok, err := near.Wait(within(t), again...); !ok || err != nil {
		t.Fatalf("found %v, %v; expected the worker to go on", ok, err)
	}
	tasks, err := near.Tasks(within(t), append(keys, again...)...)
	if err != nil {
		t.Fatal(err)
	}
	if c := tasks[0].Condition; c == nil || c.Class != rush.ClassLost || !strings.Contains(c.Message, "heartbeat") {
		t.Errorf("found %+v; expected the task of the lost worker to have failed as lost", c)
	}
	w := workerOf(t, near, ids[0])
	if tasks[1].Worker != ids[0] || w.State != rush.WorkerRunning || w.Rejoined < 1 || w.PID != pid {
		t.Errorf("found task %+v and worker %+v; expected the same process to go on under its id", tasks[1], w)
	}
}
