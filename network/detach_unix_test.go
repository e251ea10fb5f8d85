//go:build unix

package network_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/network"
)

// A start that is given up leaves no worker, and no process.
func TestADetachedStartThatIsGivenUpLeavesNothing(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		fifo, log := filepath.Join(t.TempDir(), "fifo"), filepath.Join(t.TempDir(), "log")
		if err := syscall.Mkfifo(fifo, 0o600); err != nil {
			t.Fatal(err)
		}
		enough, start := errors.New("enough"), make(chan error, 1)
		starting, giveUp := context.WithCancelCause(ctx)
		defer giveUp(nil)
		go func() {
			_, err := net.StartWorkers(starting, network.Workers{
				N: 1, Detach: true, DetachLog: log, Command: []string{"/bin/sh", "-c", "echo $$ > " + fifo + "; exec sleep 1000"},
			})
			start <- err
		}()
		b, err := os.ReadFile(fifo) // until the worker's process has begun
		if err != nil {
			t.Fatal(err)
		}
		giveUp(enough)
		if err := <-start; !errors.Is(err, enough) {
			t.Errorf("got %v, want %v", err, enough)
		}
		pid, err := strconv.Atoi(strings.TrimSpace(string(b)))
		if err != nil {
			t.Fatal(err)
		}
		if err := syscall.Kill(pid, 0); !errors.Is(err, syscall.ESRCH) {
			t.Errorf("found process %d: %v; expected it to be gone", pid, err)
		}
		if workers, err := net.Workers(ctx); err != nil || len(workers) != 0 {
			t.Errorf("found %v, %v; expected no worker", workers, err)
		}
		if printed, err := os.ReadFile(log); err != nil || !strings.Contains(string(printed), "gave up") {
			t.Errorf("found %q, %v; expected why", printed, err)
		}
	})
}

func TestADetachedStartMayTakeTooLong(t *testing.T) {
	t.Parallel()
	net := open(t, t.TempDir()+"/rush.db")
	_, err := net.StartWorkers(within(t), network.Workers{
		N: 1, Detach: true, DetachLog: filepath.Join(t.TempDir(), "log"), StartTimeout: 50 * time.Millisecond,
		Command: []string{"/bin/sh", "-c", "exec sleep 1000"},
	})
	if !errors.Is(err, rush.ErrTimeout) {
		t.Errorf("got %v, want rush.ErrTimeout", err)
	}
}

// The process that looks after detached workers ends them when it is asked to,
// and at once when it is asked again; when it is killed they end with it.
func TestDetachedWorkersEndWithTheProcessThatLooksAfterThem(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		for _, tc := range []struct {
			signals []syscall.Signal
			want    rush.WorkerState
		}{
			{[]syscall.Signal{syscall.SIGTERM, syscall.SIGINT}, rush.WorkerKilled},
			{[]syscall.Signal{syscall.SIGKILL}, rush.WorkerLost},
		} {
			ctx, net := within(t), open(t, url)
			startDetached(t, url, net.ID(), network.Workers{IDs: []rush.WorkerID{"w"}})
			keys, err := net.PushBatch(ctx, network.Batch{XS: []rush.Values{{}, {}}, Functions: []string{"parent", "wait"}})
			if err != nil {
				t.Fatal(err)
			}
			awaitRunning(t, net, "w", keys[1])
			pid := oneTask(t, ctx, net, keys[0]).YS["pid"].(int64)
			for _, s := range tc.signals {
				if err := syscall.Kill(int(pid), s); err != nil {
					t.Fatal(err)
				}
			}
			if ok, err := net.Wait(ctx, keys[1]); ok || err != nil {
				t.Fatalf("found %v, %v; expected the task to fail", ok, err)
			}
			if w := workerOf(t, net, "w"); w.State != tc.want {
				t.Errorf("found %+v after %v; expected it to be %s", w, tc.signals, tc.want)
			}
		}
	})
}
