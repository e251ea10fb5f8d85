package cmaes_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/cmaes"
	"github.com/rushnet/rush/loops/functions"
	"github.com/rushnet/rush/loops/optimizer"
	"github.com/rushnet/rush/loops/optimizer/optimizertest"
	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/seeds"
)

func simulate(ctx context.Context, sp space.Space, f optimizertest.Evaluate, workers int, evals int64, args rush.Values) (*optimizer.Simulated, error) {
	return optimizertest.Search{Space: sp, Evaluate: f, Workers: workers, Evals: evals, Args: args}.Simulate(ctx, cmaes.Kind())
}

func Example() {
	f, _ := functions.ByName("rosenbrock")
	s, err := simulate(context.Background(), f.Space, f.Evaluate, 4, 1200, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("best %.6f\n", s.Best().Y[0])
	// Output: best 0.000000
}

// rastrigin is full of local minima, shifted from the middle.
func rastrigin(_ context.Context, xs rush.Values) (rush.Values, error) {
	return rush.Values{"y": functions.Rastrigin(xs["x1"].(float64)-1.3, xs["x2"].(float64)+2.2)}, nil
}

// Restarts leave local minima, of either kind; without them the search stays in
// one.
func TestRestartsLeaveLocalMinima(t *testing.T) {
	t.Parallel()
	f, _ := functions.ByName("rastrigin")
	for _, restarts := range []string{"ipop", "bipop"} {
		s, err := simulate(t.Context(), f.Space, rastrigin, 4, 6000, rush.Values{"restarts": restarts})
		if err != nil {
			t.Fatal(err)
		}
		if y := s.Best().Y[0]; y > 1e-6 {
			t.Errorf("%s: the best is %v", restarts, y)
		}
	}
}

// mixed is a space of an integer, a logarithmic one, a switch and a number, with
// its least value, 0, at 17, 30, true and 0.3, and a constraint.
func mixed(t *testing.T) (space.Space, optimizertest.Evaluate) {
	t.Helper()
	sp, err := space.MustNew(
		space.Param{Name: "n", Type: space.Int, Lower: 0, Upper: 20},
		space.Param{Name: "units", Type: space.Int, Lower: 1, Upper: 1000, Log: true},
		space.Param{Name: "on", Type: space.Lgl},
		space.Param{Name: "x", Type: space.Dbl, Lower: 0, Upper: 1},
		space.Param{Name: "epochs", Type: space.Int, Lower: 1, Upper: 9, Fidelity: true},
	).Constrain("n + x <= 18")
	if err != nil {
		t.Fatal(err)
	}
	return sp, func(_ context.Context, xs rush.Values) (rush.Values, error) {
		y := math.Abs(float64(xs["n"].(int64)-17)) + 10*math.Abs(xs["x"].(float64)-0.3) + math.Abs(math.Log(float64(xs["units"].(int64))/30))
		if xs["on"] != true {
			y++
		}
		return rush.Values{"y": y}, nil
	}
}

// Integers are found exactly, and all that is proposed lies in the space.
func TestIntegersAndConstraints(t *testing.T) {
	t.Parallel()
	sp, f := mixed(t)
	for _, workers := range []int{1, 4} {
		s, err := simulate(t.Context(), sp, f, workers, 400, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range s.Points {
			if err := sp.Check(p.XS); err != nil {
				t.Fatal(err)
			}
		}
		if b := s.Best(); b.Y[0] > 0.1 || b.XS["n"] != int64(17) || b.XS["on"] != true {
			t.Errorf("%d workers: the best is %v at %v", workers, b.Y, b.XS)
		}
	}
}

// No point of a space of integers comes twice while there are others, beyond the
// design that comes first.
func TestIntegersComeOnce(t *testing.T) {
	t.Parallel()
	sp := space.MustNew(
		space.Param{Name: "n", Type: space.Int, Lower: 0, Upper: 9}, space.Param{Name: "k", Type: space.Int, Lower: 1, Upper: 9},
		space.Param{Name: "on", Type: space.Lgl},
	)
	s, err := simulate(t.Context(), sp, func(_ context.Context, xs rush.Values) (rush.Values, error) {
		return rush.Values{"y": math.Hypot(float64(xs["n"].(int64)-7), float64(xs["k"].(int64)-2))}, nil
	}, 4, 150, rush.Values{"startup": int64(4)})
	if err != nil {
		t.Fatal(err)
	}
	points := make(map[string]bool)
	for _, p := range s.Points {
		points[fmt.Sprint(p.XS)] = true
	}
	if len(points) < 149 {
		t.Errorf("150 evaluations had %d different points", len(points))
	}
	if y := s.Best().Y[0]; y != 0 {
		t.Errorf("the best is %v", y)
	}
}

// What it cannot search it refuses, with what can.
func TestRefusals(t *testing.T) {
	t.Parallel()
	x := space.Param{Name: "x", Type: space.Dbl, Lower: 0, Upper: 1}
	for want, p := range map[string]space.Param{
		"k is one of 3 levels without an order; use tpe": {Name: "k", Type: space.Fct, Levels: []any{"a", "b", "c"}},
		"z has special values beside its range; use tpe": {Name: "z", Type: space.Dbl, Upper: 1, Special: []any{nil}},
		"z is there only if x > 0.5; use tpe":            {Name: "z", Type: space.Dbl, Upper: 1, Depends: "x > 0.5"},
	} {
		_, err := simulate(t.Context(), space.MustNew(x, p), rastrigin, 1, 10, nil)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error is %v, expected %s", err, want)
		}
	}
}

// Two workers who read the same log have the same distribution, however they
// split it, and points that others pushed or that failed do no harm.
func TestTheStateIsAFunctionOfTheLog(t *testing.T) {
	t.Parallel()
	f, _ := functions.ByName("sphere")
	s, err := simulate(t.Context(), f.Space, func(ctx context.Context, xs rush.Values) (rush.Values, error) {
		if xs["x1"].(float64) < -2 {
			return nil, errors.New("too far left")
		}
		return f.Evaluate(ctx, xs)
	}, 4, 120, nil)
	if err != nil {
		t.Fatal(err)
	}
	pushed := &optimizer.Point{Key: 1000, State: rush.Finished, U: []float64{0.9, 0.9}, Y: []float64{-5}}
	log := append([]*optimizer.Point{pushed}, s.Points...)
	log = append(log, pushed)
	propose := func(piece int) []float64 {
		setting := &optimizer.Setting{Space: f.Space, Codomain: loops.Codomain{{Name: "y", Goal: loops.Minimize}}, Evals: 120, Workers: 4, Seed: seeds.New(1)}
		kind := cmaes.Kind()
		made, _ := kind.Make(nil)
		o, err := made(setting)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i < len(log); i += piece {
			o.Learn(log[i:min(i+piece, len(log))])
		}
		p, err := o.Propose(t.Context(), &optimizer.Request{Key: 2000, Rand: seeds.New(3).Generator()})
		if err != nil {
			t.Fatal(err)
		}
		return p.U
	}
	if diff := cmp.Diff(propose(1), propose(7)); diff != "" {
		t.Error(diff)
	}
	if y := s.Best().Y[0]; y > 1e-3 {
		t.Errorf("the best is %v", y)
	}
}

func BenchmarkPropose(b *testing.B) {
	f, _ := functions.ByName("sphere")
	f, _ = f.InDim(10)
	setting := &optimizer.Setting{Space: f.Space, Codomain: loops.Codomain{{Name: "y", Goal: loops.Minimize}}, Workers: 1, Seed: seeds.New(1)}
	kind := cmaes.Kind()
	made, _ := kind.Make(nil)
	o, err := made(setting)
	if err != nil {
		b.Fatal(err)
	}
	g := seeds.New(1).Generator()
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		p, err := o.Propose(b.Context(), &optimizer.Request{Key: rush.TaskKey(i), Rand: g})
		if err != nil {
			b.Fatal(err)
		}
		o.Learn([]*optimizer.Point{{Key: rush.TaskKey(i), State: rush.Finished, U: p.U, Y: []float64{g.Float64()}, Extra: p.Extra}})
	}
}
