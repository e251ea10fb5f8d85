//go:build unix

package network_test

import (
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/network"
)

// A worker's end is the end of the processes that it keeps, however it ends.
func TestIsolatedProcessesEndWithTheirWorker(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		for _, signal := range []rush.Signal{rush.SignalTerminate, rush.SignalKill} {
			ctx, net := within(t), open(t, url)
			start(t, ctx, net, network.Workers{N: 1, Objective: "pid"})
			path := filepath.Join(t.TempDir(), "hold")
			if err := syscall.Mkfifo(path, 0o600); err != nil {
				t.Fatal(err)
			}
			r, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			keys, err := net.PushTasks(ctx, []rush.Task{{XS: rush.Values{"hold": path}, Options: rush.Options{Isolate: true}}})
			if err != nil {
				t.Fatal(err)
			}
			if task := ended(t, ctx, net, keys...)[0]; task.State != rush.Finished {
				t.Fatalf("got %+v", task.Condition)
			}
			if _, err := net.StopWorkers(ctx, signal); err != nil {
				t.Fatal(err)
			}
			_ = r.SetReadDeadline(time.Now().Add(30 * time.Second))
			if n, err := r.Read(make([]byte, 1)); n != 0 || err != io.EOF {
				t.Errorf("after %s the process is still there: read %d bytes, %v", signal, n, err)
			}
		}
	})
}
