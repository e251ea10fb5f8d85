package network_test

import (
	"testing"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/objects"
)

// A sound network with workers at work is left alone.
func TestRepairLeavesANetworkAtWorkAlone(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		if err := net.Objects().SetLimits(ctx, objects.Limits{Inline: 100, Values: 10, Directory: t.TempDir()}); err != nil {
			t.Fatal(err)
		}
		if _, err := net.StartWorkers(ctx, network.Workers{N: 2}); err != nil {
			t.Fatal(err)
		}
		tasks := make([]rush.Task, 40)
		for i := range tasks {
			tasks[i] = rush.Task{
				XS: rush.Values{"x": list(5, float64(i))}, Captured: rush.Values{"factor": 2.0, "text": "short"},
				Options: rush.Options{Function: "scale"},
			}
		}
		keys, err := net.PushTasks(ctx, tasks)
		if err != nil {
			t.Fatal(err)
		}
		for repairs := 0; ; repairs++ {
			said, err := net.Repair(ctx, time.Hour)
			if err != nil || len(said) > 0 {
				t.Fatalf("repair %d of a network at work: found %q, %v; expected nothing", repairs, said, err)
			}
			if c, err := net.Counts(ctx); err != nil || c.Ended() == int64(len(keys)) {
				break
			}
		}
		if ok, err := net.Wait(ctx, keys...); !ok || err != nil {
			t.Errorf("found %v, %v; expected all tasks to finish", ok, err)
		}
	})
}
