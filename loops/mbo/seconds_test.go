package mbo

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/diff/fd"

	"github.com/rushnet/rush/loops/acquisition"
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
	c.seconds = time
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
