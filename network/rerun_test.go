package network_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/network"
)

// A program evaluates the tasks of its own functions again, with the same
// result, and nothing is stored.
func TestAProgramEvaluatesATaskAgain(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		ctx, net := within(t), open(t, url)
		start(t, ctx, net, network.Workers{N: 1, Objective: "add"})
		keys, err := net.PushTasks(ctx, []rush.Task{
			{XS: rush.Values{"x1": int64(1), "x2": int64(2)}},
			{Options: rush.Options{Function: "draw"}},
			{Options: rush.Options{Function: "scaled"}, Captured: rush.Values{"by": int64(3)}},
		})
		if err != nil {
			t.Fatal(err)
		}
		before := ended(t, ctx, net, keys...)
		p := &loops.Problem{
			Objective: loops.ObjectiveFunc(add),
			Functions: map[string]loops.Objective{"draw": loops.ObjectiveFunc(draw), "scaled": loops.ObjectiveFunc(scaled)},
		}
		for i, want := range []rush.Values{before[0].YS, before[1].YS, {"y": int64(3)}} {
			got, err := net.Rerun(ctx, p, keys[i])
			if diff := cmp.Diff(want, got.YS); err != nil || diff != "" || got.Condition != nil {
				t.Errorf("task %d: got %+v, %v (-want +got):\n%s", i, got, err, diff)
			}
		}
		if diff := cmp.Diff(before, ended(t, ctx, net, keys...)); diff != "" {
			t.Errorf("something was stored (-before +after):\n%s", diff)
		}
		if _, err := net.Rerun(ctx, p, 17); !errors.Is(err, rush.ErrNoTask) {
			t.Errorf("got error %v; expected that there is no such task", err)
		}
		delete(p.Functions, "draw")
		if _, err := net.Rerun(ctx, p, keys[1]); err == nil || !strings.Contains(err.Error(), "the function draw") {
			t.Errorf("got error %v; expected one that names the function", err)
		}
	})
}

// scaled returns what its task captured. No worker serves it.
func scaled(_ context.Context, e *loops.Evaluation) (rush.Values, error) {
	return rush.Values{"y": e.Constants["by"]}, nil
}
