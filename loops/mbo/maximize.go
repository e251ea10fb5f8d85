package mbo

import (
	"cmp"
	"math"
	"slices"

	"github.com/rushnet/rush/loops/descent"
	"github.com/rushnet/rush/seeds"
)

// A candidate is a place that may be proposed.
type candidate struct {
	u, x  []float64 // the place, and what it settles to
	value float64   // of the criterion
}

// An ascent maximizes a criterion over the domain.
type ascent struct {
	domain    *domain
	criterion landscape
	rand      *seeds.Generator
	around    [][]float64 // the best points, the best first, around which it looks closely
	size      int         // of the models' data, by which it saves time
	models    int         // how many the criterion asks
	brief     bool        // it looks less thoroughly, in about a third of the time
}

// A landscape is what an ascent climbs: an acquisition function of places.
type landscape interface {
	value(x []float64) float64
	// climbable reports whether there is a gradient.
	climbable() bool
	// along returns minus the value with its gradient, which is what a minimization
	// wants, as a function of some of the coordinates of x.
	along(x []float64, moving []int) descent.Function
}

// maximize returns places of which the criterion is large, the best first.
func (a *ascent) maximize() []candidate {
	found := a.screen()
	starts := distinct(found, a.starts())
	for i := range starts {
		a.climb(&starts[i])
	}
	all := append(starts, found...)
	slices.SortStableFunc(all, func(p, q candidate) int { return cmp.Compare(q.value, p.value) })
	return all
}

// work is about how many multiplications a proposal's screening may take.
const work = 3e7

func (a *ascent) candidates() int {
	n := float64(a.size)
	each := float64(a.models) * (n*n/2 + 20*n)
	n = math.Min(math.Max(work/each, 150), 1000)
	if a.brief {
		n /= 3
	}
	return int(n)
}

func (a *ascent) starts() int {
	if a.brief {
		return 1
	}
	if a.size > 250 {
		return 3
	}
	return 5
}

// fewest is how many candidates there should be, mended ones if need be.
const fewest = 20

// screen draws places everywhere and near the best points, and sorts them by the
// criterion.
func (a *ascent) screen() []candidate {
	n := a.candidates()
	found := make([]candidate, 0, n)
	for i := range n {
		u := a.draw(i)
		if x, ok := a.domain.settle(u); ok {
			found = append(found, candidate{u: u, x: x, value: a.criterion.value(x)})
		}
	}
	for i := 0; len(found) < fewest && i < fewest; i++ { // of which hardly a place keeps to the constraints
		u := full(a.domain.space.Mend(a.draw(i), a.rand))
		if x, ok := a.domain.settle(u); ok {
			found = append(found, candidate{u: u, x: x, value: a.criterion.value(x)})
		}
	}
	slices.SortStableFunc(found, func(p, q candidate) int { return cmp.Compare(q.value, p.value) })
	return found
}

// draw draws the i-th candidate: one half everywhere, the other near a good
// point, at steps of all sizes.
func (a *ascent) draw(i int) []float64 {
	if i%2 == 0 || len(a.around) == 0 {
		return a.domain.random(a.rand)
	}
	from := a.around[(i/2)%len(a.around)]
	if i%4 == 1 {
		from = a.around[0]
	}
	step := 0.3 * math.Exp(-7*a.rand.Float64())
	return a.domain.near(from, step, a.rand)
}

// distinct returns the best candidates that are not close to one another.
func distinct(sorted []candidate, n int) []candidate {
	var out []candidate
	for _, c := range sorted {
		if len(out) == n {
			break
		}
		if !slices.ContainsFunc(out, func(o candidate) bool { return distance(o.u, c.u) < 0.02 }) {
			out = append(out, c)
		}
	}
	return out
}

// distance is the largest difference of a coordinate.
func distance(a, b []float64) float64 {
	d := 0.0
	for i := range a {
		d = math.Max(d, math.Abs(a[i]-b[i]))
	}
	return d
}

// climb moves a candidate up, by the gradient in numbers and by trial in
// integers and categories, until neither helps.
func (a *ascent) climb(c *candidate) {
	const rounds = 3
	for range rounds {
		slid := a.slide(c)
		if !a.jump(c) && !slid {
			return
		}
		if a.domain.plain {
			return
		}
	}
}

// slide follows the gradient by the numbers, and reports whether that led
// anywhere.
func (a *ascent) slide(c *candidate) bool {
	if !a.criterion.climbable() {
		return a.wander(c)
	}
	var moving []int
	var begin []float64
	for i, v := range c.x {
		if a.domain.axes[i].continuous() && !math.IsNaN(v) {
			moving, begin = append(moving, i), append(begin, v)
		}
	}
	if len(moving) == 0 {
		return false
	}
	zeros, ones := make([]float64, len(moving)), slices.Repeat([]float64{1}, len(moving))
	r := descent.Minimize(a.criterion.along(c.x, moving), begin, descent.Options{
		Lower: zeros, Upper: ones, Evaluations: 40, Gradient: 1e-5, Decrease: 1e-7, Step: 0.1,
	})
	u := slices.Clone(c.u)
	for k, i := range moving {
		u[i] = r.X[k]
	}
	return a.take(c, u)
}

// wander is slide for a model without a gradient: steps of falling size.
func (a *ascent) wander(c *candidate) bool {
	better := false
	for step := 0.1; step > 1e-4; step *= 0.7 {
		better = a.take(c, a.domain.near(c.u, step, a.rand)) || better
	}
	return better
}

// take moves the candidate to u if that is better.
func (a *ascent) take(c *candidate, u []float64) bool {
	x, ok := a.domain.settle(u)
	if !ok || same(x, c.x) {
		return false
	}
	if v := a.criterion.value(x); v > c.value {
		*c = candidate{u: u, x: x, value: v}
		return true
	}
	return false
}

// jump tries other values of each integer and category.
func (a *ascent) jump(c *candidate) bool {
	better := false
	for i := range a.domain.axes {
		axis := &a.domain.axes[i]
		if axis.fixed || axis.continuous() || math.IsNaN(c.x[i]) {
			continue
		}
		for _, v := range axis.others(c.x[i], a.rand) {
			u := slices.Clone(c.u)
			u[i] = v
			better = a.take(c, u) || better
		}
	}
	return better
}

// others returns other values to try than that at u: all if they are few, else
// neighbors and some that are drawn.
func (a *axis) others(u float64, g *seeds.Generator) []float64 {
	const few = 8
	var out []float64
	if a.cells <= few && !a.uneven {
		for k := range int(a.cells) {
			if v := (float64(k) + 0.5) / a.cells; math.Abs(v-u) > 0.1/a.cells {
				out = append(out, v)
			}
		}
		return out
	}
	if !a.category {
		out = append(out, reflect(u+1/a.cells), reflect(u-1/a.cells))
	}
	for range few - len(out) {
		out = append(out, g.Float64())
	}
	return out
}
