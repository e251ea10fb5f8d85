package mbo_test

import (
	"context"
	"testing"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops/mbo"
	"github.com/rushnet/rush/loops/space"
)

// In a space of parameters that depend on others, with special values and a
// constraint, only points of the space are proposed, and the optimum is found.
func TestConditionalSpace(t *testing.T) {
	t.Parallel()
	sp, err := space.MustNew(
		space.Param{Name: "kernel", Type: space.Fct, Levels: []any{"rbf", "linear", "poly"}},
		space.Param{Name: "gamma", Type: space.Dbl, Lower: 0, Upper: 1, Depends: `kernel == "rbf"`},
		space.Param{Name: "degree", Type: space.Int, Lower: 1, Upper: 6, Depends: `kernel == "poly"`},
		space.Param{Name: "cost", Type: space.Dbl, Lower: 0, Upper: 1},
		space.Param{Name: "depth", Type: space.Int, Lower: 1, Upper: 30, Special: []any{nil}},
		space.Param{Name: "epochs", Type: space.Int, Lower: 1, Upper: 81, Fidelity: true},
	).Constrain("cost <= 0.6")
	if err != nil {
		t.Fatal(err)
	}
	f := func(_ context.Context, xs rush.Values) (rush.Values, error) {
		y := (xs["cost"].(float64) - 0.8) * (xs["cost"].(float64) - 0.8) // 0.04 at the constraint
		switch xs["kernel"] {
		case "rbf":
			y += 4 * (xs["gamma"].(float64) - 0.3) * (xs["gamma"].(float64) - 0.3)
		case "poly":
			y += 0.1 + 0.1*float64(xs["degree"].(int64))
		default:
			y += 0.5
		}
		if xs["depth"] != nil {
			y += 0.2
		}
		return rush.Values{"y": y}, nil
	}
	s, err := simulation(mbo.Kind(), nil, sp, f, 60, 4).Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	checkDistinct(t, s)
	for _, p := range s.Points {
		if err := sp.Check(p.XS); err != nil {
			t.Error(err)
		}
	}
	if y := best(s); y > 0.06 {
		t.Errorf("the best is %v, expected about 0.04", y)
	}
}
