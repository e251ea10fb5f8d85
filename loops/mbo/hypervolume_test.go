package mbo

import (
	"math"
	"testing"

	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/seeds"
)

// The gradient of the logarithm of the expected improvement of the hypervolume is
// that of finite differences.
func TestHypervolumeGradient(t *testing.T) {
	t.Parallel()
	d := newDomain(space.MustNew(
		space.Param{Name: "a", Type: space.Dbl, Lower: 0, Upper: 1}, space.Param{Name: "b", Type: space.Dbl, Lower: 0, Upper: 1}))
	g := seeds.New(3).Generator()
	var data [2]Data
	for range 15 {
		x := d.random(g)
		data[0].X, data[0].Y = append(data[0].X, x), append(data[0].Y, x[0]+x[1]*x[1])
		data[1].X, data[1].Y = append(data[1].X, x), append(data[1].Y, (1-x[0])*(1-x[0])+x[1])
	}
	var models [2]Smooth
	for k := range models {
		var err error
		if models[k], err = newProcess(d, false, nil).smooth(&data[k]); err != nil {
			t.Fatal(err)
		}
	}
	x := data[0].X
	h := newHypervolume(models, x[:4], [2][]float64{x[5], x[6]}, 2)
	for range 20 {
		at, gradient := d.random(g), make([]float64, 2)
		f := h.along(at, []int{0, 1})
		if v := f(at, gradient); math.Abs(v+h.value(at)) > 1e-9 {
			t.Errorf("at %v it is %v along, and %v", at, v, h.value(at))
		}
		if h.value(at) < -100 { // there differences of it are not exact
			continue
		}
		for i := range at {
			const step = 1e-6
			up, down := append([]float64{}, at...), append([]float64{}, at...)
			up[i], down[i] = up[i]+step, down[i]-step
			want := -(h.value(up) - h.value(down)) / (2 * step)
			if math.Abs(gradient[i]-want) > 1e-3*math.Max(1, math.Abs(want)) {
				t.Errorf("at %v by coordinate %d: %v, expected %v", at, i, gradient[i], want)
			}
		}
	}
}
