package tpe_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/functions"
	"github.com/rushnet/rush/loops/optimizer"
	"github.com/rushnet/rush/loops/optimizer/optimizertest"
	"github.com/rushnet/rush/loops/pareto"
	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/loops/tpe"
	"github.com/rushnet/rush/seeds"
)

func simulate(ctx context.Context, sp space.Space, f optimizertest.Evaluate, workers int, evals int64, args rush.Values) (*optimizer.Simulated, error) {
	return optimizertest.Search{Space: sp, Evaluate: f, Workers: workers, Evals: evals, Args: args}.Simulate(ctx, tpe.Kind())
}

func Example() {
	f, _ := functions.ByName("branin")
	s, err := simulate(context.Background(), f.Space, f.Evaluate, 4, 100, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("best %.2f\n", s.Best().Y[0])
	// Output: best 0.40
}

// conditional has a category on which others depend, a constraint, a special
// value and a fidelity parameter; its least value, 0, is at the degree 3 of the
// polynomial kernel.
func conditional(t *testing.T) (space.Space, optimizertest.Evaluate) {
	t.Helper()
	sp, err := space.MustNew(
		space.Param{Name: "kernel", Type: space.Fct, Levels: []any{"linear", "rbf", "poly"}},
		space.Param{Name: "gamma", Type: space.Dbl, Lower: 1e-4, Upper: 10, Log: true, Depends: `kernel == "rbf"`},
		space.Param{Name: "degree", Type: space.Int, Lower: 1, Upper: 6, Special: []any{"auto"}, Depends: `kernel == "poly"`},
		space.Param{Name: "cost", Type: space.Dbl, Lower: 0, Upper: 1},
		space.Param{Name: "cache", Type: space.Dbl, Lower: 0, Upper: 1},
		space.Param{Name: "epochs", Type: space.Int, Lower: 1, Upper: 81, Fidelity: true},
	).Constrain("cost + cache <= 1")
	if err != nil {
		t.Fatal(err)
	}
	return sp, func(_ context.Context, xs rush.Values) (rush.Values, error) {
		y := math.Abs(xs["cost"].(float64)-0.7) + math.Abs(xs["cache"].(float64)-0.2)
		switch xs["kernel"] {
		case "linear":
			y += 0.5
		case "rbf":
			y += 0.2 + 0.1*math.Abs(math.Log10(xs["gamma"].(float64)))
		case "poly":
			degree, ok := xs["degree"].(int64)
			if !ok {
				degree = 1
			}
			y += 0.3 * math.Abs(float64(degree-3))
		}
		return rush.Values{"y": y}, nil
	}
}

// In a conditional space with a constraint everything that is proposed lies in
// the space, and the optimum is found; parameter by parameter, something near.
func TestConditionalSpace(t *testing.T) {
	t.Parallel()
	sp, f := conditional(t)
	for _, multivariate := range []bool{true, false} {
		s, err := simulate(t.Context(), sp, f, 4, 200, rush.Values{"multivariate": multivariate})
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range s.Points {
			if err := sp.Check(p.XS); err != nil {
				t.Fatal(err)
			}
		}
		b := s.Best()
		if multivariate && (b.XS["kernel"] != "poly" || b.XS["degree"] != int64(3) || b.Y[0] > 0.1) || b.Y[0] > 0.4 {
			t.Errorf("multivariate %v: the best is %v at %v", multivariate, b.Y, b.XS)
		}
	}
}

// No point of a discrete space is evaluated twice while there are others, by
// four workers either.
func TestDiscreteSpaceIsExhausted(t *testing.T) {
	t.Parallel()
	sp := space.MustNew(
		space.Param{Name: "n", Type: space.Int, Lower: 1, Upper: 6},
		space.Param{Name: "k", Type: space.Fct, Levels: []any{"a", "b", "c"}},
		space.Param{Name: "on", Type: space.Lgl},
	)
	s, err := simulate(t.Context(), sp, func(_ context.Context, xs rush.Values) (rush.Values, error) {
		return rush.Values{"y": float64(xs["n"].(int64))}, nil
	}, 4, 36, rush.Values{"startup": int64(2)})
	if err != nil {
		t.Fatal(err)
	}
	points := make(map[string]bool)
	for _, p := range s.Points {
		points[fmt.Sprint(p.XS)] = true
	}
	if len(points) < 35 { // the two first are drawn blindly
		t.Errorf("36 evaluations had %d different points", len(points))
	}
}

// Points that fail are kept away from: of random ones half would, of those of a
// search at the edge of what fails more.
func TestFailedPointsAreBad(t *testing.T) {
	t.Parallel()
	f, _ := functions.ByName("sphere")
	failed := 0
	s, err := simulate(t.Context(), f.Space, func(ctx context.Context, xs rush.Values) (rush.Values, error) {
		if xs["x1"].(float64) < 0 {
			failed++
			return nil, errors.New("the left half")
		}
		return f.Evaluate(ctx, xs)
	}, 1, 100, nil)
	if err != nil {
		t.Fatal(err)
	}
	if failed > 50 || s.Best().Y[0] > 0.05 {
		t.Errorf("%d of 100 failed, the best is %v", failed, s.Best().Y[0])
	}
}

// All workers that wait are kept away from: after a clear best, several points
// proposed one after the other without a result in between spread.
func TestPendingPointsSpread(t *testing.T) {
	t.Parallel()
	setting := &optimizer.Setting{
		Space:    space.MustNew(space.Param{Name: "x", Type: space.Dbl, Lower: 0, Upper: 1}),
		Codomain: loops.Codomain{{Name: "y", Goal: loops.Minimize}}, Workers: 10, Seed: seeds.New(1),
	}
	kind := tpe.Kind()
	made, _ := kind.Make(nil)
	o, err := made(setting)
	if err != nil {
		t.Fatal(err)
	}
	var ended []*optimizer.Point
	for i := range 40 {
		u := (float64(i) + 0.5) / 40
		ended = append(ended, &optimizer.Point{Key: rush.TaskKey(i), State: rush.Finished, U: []float64{u}, Y: []float64{math.Abs(u - 0.3)}})
	}
	o.Learn(ended)
	spread := func(pending bool) float64 {
		var before []*optimizer.Point
		sum, squares := 0.0, 0.0
		const n = 30
		for i := range n {
			r := &optimizer.Request{Key: rush.TaskKey(40 + 2*i), Rand: seeds.New(int32(i)).Generator()}
			if pending {
				r.Pending = before
			}
			p, err := o.Propose(t.Context(), r)
			if err != nil {
				t.Fatal(err)
			}
			sum, squares = sum+p.U[0], squares+p.U[0]*p.U[0]
			before = append(before, &optimizer.Point{Key: r.Key, State: rush.Running, U: p.U})
		}
		return math.Sqrt(squares/n - sum*sum/n/n)
	}
	if with, without := spread(true), spread(false); with < 1.5*without {
		t.Errorf("proposals have the standard deviation %v beside pending ones, %v without", with, without)
	}
}

// The same seed gives the same points, each time.
func TestTheSameEachTime(t *testing.T) {
	t.Parallel()
	sp, f := conditional(t)
	run := func() []rush.Values {
		s, err := simulate(t.Context(), sp, f, 4, 60, rush.Values{"weights": "recent"})
		if err != nil {
			t.Fatal(err)
		}
		var all []rush.Values
		for _, p := range s.Points {
			all = append(all, p.XS)
		}
		return all
	}
	if diff := cmp.Diff(run(), run()); diff != "" {
		t.Error(diff)
	}
}

func BenchmarkPropose(b *testing.B) {
	for _, n := range []int{500, 2000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			f, _ := functions.ByName("sphere")
			f, _ = f.InDim(10)
			setting := &optimizer.Setting{Space: f.Space, Codomain: loops.Codomain{{Name: "y", Goal: loops.Minimize}}, Workers: 1, Seed: seeds.New(1)}
			kind := tpe.Kind()
			made, _ := kind.Make(nil)
			o, err := made(setting)
			if err != nil {
				b.Fatal(err)
			}
			g := seeds.New(1).Generator()
			for i := range n {
				u, _ := f.Space.ToUnit(f.Space.Sample(g))
				o.Learn([]*optimizer.Point{{Key: rush.TaskKey(i), State: rush.Finished, U: u, Y: []float64{g.Float64()}}})
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := o.Propose(b.Context(), &optimizer.Request{Key: 5000, Rand: g}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// Of several objectives the front is found: more of the hypervolume than random
// points have, of two objectives and of four, for which points are told apart by
// how crowded they are.
func TestSeveralObjectives(t *testing.T) {
	t.Parallel()
	for _, m := range []int{2, 4} {
		sp := space.MustNew(
			space.Param{Name: "x", Type: space.Dbl, Lower: 0, Upper: 1}, space.Param{Name: "y", Type: space.Dbl, Lower: 0, Upper: 1},
			space.Param{Name: "z", Type: space.Dbl, Lower: 0, Upper: 1},
		)
		var c loops.Codomain
		for i := range m {
			c = append(c, loops.Target{Name: fmt.Sprintf("f%d", i), Goal: loops.Minimize})
		}
		f := func(_ context.Context, xs rush.Values) (rush.Values, error) { // distances to places on a line
			ys := make(rush.Values)
			for i := range m {
				at := 0.2 + 0.6*float64(i)/float64(m-1)
				ys[c[i].Name] = math.Hypot(math.Hypot(xs["x"].(float64)-at, xs["y"].(float64)-0.3), xs["z"].(float64)-0.6)
			}
			return ys, nil
		}
		found := func(make optimizer.Make) float64 {
			sim := &optimizer.Simulation{Setting: optimizer.Setting{Space: sp, Codomain: c, Evals: 100, Workers: 4, Seed: seeds.New(1)}, Make: make, Evaluate: f}
			s, err := sim.Run(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			var ys [][]float64
			for _, p := range s.Points {
				ys = append(ys, p.Y)
			}
			return pareto.Hypervolume(ys, slices.Repeat([]float64{1}, m))
		}
		kind := tpe.Kind()
		made, err := kind.Make(nil)
		if err != nil {
			t.Fatal(err)
		}
		if got, random := found(made), found(optimizer.NewRandom); got < random*1.1 {
			t.Errorf("%d objectives: the hypervolume is %v, of random points %v", m, got, random)
		}
	}
}

// The least value that keeps to a constraint on outputs is found, not the least.
func TestConstraintOnOutputs(t *testing.T) {
	t.Parallel()
	least, err := optimizertest.LeastFeasible(t.Context(), tpe.Kind(), 4, 150)
	if err != nil {
		t.Fatal(err)
	}
	if least > 2.1 {
		t.Errorf("the least feasible value is %v, expected about 2", least)
	}
}
