package network_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/network"
)

// A task that the budget has no room for is not waited for, with workers or
// without; one that has started before, and runs again, is.
func TestAWaitEndsWhenTheBudgetIsUsedUp(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		net, ctx := open(t, url), within(t)
		if err := net.SetLimit(ctx, 1); err != nil {
			t.Fatal(err)
		}
		if _, err := net.Push(ctx, points(2)...); err != nil {
			t.Fatal(err)
		}
		if _, err := net.PushTasks(ctx, []rush.Task{{DependsOn: []rush.TaskKey{1}}}); err != nil {
			t.Fatal(err)
		}
		wantReason := func(reason string, keys ...rush.TaskKey) {
			t.Helper()
			if _, err := net.Wait(ctx, keys...); err == nil || !strings.Contains(err.Error(), reason) {
				t.Errorf("got %v, want %q", err, reason)
			}
		}
		w := hand(t, net, "w1")
		if err := w.Fail(ctx, popped(t, w), &rush.Condition{Message: "no"}, nil); err != nil {
			t.Fatal(err)
		}
		budget, err := net.Budget(ctx)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "budget", budget, rush.Budget{Limit: 1, Taken: 1})
		wantReason("task 1 cannot start, as the budget of 1 tasks is used up; raise it", 0, 1)
		wantReason("task 2 is deferred until task 1 has finished; task 1 cannot start", 2)

		if err := net.Retry(ctx, network.RetryOptions{IgnoreLimit: true}, 0); err != nil {
			t.Fatal(err)
		}
		opts := network.WaitOptions{Timeout: 1200 * time.Millisecond} // it looks once in a second
		if _, err := net.WaitFor(ctx, opts, 0, 1); !errors.Is(err, rush.ErrTimeout) {
			t.Errorf("got %v, want it to wait for the attempt that takes nothing from the budget", err)
		}
		w.Close(ctx, "it leaves")
		wantReason("task 1 cannot start", 1)

		if err := net.SetLimit(ctx, 3); err != nil {
			t.Fatal(err)
		}
		other := hand(t, net, "w2")
		for range 3 {
			if err := other.Finish(ctx, popped(t, other), rush.Values{"y": 1.0}, nil); err != nil {
				t.Fatal(err)
			}
		}
		if finished, err := net.Wait(ctx, 0, 1, 2); !finished || err != nil {
			t.Errorf("got %v, %v, want all to have finished", finished, err)
		}
	})
}
