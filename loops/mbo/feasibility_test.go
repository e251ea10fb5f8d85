package mbo

import (
	"context"
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/diff/fd"
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/acquisition"
	"github.com/rushnet/rush/loops/compare"
	"github.com/rushnet/rush/loops/optimizer"
	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/seeds"
)

func square2() space.Space {
	return space.MustNew(
		space.Param{Name: "a", Type: space.Dbl, Lower: 0, Upper: 1}, space.Param{Name: "b", Type: space.Dbl, Lower: 0, Upper: 1},
	)
}

// believed has seen two constraints at some places, the first of which is kept to
// where a is below 0.6, and the objective a + b.
func believed(t *testing.T) (*Data, Smooth, *feasibility) {
	t.Helper()
	d, g := newDomain(square2()), seeds.New(3).Generator()
	a, data := &archive{constraints: make([][]float64, 2)}, &Data{Seen: 25}
	for range 25 {
		u := d.random(g)
		a.x, a.y, a.violation = append(a.x, u), append(a.y, u[0]+u[1]), append(a.violation, 0)
		a.constraints[0] = append(a.constraints[0], u[0]-0.6)
		a.constraints[1] = append(a.constraints[1], 30*(0.5-u[1]*u[0]))
	}
	data.X, data.Y = a.x, a.y
	model, err := newProcess(d, true, nil).smooth(data)
	if err != nil {
		t.Fatal(err)
	}
	f, err := (&limits{domain: d}).learn(a, a.data, nil)
	if err != nil {
		t.Fatal(err)
	}
	return data, model, f
}

// The probability is the product of those of normal distributions that the models
// predict, and the gradient of the whole criterion that of finite differences.
func TestFeasibility(t *testing.T) {
	t.Parallel()
	_, model, f := believed(t)
	if len(f.models) != 2 {
		t.Fatalf("%d constraints were learned, expected 2", len(f.models))
	}
	c := newCriterion(model, acquisition.LogEI{Best: 0.3}, 2)
	c.feasible = f
	for _, x := range [][]float64{{0.2, 0.3}, {0.55, 0.9}, {0.605, 0.8}} {
		want := 0.0
		for k, m := range f.models {
			mean, variance := m.Predict(x)
			want += math.Log(distuv.Normal{Mu: mean, Sigma: math.Sqrt(variance)}.CDF(f.kept[k].Best))
		}
		if got := f.log(x); math.Abs(got-want) > 1e-6*(1+math.Abs(want)) && want > -30 {
			t.Errorf("the logarithm of the probability at %v is %v, expected %v", x, got, want)
		}
		got := make([]float64, 2)
		c.along(x, []int{0, 1})(x, got)
		derivatives := fd.Gradient(nil, func(x []float64) float64 { return -c.value(x) }, x, &fd.Settings{Formula: fd.Central})
		for i := range got {
			if math.Abs(got[i]-derivatives[i]) > 1e-3*(1+floats.Norm(derivatives, 2)) {
				t.Errorf("the derivatives at %v are %v, expected %v", x, got, derivatives)
			}
		}
	}
	if in, out := math.Exp(f.log([]float64{0.59, 0.99})), math.Exp(f.log([]float64{0.65, 0.99})); in < 0.5 || out > 0.5 {
		t.Errorf("the probabilities on both sides of the boundary are %v and %v", in, out)
	}
}

// The scale keeps the sign and the order and does not depend on the constraint's
// unit; what failed and what is infinite is as bad as the worst.
func TestBilog(t *testing.T) {
	t.Parallel()
	column := []float64{-3, -0.5, 0, 2, 1e6, math.Inf(1), math.NaN(), math.Inf(-1)}
	got := bilog(column)
	if !slices.IsSorted(got[:5]) || got[2] != 0 || got[5] != got[4] || got[6] != got[4] || !(got[0] < 0) || !(got[7] < 0) {
		t.Errorf("found %v", got)
	}
	if want := -math.Log(2); math.Abs(got[0]-want) > 1e-12 { // 3 is the median size
		t.Errorf("minus the median size is %v, expected -log 2", got[0])
	}
	for i := range column {
		column[i] *= 1e-9
	}
	for i, v := range bilog(column) {
		if math.Abs(v-got[i]) > 1e-12*(1+math.Abs(v)) {
			t.Errorf("in another unit it is %v, was %v", v, got[i])
		}
	}
}

// TestConstraintsOnOutputs minimizes a sum in a ball that has a fortieth of the
// space: its least value there is known.
func TestConstraintsOnOutputs(t *testing.T) {
	t.Parallel()
	var params []space.Param
	for _, name := range []string{"a", "b", "c", "d"} {
		params = append(params, space.Param{Name: name, Type: space.Dbl, Lower: 0, Upper: 1})
	}
	ball := func(_ context.Context, xs rush.Values) (rush.Values, error) {
		y, outside := 0.0, -0.09
		for _, p := range params { // in their order, so that sums are rounded alike
			v := xs[p.Name].(float64)
			y += v
			outside += (v - 0.7) * (v - 0.7)
		}
		return rush.Values{"y": y, "outside": outside, "never": -1.0}, nil
	}
	least := 4*0.7 - 2*0.3 // the nearest to the origin, along the diagonal
	for name, args := range map[string]rush.Values{
		"log_ei": nil, "ei": {"acquisition": "ei"}, "pi": {"acquisition": "pi"}, "lcb": {"acquisition": "lcb"}, "forest": {"surrogate": "forest"},
	} {
		k := Kind()
		made, err := k.Make(args)
		if err != nil {
			t.Fatal(err)
		}
		sim := &optimizer.Simulation{
			Setting: optimizer.Setting{
				Space: space.MustNew(params...), Evals: 40, Workers: 4, Seed: seeds.New(2),
				Codomain: loops.Codomain{{Name: "y", Goal: loops.Minimize}, {Name: "outside", Goal: loops.Constraint}, {Name: "never", Goal: loops.Constraint}},
			},
			Make: made, Evaluate: ball, Duration: func(g *seeds.Generator) float64 { return g.Runif(0.5, 1.5) },
		}
		s, err := sim.Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		best, told := math.Inf(1), false
		for _, p := range s.Points {
			if _, ok := p.Extra["feasible"]; ok {
				told = true
			}
			if p.Violation[0] <= 0 {
				best = min(best, p.Y[0])
			}
		}
		if tolerance := map[bool]float64{true: 0.2, false: 0.05}[name == "forest"]; !(best < least+tolerance) {
			t.Errorf("%s: the least feasible value is %v, expected about %v", name, best, least)
		}
		if !told {
			t.Errorf("%s: no proposal says how likely it is feasible", name)
		}
	}
}

// With two objectives and a constraint, most of what is proposed is feasible.
func TestHypervolumeWithConstraint(t *testing.T) {
	t.Parallel()
	k := HypervolumeKind()
	made, err := k.Make(nil)
	if err != nil {
		t.Fatal(err)
	}
	sim := &optimizer.Simulation{
		Setting: optimizer.Setting{
			Space: square2(), Evals: 40, Workers: 2, Seed: seeds.New(1),
			Codomain: loops.Codomain{{Name: "y", Goal: loops.Minimize}, {Name: "z", Goal: loops.Minimize}, {Name: "c", Goal: loops.Constraint}},
		},
		Make: made, Evaluate: func(_ context.Context, xs rush.Values) (rush.Values, error) {
			a, b := xs["a"].(float64), xs["b"].(float64)
			return rush.Values{"y": a, "z": b, "c": 0.9 - math.Hypot(a, b)}, nil // the front is an arc
		},
	}
	s, err := sim.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	onArc := 0
	for _, p := range s.Points[20:] {
		if r := math.Hypot(p.Y[0], p.Y[1]); r >= 0.9 && r < 0.95 {
			onArc++
		}
	}
	if onArc < 6 { // of random points there are 1.5
		t.Errorf("%d of the last 20 points are feasible and close to the front, expected 6 at least", onArc)
	}
}

// A search for a small feasible region does not stay on the boundary of it, where the
// probability to be feasible is a half: with this seed it once did.
func TestWhatIsFeasibleIsFound(t *testing.T) {
	t.Parallel()
	ball, _ := compare.Lookup("ball4")
	k := Kind()
	made, err := k.Make(nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := (&optimizer.Simulation{
		Setting: optimizer.Setting{Space: ball.Space, Codomain: ball.Codomain(), Evals: 30, Workers: 1, Seed: seeds.New(2)},
		Make:    made, Evaluate: ball.Evaluate,
	}).Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	feasible := 0
	for _, p := range s.Points {
		if p.Violation[0] <= 0 {
			feasible++
		}
	}
	if feasible < 4 {
		t.Errorf("%d of 30 points are feasible, expected 4 at least", feasible)
	}
}

// With something to spare a place is less likely to be feasible, and how much is to be
// spared differs from proposal to proposal.
func TestSomethingToSpare(t *testing.T) {
	t.Parallel()
	_, _, f := believed(t)
	g := seeds.New(1).Generator()
	x := []float64{0.5, 0.9}
	first, second := f.inside(g).log(x), f.inside(g).log(x)
	if plain := f.log(x); first >= plain || second >= plain || first == second {
		t.Errorf("the logarithms are %v and %v, and %v with nothing to spare", first, second, plain)
	}
	if (*feasibility)(nil).inside(g) != nil {
		t.Error("nothing is believed of no constraints")
	}
}

// TestConstraintsThatHardlyAPointKeepsTo minimizes along a thin diagonal, of which random
// candidates are none.
func TestConstraintsThatHardlyAPointKeepsTo(t *testing.T) {
	t.Parallel()
	s, err := space.MustNew(space.Param{Name: "a", Type: space.Dbl, Lower: 0, Upper: 1}, space.Param{Name: "b", Type: space.Dbl, Lower: 0, Upper: 1}).Constrain("abs(a - b) < 0.0001")
	if err != nil {
		t.Fatal(err)
	}
	k := Kind()
	made, err := k.Make(nil)
	if err != nil {
		t.Fatal(err)
	}
	out, err := (&optimizer.Simulation{
		Setting: optimizer.Setting{Space: s, Codomain: loops.Codomain{{Name: "y", Goal: loops.Minimize}}, Evals: 20, Workers: 2, Seed: seeds.New(4)},
		Make:    made,
		Evaluate: func(_ context.Context, xs rush.Values) (rush.Values, error) {
			return rush.Values{"y": math.Abs(xs["a"].(float64) - 0.3)}, nil
		},
	}).Run(t.Context())
	if err != nil || len(out.Points) != 20 || out.Best().Y[0] > 0.01 {
		t.Fatalf("%v, %d points, the best %+v", err, len(out.Points), out.Best())
	}
}
