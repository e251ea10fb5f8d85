package loops

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops/space"
)

func TestTheObjectiveGetsThePointAfterItsTrafos(t *testing.T) {
	t.Parallel()
	p := &Problem{
		Space: space.MustNew(
			space.Param{Name: "rate", Type: space.Dbl, Lower: -3, Upper: 0, Trafo: "10^x"},
			space.Param{Name: "units", Type: space.Int, Lower: 1, Upper: 9},
		),
		Codomain: Codomain{{"y", Minimize}},
		Objective: ObjectiveFunc(func(_ context.Context, e *Evaluation) (rush.Values, error) {
			return rush.Values{"y": e.XS["rate"], "units": e.XS["units"]}, nil
		}),
	}
	xs := rush.Values{"rate": -2.0, "units": int64(4)}
	r := p.Try(t.Context(), Evaluation{XS: xs})
	if r.Condition != nil {
		t.Fatal(r.Condition)
	}
	if diff := cmp.Diff(rush.Values{"y": 0.01}, r.YS); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(rush.Values{"units": int64(4), "x_domain.rate": 0.01}, r.Extra); diff != "" {
		t.Error(diff)
	}
	if xs["rate"] != -2.0 {
		t.Error("the task's point was changed")
	}
	r = p.Try(t.Context(), Evaluation{XS: rush.Values{"rate": "high"}}) // which somebody pushed
	if r.Condition == nil || r.Condition.Class != rush.ClassError {
		t.Errorf("a trafo that fails is %v", r.Condition)
	}
}
