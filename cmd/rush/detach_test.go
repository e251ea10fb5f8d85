//go:build unix

package main

import (
	"reflect"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
)

// Detached workers go on when the command that started them has ended, and end
// with the run.
func TestDetachedWorkersOutliveTheirCommand(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		h, id := newHome(t, url), rush.NetworkID(unique(t, "detached"))
		net := h.define(h.write("search.yaml", slowSearch(string(id), 100, "")), id)
		out := h.run(exitDone, "worker", "--network", string(id), "--detach", "-n", "2", "--worker-id", "far")
		if !strings.Contains(out, "far-1") || !strings.Contains(out, "far-2") || !strings.Contains(out, "detached: process") {
			t.Errorf("found\n%s\nexpected the workers' ids and their process", out)
		}
		workers, err := net.Workers(t.Context())
		if err != nil || len(workers) != 2 {
			t.Fatalf("found %v, %v; expected two workers", workers, err)
		}
		h.ended(id, 100)
		pids := []int{workers[0].PID, workers[1].PID}
		t.Cleanup(func() {
			for _, pid := range pids {
				_ = syscall.Kill(pid, syscall.SIGKILL)
			}
		})
		gone(t, pids)
		until(t, "the workers are known to have ended", func() bool {
			workers, err = net.Workers(t.Context())
			return err == nil && workers[0].State == rush.WorkerTerminated && workers[1].State == rush.WorkerTerminated
		})
		h.sound()
	})
}

func TestDetachedWorkersThatCannotStartSayWhy(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		h, id := newHome(t, url), rush.NetworkID(unique(t, "detached"))
		h.define(h.write("search.yaml", slowSearch(string(id), 10, "")), id)
		out := h.run(exitFailed, "worker", "--network", string(id), "--detach", "-n", "1", "--config", "nothing")
		if !strings.Contains(out, "ended at once") || !strings.Contains(out, ".log") {
			t.Errorf("found\n%s\nexpected why, and where they printed", out)
		}
	})
}

// What a person said about the workers the detached command is told, too.
func TestADetachedCommandHasTheArguments(t *testing.T) {
	t.Parallel()
	said := workerFlags{
		network: "net", n: 3, objective: "sh -c 'echo 1'", queues: []string{"high", "default"}, heartbeat: time.Second, expiry: time.Minute,
		idle: time.Hour, grace: 5 * time.Second, config: "large", id: "far",
		output: outputFlags{thresholds: "warn,rush=debug", keepOutput: false, dir: "logs"},
	}
	var heard workerFlags
	c := &cobra.Command{Use: "worker"}
	c.Flags().String("store", "", "")
	heard.register(c)
	if err := c.ParseFlags(said.arguments("net")[1:]); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(heard, said) {
		t.Errorf("found %+v, expected %+v", heard, said)
	}
}
