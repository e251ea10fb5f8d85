package chain_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/chain"
	"github.com/rushnet/rush/loops/functions"
	"github.com/rushnet/rush/loops/optimizer"
	"github.com/rushnet/rush/loops/tpe"
	"github.com/rushnet/rush/seeds"
)

func simulate(ctx context.Context, made optimizer.Make, workers int, evals int64) ([]*optimizer.Point, error) {
	branin, _ := functions.ByName("branin")
	s, err := (&optimizer.Simulation{
		Setting: optimizer.Setting{
			Space: branin.Space, Codomain: loops.Codomain{{Name: functions.Output, Goal: loops.Minimize}},
			Evals: evals, Workers: workers, Seed: seeds.New(1),
		},
		Make: made, Evaluate: branin.Evaluate,
	}).Run(ctx)
	if err != nil {
		return nil, err
	}
	return s.Points, nil
}

func Example() {
	kind := tpe.Kind()
	model, err := kind.Make(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	made, err := chain.Make(chain.Part{Name: "random_search", Make: optimizer.NewRandom, Evals: 20}, chain.Part{Name: "tpe", Make: model})
	if err != nil {
		fmt.Println(err)
		return
	}
	points, err := simulate(context.Background(), made, 4, 100)
	if err != nil {
		fmt.Println(err)
		return
	}
	of := make(map[any]int)
	for _, p := range points {
		of[p.Extra[chain.LoopName]]++
	}
	fmt.Println(of)
	// Output: map[random_search:20 tpe:80]
}

// A counter tells what it was told, and proposes for some tasks only.
type counter struct {
	optimizer.Random
	evals   int64 // that it was told there will be
	learned int
	most    int // it is exhausted then; 0 is never
}

func (c *counter) Learn(points []*optimizer.Point) { c.learned += len(points) }

func (c *counter) Propose(ctx context.Context, r *optimizer.Request) (optimizer.Proposal, error) {
	if c.most > 0 && c.learned >= c.most {
		return optimizer.Proposal{}, optimizer.ErrExhausted
	}
	p, err := c.Random.Propose(ctx, r)
	p.Extra = rush.Values{"evals": c.evals, "learned": int64(c.learned)}
	return p, err
}

func counting(most int) optimizer.Make {
	return func(s *optimizer.Setting) (optimizer.Optimizer, error) {
		return &counter{Random: optimizer.Random{Setting: s}, evals: s.Evals, most: most}, nil
	}
}

// Each part has its tasks by number, learns what all have found, and knows when it is
// over. A part that is exhausted leaves the rest to the next, and the end of the last
// is that of the run.
func TestPartsFollowEachOther(t *testing.T) {
	t.Parallel()
	made, err := chain.Make(
		chain.Part{Name: "a", Make: counting(0), Evals: 2}, chain.Part{Name: "b", Make: counting(3), Evals: 5}, chain.Part{Name: "c", Make: counting(0), Evals: 1})
	if err != nil {
		t.Fatal(err)
	}
	points, err := simulate(t.Context(), made, 1, 20)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range points {
		got = append(got, fmt.Sprint(p.Extra[chain.LoopName], p.Extra["evals"], p.Extra["learned"]))
	}
	if diff := cmp.Diff([]string{"a2 0", "a2 1", "b7 2", "c8 3", "c8 4", "c8 5", "c8 6", "c8 7"}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestOnlyTheLastPartMayHaveNoEnd(t *testing.T) {
	t.Parallel()
	if _, err := chain.Make(); err == nil || !strings.Contains(err.Error(), "expected one at least") {
		t.Error(err)
	}
	_, err := chain.Make(chain.Part{Name: "a", Make: counting(0)}, chain.Part{Name: "b", Make: counting(0)})
	if err == nil || !strings.Contains(err.Error(), "part 1 of the chain, a, has no evals, so that b would never begin") {
		t.Error(err)
	}
}
