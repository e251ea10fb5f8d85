package localsearch_test

import (
	"context"
	"fmt"
	"math"
	"testing"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/functions"
	"github.com/rushnet/rush/loops/localsearch"
	"github.com/rushnet/rush/loops/optimizer"
	"github.com/rushnet/rush/loops/optimizer/optimizertest"
	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/seeds"
)

func simulate(ctx context.Context, sp space.Space, evaluate func(context.Context, rush.Values) (rush.Values, error), evals int64) (*optimizer.Simulated, error) {
	kind := localsearch.Kind()
	made, err := kind.Make(nil)
	if err != nil {
		return nil, err
	}
	return (&optimizer.Simulation{
		Setting: optimizer.Setting{Space: sp, Codomain: loops.Codomain{{Name: "y", Goal: loops.Minimize}}, Evals: evals, Workers: 4, Seed: seeds.New(1)},
		Make:    made, Evaluate: evaluate,
	}).Run(ctx)
}

func Example() {
	f, _ := functions.ByName("himmelblau")
	s, err := simulate(context.Background(), f.Space, f.Evaluate, 200)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("best %.2f\n", s.Best().Y[0])
	// Output: best 0.01
}

// The optimum of a mixed space is found, and all that is proposed lies in it.
func TestMixedSpace(t *testing.T) {
	t.Parallel()
	sp := space.MustNew(
		space.Param{Name: "x", Type: space.Dbl, Lower: 1e-4, Upper: 1, Log: true},
		space.Param{Name: "n", Type: space.Int, Lower: 1, Upper: 20},
		space.Param{Name: "k", Type: space.Fct, Levels: []any{"a", "b", "c"}},
		space.Param{Name: "on", Type: space.Lgl},
	)
	s, err := simulate(t.Context(), sp, func(_ context.Context, xs rush.Values) (rush.Values, error) {
		y := math.Abs(math.Log10(xs["x"].(float64))+2) + math.Abs(float64(xs["n"].(int64)-7))
		if xs["k"] != "b" {
			y++
		}
		if xs["on"] != true {
			y++
		}
		return rush.Values{"y": y}, nil
	}, 300)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range s.Points {
		if err := sp.Check(p.XS); err != nil {
			t.Fatal(err)
		}
	}
	if y := s.Best().Y[0]; y > 0.05 {
		t.Errorf("the best is %v, expected about 0", y)
	}
}

// Feasible points are better than all others: the least of them is found.
func TestConstraintOnOutputs(t *testing.T) {
	t.Parallel()
	least, err := optimizertest.LeastFeasible(t.Context(), localsearch.Kind(), 2, 200)
	if err != nil {
		t.Fatal(err)
	}
	if least > 2.2 {
		t.Errorf("the least feasible value is %v, expected about 2", least)
	}
}
