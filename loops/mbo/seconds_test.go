package mbo

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/diff/fd"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/acquisition"
	"github.com/rushnet/rush/loops/optimizer"
	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/seeds"
)

// Of two places that promise the same, the one that takes less time is better;
// and the gradient is that of finite differences.
func TestPerSecond(t *testing.T) {
	t.Parallel()
	d := newDomain(space.MustNew(
		space.Param{Name: "a", Type: space.Dbl, Lower: 0, Upper: 1}, space.Param{Name: "b", Type: space.Dbl, Lower: 0, Upper: 1},
	))
	g := seeds.New(3).Generator()
	data, seconds := &Data{Seen: 30}, &Data{Seen: 30}
	for range 30 {
		u := d.random(g)
		data.X, data.Y = append(data.X, u), append(data.Y, (u[0]-0.5)*(u[0]-0.5)+u[1]) // symmetric in a
		seconds.X, seconds.Y = append(seconds.X, u), append(seconds.Y, 2*u[0])
	}
	model, err := newProcess(d, true, nil).smooth(data)
	if err != nil {
		t.Fatal(err)
	}
	time, err := newProcess(d, false, nil).smooth(seconds)
	if err != nil {
		t.Fatal(err)
	}
	c := newCriterion(model, acquisition.LCB{Lambda: 0}, 2)
	c.seconds, c.share = time, 0.7
	if fast, slow := c.value([]float64{0.2, 0.3}), c.value([]float64{0.8, 0.3}); fast <= slow {
		t.Errorf("the fast place has %v, the slow one %v", fast, slow)
	}
	f, at := c.along([]float64{0.3, 0.6}, []int{0, 1}), []float64{0.3, 0.6}
	got := make([]float64, 2)
	f(at, got)
	want := fd.Gradient(nil, func(x []float64) float64 { return -c.value(x) }, at, &fd.Settings{Formula: fd.Central})
	for i := range got {
		if math.Abs(got[i]-want[i]) > 1e-5*(1+math.Abs(want[i])) {
			t.Errorf("the derivatives are %v, expected %v", got, want)
		}
	}
}

// What an evaluation takes counts from 1 down to 0 at the end of the budget (Lee et
// al. 2020: the exponent of the cost is the share of the budget that is left), and less
// and less without one.
func TestCooled(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ ended, evals, want float64 }{
		{0, 200, 1}, {50, 200, 0.75}, {200, 200, 0}, {250, 200, 0}, {0, 0, 1}, {100, 0, 0.5}, {900, 0, 0.1},
	} {
		if got := cooled(c.ended, c.evals); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("after %v of %v evaluations it is %v, expected %v", c.ended, c.evals, got, c.want)
		}
	}
}

// An optimum that takes ten times as long as the middle of the space is found, all
// the same.
func TestSearchPerSecond(t *testing.T) {
	t.Parallel()
	k := Kind()
	made, err := k.Make(rush.Values{"acquisition": "ei_per_second"})
	if err != nil {
		t.Fatal(err)
	}
	setting := &optimizer.Setting{
		Space: square2(), Evals: 40, Workers: 1, Seed: seeds.New(1), Codomain: loops.Codomain{{Name: "y", Goal: loops.Minimize}},
	}
	o, err := made(setting)
	if err != nil {
		t.Fatal(err)
	}
	least := math.Inf(1)
	for i := range setting.Evals {
		p, err := o.Propose(t.Context(), &optimizer.Request{Key: rush.TaskKey(i), Rand: setting.Seed.Task(i).Proposal().Generator()})
		if err != nil {
			t.Fatal(err)
		}
		a, b := p.U[0]-0.85, p.U[1]-0.9
		y := a*a + b*b
		least = min(least, y)
		o.Learn([]*optimizer.Point{{Key: rush.TaskKey(i), State: rush.Finished, U: p.U, Y: []float64{y}, Seconds: math.Pow(10, 2*p.U[0]+2*p.U[1])}})
	}
	if least > 1e-3 {
		t.Errorf("the least value is %v, expected less than 0.001", least)
	}
}
