//go:build unix

package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/search"
)

// define makes a search's network without starting anything.
func (h *home) define(file string, id rush.NetworkID) *network.Rush {
	h.t.Helper()
	f, err := search.Load(file)
	if err != nil {
		h.t.Fatal(err)
	}
	net, err := network.Open(h.t.Context(), network.Config{Store: h.store, Network: id})
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { _ = net.Close() })
	if _, err := search.Start(h.t.Context(), net, f.Definition, search.StartOptions{}); err != nil {
		h.t.Fatal(err)
	}
	return net
}

// suspend stops processes by a signal, as a suspended machine does, outside of
// a change of the embedded store, which would keep everybody from it.
func (h *home) suspend(net *network.Rush, pids []int) {
	h.t.Helper()
	for h.t.Context().Err() == nil {
		for _, pid := range pids {
			if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
				h.t.Fatal(err)
			}
		}
		ctx, cancel := context.WithTimeout(h.t.Context(), 5*time.Second)
		_, err := net.Push(ctx, rush.Values{"x": 0.5})
		cancel()
		if err == nil {
			return
		}
		h.resume(pids)
	}
}

func (h *home) resume(pids []int) {
	h.t.Helper()
	for _, pid := range pids {
		if err := syscall.Kill(pid, syscall.SIGCONT); err != nil {
			h.t.Fatal(err)
		}
	}
}

// A worker that was stopped together with its agent for several periods of its
// heartbeat was declared lost. It joins again and goes on; its task was queued
// again, and what it still delivers for the first attempt is kept as late.
func TestAStoppedWorkerComesBack(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		h, id := newHome(t, url), rush.NetworkID(unique(t, "stopped"))
		gate := filepath.Join(h.dir, "gate")
		if err := syscall.Mkfifo(gate, 0o600); err != nil {
			t.Fatal(err)
		}
		h.write("gated.sh", `mkdir first 2>/dev/null && cat gate
echo '{"y": '$RUSH_ATTEMPT'}'
`)
		net := h.define(h.write("search.yaml", `
objective: {command: [sh, gated.sh]}
space: {x: {type: dbl, lower: 0, upper: 1}}
codomain: {y: minimize}
terminate: {evals: 4}
task: {max_retries: 1}
`), id)
		worker := h.start("worker", "--network", string(id), "-n", "1", "--heartbeat", "50ms", "--expiry", "200ms")
		opened, err := os.OpenFile(gate, os.O_WRONLY, 0) // blocks until the task runs
		if err != nil {
			t.Fatal(err)
		}
		pids := append(h.pids(id), worker.cmd.Process.Pid)
		h.suspend(net, pids)
		until(t, "the worker is declared lost", func() bool {
			lost, err := net.Sweep(t.Context())
			return err == nil && len(lost) == 1
		})
		h.resume(pids)
		until(t, "the worker has joined again", func() bool {
			list, err := net.Workers(t.Context())
			return err == nil && list[0].Rejoined > 0
		})
		if err := opened.Close(); err != nil {
			t.Fatal(err)
		}
		if code := worker.wait(); code != exitDone {
			t.Fatalf("the worker ended with %d\n%s", code, worker.output())
		}
		out := worker.output()
		if !strings.Contains(out, "joined again") || !strings.Contains(out, "too late") {
			t.Errorf("found\n%s\nexpected it to say that a worker has joined again, and which result came too late", out)
		}
		tasks, err := net.Tasks(t.Context(), 0)
		if err != nil {
			t.Fatal(err)
		}
		if task := tasks[0]; task.State != rush.Finished || task.Attempt != 2 || len(task.Attempts) != 1 {
			t.Errorf("found the task %+v; expected its second attempt to have finished", task)
		}
		if c := h.counts(id); c.Finished != 4 {
			t.Errorf("found %+v; expected 4 to have finished", c)
		}
		h.sound()
	})
}

// A machine that slept for longer than an expiry loses nobody: each agent beats
// when it wakes up, and gives the others time before it sweeps.
func TestAMachineThatSleptLosesNobody(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		h, id := newHome(t, url), rush.NetworkID(unique(t, "asleep"))
		net := h.define(h.write("search.yaml", slowSearch(string(id), 1000, "")), id)
		worker := h.start("worker", "--network", string(id), "-n", "2", "--heartbeat", "100ms", "--expiry", "2s")
		var list []rush.Worker
		listed := func(what string, done func(w *rush.Worker) bool) {
			t.Helper()
			until(t, what, func() bool {
				var err error
				list, err = net.Workers(t.Context())
				return err == nil && len(list) == 2 && done(&list[0]) && done(&list[1])
			})
		}
		listed("both workers run", func(w *rush.Worker) bool { return w.State == rush.WorkerRunning })
		pids := append(h.pids(id), worker.cmd.Process.Pid)
		h.suspend(net, pids)
		listed("the heartbeats have lapsed", func(w *rush.Worker) bool { return time.Since(w.Beat) > 5*time.Second/2 })
		woke := time.Now()
		h.resume(pids)
		listed("both beat again", func(w *rush.Worker) bool { return w.Beat.After(woke) })
		for _, w := range list {
			if w.State != rush.WorkerRunning || w.Rejoined != 0 {
				t.Errorf("found the worker %+v; expected that it was never lost", w)
			}
		}
		if _, err := net.StopWorkers(t.Context(), rush.SignalTerminate); err != nil {
			t.Fatal(err)
		}
		worker.wait()
		if out := worker.output(); strings.Contains(out, "lost") {
			t.Errorf("found\n%s\nexpected nobody to be lost", out)
		}
		h.sound()
	})
}
