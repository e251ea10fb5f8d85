//go:build unix

package network_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/redistest"
	"github.com/rushnet/rush/network"
)

// Detached workers whose store is gone for good give up after their patience: they
// say so, and neither they nor the process that looks after them stays.
func TestDetachedWorkersGiveUpAStoreThatIsGone(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t, redistest.Options{})
	ctx, log := within(t), filepath.Join(t.TempDir(), "log")
	net, err := network.Open(ctx, network.Config{Store: server.URL()})
	if err != nil {
		t.Fatal(err)
	}
	defer net.Close() // which cannot tell the store any more
	_, err = net.StartWorkers(ctx, network.Workers{N: 1, Detach: true, DetachLog: log, Patience: 100 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	keys, err := net.PushBatch(ctx, network.Batch{XS: []rush.Values{{}}, Functions: []string{"parent"}})
	if err != nil {
		t.Fatal(err)
	}
	if ok, err := net.Wait(ctx, keys...); !ok || err != nil {
		t.Fatalf("found %v, %v; expected the task to finish", ok, err)
	}
	host := int(oneTask(t, ctx, net, keys[0]).YS["pid"].(int64))
	server.Stop()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !errors.Is(syscall.Kill(host, 0), syscall.ESRCH) {
		select {
		case <-tick.C:
		case <-ctx.Done():
			printed, err := os.ReadFile(log)
			t.Fatalf("process %d lives; found %v in its log:\n%s", host, err, printed)
		}
	}
	printed, err := os.ReadFile(log)
	for _, want := range []string{"gave up after 100ms", " gave up: ", "the store cannot be reached"} {
		if err != nil || !strings.Contains(string(printed), want) {
			t.Errorf("found %v and the log %s\nexpected %q", err, printed, want)
		}
	}
}
