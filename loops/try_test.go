package loops_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
)

func TestTryScoresOutsideOfANetwork(t *testing.T) {
	t.Parallel()
	p := &loops.Problem{
		Codomain:  loops.Codomain{{Name: "y", Goal: loops.Minimize}},
		Constants: rush.Values{"c": int64(2)},
		Task:      rush.Options{Timeout: 50 * time.Millisecond},
		Objective: loops.ObjectiveFunc(func(ctx context.Context, e *loops.Evaluation) (rush.Values, error) {
			switch e.XS["do"] {
			case "panic":
				panic("no")
			case "report":
				stop, err := e.Report(ctx, 1, rush.Values{"y": 0.5, "more": e.ShouldStop(ctx)})
				if stop {
					return nil, errors.New("told to stop outside of a network")
				}
				return nil, err
			case "wait":
				<-ctx.Done()
				return nil, ctx.Err()
			}
			e.Log.Info("is there")
			return rush.Values{"y": e.Constants["c"], "task": int64(e.Task)}, nil
		}),
	}
	r := p.Try(t.Context(), loops.Evaluation{XS: rush.Values{"do": "well"}, Task: 3, Attempt: 1})
	if r.Condition != nil || r.Key != 3 || r.Attempt != 1 {
		t.Fatalf("got %+v, want task 3 finished", r)
	}
	if diff := cmp.Diff([]rush.Values{{"y": 2.0}, {"task": int64(3)}}, []rush.Values{r.YS, r.Extra}); diff != "" {
		t.Errorf("ys and extras (-want +got):\n%s", diff)
	}
	r = p.Try(t.Context(), loops.Evaluation{XS: rush.Values{"do": "report"}})
	if diff := cmp.Diff([]rush.Values{{"y": 0.5}, {"more": false}}, []rush.Values{r.YS, r.Extra}); r.Condition != nil || diff != "" {
		t.Errorf("condition %v; what was reported last (-want +got):\n%s", r.Condition, diff)
	}
	for do, want := range map[string]string{"panic": "error: the objective panicked: no", "wait": "timeout: the objective ran longer than 50ms"} {
		r := p.Try(t.Context(), loops.Evaluation{XS: rush.Values{"do": do}})
		if r.Condition == nil || !strings.HasPrefix(r.Condition.Error(), want) || r.YS != nil {
			t.Errorf("%s: got %v and ys %v, want %s", do, r.Condition, r.YS, want)
		}
	}
}
