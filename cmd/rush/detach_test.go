//go:build unix

package main

import (
	"os"
	"slices"
	"strings"
	"testing"

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
		out := h.run(exitDone, "worker", "--network", string(id), "--detach", "-n", "2", "--worker-id", "far", "--queue", "high", "--log-dir", h.dir+"/printed")
		if !strings.Contains(out, "far-1") || !strings.Contains(out, "far-2") || !strings.Contains(out, "detached: they print to") {
			t.Errorf("found\n%s\nexpected the workers' ids and where they print", out)
		}
		workers, err := net.Workers(t.Context())
		if err != nil || len(workers) != 2 {
			t.Fatalf("found %v, %v; expected two workers", workers, err)
		}
		if !slices.Contains(workers[0].Queues, "high") {
			t.Errorf("found the queues %q; expected the one that was named", workers[0].Queues)
		}
		if _, err := os.Stat(h.dir + "/printed"); err != nil {
			t.Errorf("found %v; expected the directory of what they print", err)
		}
		h.ended(id, 100)
		pids := []int{workers[0].PID, workers[1].PID}
		t.Cleanup(func() {
			for _, pid := range pids {
				kill9(pid)
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
		h.define(h.write("search.yaml", slowSearch(string(id), 10_000, "")), id)
		h.run(exitDone, "worker", "--network", string(id), "--detach", "-n", "1", "--worker-id", "far")
		out := h.run(exitFailed, "worker", "--network", string(id), "--detach", "-n", "1", "--worker-id", "far")
		if !strings.Contains(out, "worker far") || !strings.Contains(out, "exists already") {
			t.Errorf("found\n%s\nexpected that there is such a worker", out)
		}
		h.run(exitDone, "stop", "--network", string(id))
	})
}
