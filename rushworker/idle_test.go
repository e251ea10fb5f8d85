package rushworker_test

import (
	"testing"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/rushworker"
)

// Work is pushed and the idle timeout set to 0, so that the workers end when it is
// done: one that waits, and hears of the timeout first, still takes the work.
func TestAWorkerThatMayNotBeIdleTakesWhatWasPushedBefore(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx := t.Context()
		net, err := network.Open(ctx, network.Config{Store: url})
		if err != nil {
			t.Fatal(err)
		}
		defer net.Close()
		for range 20 {
			w, err := net.OpenWorker(ctx, rushworker.Config{Expiry: time.Hour})
			if err != nil {
				t.Fatal(err)
			}
			taken := make(chan *rush.Task)
			go func() {
				turn, err := w.Next(ctx, rushworker.Step{Pop: true, Wait: time.Minute, Idle: true})
				if err != nil {
					t.Error(err)
				}
				taken <- turn.Task
			}()
			if _, err := net.Push(ctx, rush.Values{"x": 1}); err != nil {
				t.Fatal(err)
			}
			w.SetIdleTimeout(0)
			task := <-taken
			if task == nil {
				t.Error("the worker ended, and left the task in the queue")
			} else if err := w.Finish(ctx, task, nil, nil); err != nil {
				t.Error(err)
			}
			if err := w.Close(ctx, "the test is over"); err != nil {
				t.Error(err)
			}
		}
	})
}
