package tpe

import (
	"context"
	"math"
	"testing"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/optimizer"
	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/seeds"
)

// A mutant is one of the good points but for one parameter that is active there, and
// for those that this makes active.
func TestMutants(t *testing.T) {
	t.Parallel()
	sp := space.MustNew(
		space.Param{Name: "k", Type: space.Fct, Levels: []any{"a", "b"}},
		space.Param{Name: "x", Type: space.Dbl, Lower: 0, Upper: 1},
		space.Param{Name: "y", Type: space.Dbl, Lower: 0, Upper: 1, Depends: `k == "b"`},
	)
	s := &Search{axes: axesOf(sp), options: options{prior: 1}}
	var points []*observation
	for i := range 5 {
		points = append(points, s.observe(&optimizer.Point{Key: rush.TaskKey(i), U: []float64{0.25, float64(i) / 5, math.NaN()}}))
	}
	m := s.newMixture(weigh(points), s.chosen(), 0.1)
	g, at := seeds.New(1).Generator(), make([]place, 3)
	changed := make([]int, 2)
	for range 200 {
		m.mutate(at, g)
		isPoint := false
		for _, p := range points {
			isPoint = isPoint || p.places[1].at == at[1].at
		}
		switch {
		case !isPoint && at[0].category == 0:
			changed[1]++
		case isPoint && at[0].category == 1:
			changed[0]++
		case !isPoint:
			t.Fatalf("two parameters have changed: %v", at)
		}
		if at[2].category == nowhere {
			t.Fatal("there is no place for what may become active")
		}
	}
	if changed[0] < 30 || changed[1] < 70 { // about 50, as half the levels are as they were, and about 100
		t.Errorf("of 200 mutants %d changed the category and %d the number", changed[0], changed[1])
	}
}

// The search has settled when little was gained for long, beside what there was to
// gain, and not before there is a feasible point.
func TestSettled(t *testing.T) {
	t.Parallel()
	learn := func(violated int, y ...float64) *Search {
		s := &Search{axes: axesOf(space.MustNew(space.Param{Name: "x", Type: space.Dbl, Lower: 0, Upper: 1}))}
		for i, v := range y {
			p := &optimizer.Point{Key: rush.TaskKey(i), U: []float64{0.5}, Y: []float64{v}, Violation: []float64{0}}
			if i < violated {
				p.Violation[0] = 1
			}
			s.Learn([]*optimizer.Point{p})
		}
		return s
	}
	falling, resting := make([]float64, 40), make([]float64, 40)
	for i := range falling {
		falling[i], resting[i] = float64(-i), float64(-min(i, 10))+0.01*float64(i%3)
	}
	for name, c := range map[string]struct {
		s    *Search
		want bool
	}{
		"falling": {learn(0, falling...), false}, "resting": {learn(0, resting...), true}, "feasible for long": {learn(5, resting...), true},
		"feasible for a while": {learn(30, resting...), false}, "too few": {learn(0, resting[:15]...), false},
	} {
		if got := c.s.settled(); got != c.want {
			t.Errorf("%s: settled is %v, expected %v", name, got, c.want)
		}
	}
}

// A function with two minima along each of six parameters, one less than the other
// (Styblinski and Tang 1990): with mutants more of the 64 are the right one.
func TestMutantsLeaveLocalMinima(t *testing.T) {
	t.Parallel()
	var params []space.Param
	for _, name := range []string{"a", "b", "c", "d", "e", "f"} {
		params = append(params, space.Param{Name: name, Type: space.Dbl, Lower: -5, Upper: 5})
	}
	sp := space.MustNew(params...)
	found := func(args rush.Values) float64 {
		kind, sum := Kind(), 0.0
		made, err := kind.Make(args)
		if err != nil {
			t.Fatal(err)
		}
		for seed := range int32(4) {
			s, err := (&optimizer.Simulation{
				Setting: optimizer.Setting{Space: sp, Codomain: loops.Codomain{{Name: "y", Goal: loops.Minimize}}, Evals: 250, Workers: 1, Seed: seeds.New(seed + 1)},
				Make:    made, Evaluate: func(_ context.Context, xs rush.Values) (rush.Values, error) {
					y := 0.0
					for _, v := range xs {
						x := v.(float64)
						y += (x*x*x*x - 16*x*x + 5*x) / 2
					}
					return rush.Values{"y": y}, nil
				},
			}).Run(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			sum += s.Best().Y[0]
		}
		return sum / 4
	}
	with, without := found(nil), found(rush.Values{"mutate": false})
	if with > without-5 { // a wrong minimum costs 14
		t.Errorf("the mean of the least values is %v with mutants, %v without", with, without)
	}
}
