package halving_test

import (
	"context"
	"fmt"
	"maps"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/functions"
	"github.com/rushnet/rush/loops/halving"
	"github.com/rushnet/rush/loops/optimizer"
	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/seeds"
)

var epochs = space.Param{Name: "epochs", Type: space.Int, Lower: 1, Upper: 81, Fidelity: true}

// curves is a synthetic learning curve over Branin's function: the error falls with
// the epochs to the function's value, for every point at another speed.
func curves() (space.Space, func(context.Context, rush.Values) (rush.Values, error)) {
	branin, _ := functions.ByName("branin")
	return space.MustNew(append(branin.Space.Params(), epochs)...), func(ctx context.Context, xs rush.Values) (rush.Values, error) {
		x := maps.Clone(xs)
		delete(x, "epochs")
		out, err := branin.Evaluate(ctx, x)
		if err != nil {
			return nil, err
		}
		n := float64(xs["epochs"].(int64))
		speed := 0.5 + 0.5*math.Abs(math.Sin(7*xs["x1"].(float64)))
		return rush.Values{"y": out[functions.Output].(float64) + 30*math.Pow(n, -speed)}, nil
	}
}

func simulation(kind optimizer.Kind, workers int, evals int64, seed int32) *optimizer.Simulation {
	sp, f := curves()
	made, err := kind.Make(nil)
	if err != nil {
		panic(err)
	}
	return &optimizer.Simulation{
		Setting: optimizer.Setting{
			Space: sp, Codomain: loops.Codomain{{Name: "y", Goal: loops.Minimize}}, Evals: evals, Workers: workers, Seed: seeds.New(seed),
		},
		Make: made, Evaluate: f,
		Duration: func(g *seeds.Generator) float64 { return g.Runif(0.5, 1.5) },
	}
}

func run(t *testing.T, s *optimizer.Simulation) []*optimizer.Point {
	t.Helper()
	out, err := s.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return out.Points
}

// spent is the budget of the points until one had at most this value; false if none
// had.
func spent(points []*optimizer.Point, value float64) (budget int64, ok bool) {
	for _, p := range points {
		if budget += p.XS["epochs"].(int64); p.Y[0] <= value {
			return budget, true
		}
	}
	return budget, false
}

func kinds() []optimizer.Kind {
	return []optimizer.Kind{halving.ASHA(), halving.Hyperband(), halving.BOHB()}
}

func ExampleASHA() {
	s, err := simulation(halving.ASHA(), 4, 200, 1).Run(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	tasks := make(map[int64]int)
	for _, p := range s.Points {
		tasks[p.XS["epochs"].(int64)]++
	}
	for _, epochs := range []int64{1, 3, 9, 27, 81} {
		fmt.Printf("%d tasks of %d epochs\n", tasks[epochs], epochs)
	}
	// Output:
	// 118 tasks of 1 epochs
	// 48 tasks of 3 epochs
	// 21 tasks of 9 epochs
	// 9 tasks of 27 epochs
	// 4 tasks of 81 epochs
}

// Every promoted task has the point of the task that it continues, which ended
// one rung below and was among the best third then; nothing is promoted twice.
func TestWhatIsPromotedWasAmongTheBest(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		for _, workers := range []int{1, 4} {
			points := run(t, simulation(kind, workers, 300, 3))
			byKey := make(map[rush.TaskKey]*optimizer.Point)
			for _, p := range points {
				byKey[p.Key] = p
			}
			continued := make(map[rush.TaskKey]bool)
			for _, p := range points {
				from, ok := loops.Continues(p.Extra)
				if !ok {
					if p.Extra[halving.Rung] != int64(0) {
						t.Errorf("%s: task %d, %v, continues none", kind.Name, p.Key, p.Extra)
					}
					continue
				}
				below := byKey[from]
				if continued[from] {
					t.Errorf("%s: task %d was promoted twice", kind.Name, from)
				}
				continued[from] = true
				checkPromotion(t, points, below, p)
			}
			if len(continued) < 50 {
				t.Errorf("%s: %d promotions", kind.Name, len(continued))
			}
		}
	}
}

func checkPromotion(t *testing.T, points []*optimizer.Point, below, p *optimizer.Point) {
	t.Helper()
	x, y := maps.Clone(below.XS), maps.Clone(p.XS)
	delete(x, "epochs")
	delete(y, "epochs")
	if !cmp.Equal(x, y) || p.XS["epochs"] != 3*below.XS["epochs"].(int64) || p.Extra[halving.Rung] != below.Extra[halving.Rung].(int64)+1 {
		t.Errorf("%v %v continues %v %v", p.XS, p.Extra, below.XS, below.Extra)
	}
	n, better := 0, 0 // of those of the rung at the end of the run
	for _, q := range points {
		if q.Extra[halving.Bracket] == below.Extra[halving.Bracket] && q.Extra[halving.Rung] == below.Extra[halving.Rung] && q.Key < p.Key {
			if n++; q.Y[0] < below.Y[0] {
				better++
			}
		}
	}
	if 3*(better+1) > n+12 { // those that were running then, or ended since, are among them
		t.Errorf("task %d was promoted from rank %d of %d", below.Key, better+1, n)
	}
}

// Four workers, each with an optimizer of its own, run as often as one has it.
func TestTheSameSeedGivesTheSamePoints(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		a, b := run(t, simulation(kind, 4, 150, 5)), run(t, simulation(kind, 4, 150, 5))
		for i := range a {
			if !cmp.Equal(a[i].XS, b[i].XS) || !cmp.Equal(a[i].Extra, b[i].Extra) {
				t.Fatalf("%s: task %d is %v once and %v then", kind.Name, i, a[i].XS, b[i].XS)
			}
		}
	}
}

// Random search gives every point all the epochs. To come as near to the best value
// as it does with 100 points, each of these spends less.
func TestLessIsSpentThanAtRandom(t *testing.T) {
	t.Parallel()
	const rounds, evals = 5, 100
	for _, kind := range kinds() {
		var theirs, ours int64
		for seed := range int32(rounds) {
			random := simulation(kind, 4, evals, seed)
			random.Make = optimizer.NewRandom
			points := run(t, random)
			best := math.Inf(1)
			for _, p := range points {
				best = min(best, p.Y[0])
			}
			budget, _ := spent(points, best)
			theirs += budget
			budget, ok := spent(run(t, simulation(kind, 4, 1000, seed)), best)
			if !ok {
				t.Errorf("%s, seed %d: it did not come to %v with a budget of %d", kind.Name, seed, best, budget)
			}
			ours += budget
		}
		t.Logf("%s: %d epochs in %d rounds; random %d", kind.Name, ours, rounds, theirs)
		if ours >= theirs {
			t.Errorf("%s spent %d epochs, random search %d", kind.Name, ours, theirs)
		}
	}
}
