package forest

import (
	"cmp"
	"math"
	"slices"

	"github.com/rushnet/rush/loops/sobol"
)

// An Importance says which part of the variance of a forest's expectation, over
// the whole unit cube, inputs explain.
type Importance struct {
	Variance float64
	// Main is which part of it each input explains alone, from 0 to 1.
	Main []float64
	// Pairs is what the inputs i < j explain together beyond what each does alone,
	// as Pairs[i][j-i-1]; nil if it was not asked for.
	Pairs [][]float64
}

// places is how many the variance is measured at, and resolution how many
// coordinates of a number pairs are measured at.
const places, resolution = 8192, 32

// Importance decomposes the variance of the forest's expectation (Hutter, Hoos and
// Leyton-Brown 2014), where every input is independent of the others and uniform,
// or inactive with its probability ([Input]).
//
// What the forest expects at a value of one input, or of two, over all the others
// is exact: the mean of what its trees do. The paper decomposes each tree and
// averages the shares; but a single tree is rough, and its roughness counts as an
// interaction of all the inputs, which hides most of what the inputs do. The
// variance of the forest's mean, to which the shares refer, is measured at 8192
// places of a Sobol' sequence, since it has no such formula; that of a pair on a
// grid of 32 values for each number. If the forest tells nothing apart the shares
// are 0.
func (f *Forest) Importance(pairs bool) Importance {
	d := len(f.inputs)
	r := Importance{Variance: f.variance(), Main: make([]float64, d)}
	views := make([]*view, len(f.trees))
	for i, t := range f.trees {
		views[i] = newView(t)
	}
	share := func(variance float64) float64 {
		if r.Variance == 0 {
			return 0
		}
		return math.Min(variance/r.Variance, 1)
	}
	for i := range d {
		r.Main[i] = share(f.main(views, i))
	}
	if !pairs {
		return r
	}
	r.Pairs = make([][]float64, d)
	for i := range d {
		for j := i + 1; j < d; j++ {
			r.Pairs[i] = append(r.Pairs[i], share(f.pair(views, i, j)))
		}
	}
	return r
}

// variance is that of the forest's expectation over the unit cube.
func (f *Forest) variance() float64 {
	d := len(f.inputs)
	if d == 0 {
		return 0
	}
	s := sobol.Scrambled(min(d, sobol.Dimensions), 1)
	u := make([]float64, min(d, sobol.Dimensions))
	x := make([]float64, d)
	mean, sum := 0.0, 0.0
	for i := range places {
		u = s.At(int64(i), u)
		for k, in := range f.inputs {
			v := u[k%len(u)]
			if x[k] = math.NaN(); v >= in.Inactive {
				x[k] = (v - in.Inactive) / (1 - in.Inactive)
			}
		}
		y, _ := f.Predict(x)
		off := y - mean
		mean += off / float64(i+1)
		sum += off * (y - mean)
	}
	if sum <= 1e-24*mean*mean*places {
		return 0
	}
	return sum / places
}

// main is the variance of the forest's expectation as a function of one input.
func (f *Forest) main(views []*view, k int) float64 {
	in, n := f.inputs[k], float64(len(views))
	var sum []float64 // of a category by level, of a number in its first cell; last where it is inactive
	var jumps []jump
	for _, v := range views {
		e := v.effect[k]
		if in.Levels == 0 {
			for c, cut := range v.axes[k].cuts {
				jumps = append(jumps, jump{cut, (e[c+1] - e[c]) / n})
			}
			e = []float64{e[0], e[len(e)-1]}
		}
		if sum == nil {
			sum = make([]float64, len(e))
		}
		for c := range e {
			sum[c] += e[c] / n
		}
	}
	active, inactive := sum[:len(sum)-1], sum[len(sum)-1]
	var variance float64
	if in.Levels > 0 {
		for _, e := range active {
			variance += e * e / float64(in.Levels)
		}
	} else {
		variance = steps(active[0], jumps)
	}
	return (1-in.Inactive)*variance + in.Inactive*inactive*inactive
}

// A jump is where a function of steps changes, and by how much.
type jump struct{ at, by float64 }

// steps is the mean square of a function of steps on the unit interval.
func steps(first float64, jumps []jump) float64 {
	slices.SortFunc(jumps, func(a, b jump) int { return cmp.Compare(a.at, b.at) })
	y, from, sum := first, 0.0, 0.0
	for _, j := range jumps {
		sum += (j.at - from) * y * y
		y, from = y+j.by, j.at
	}
	return sum + (1-from)*y*y
}

// pair is what two inputs explain together beyond what each does.
func (f *Forest) pair(views []*view, i, j int) float64 {
	us, wu := f.inputs[i].grid()
	vs, wv := f.inputs[j].grid()
	y := make([]float64, len(us)*len(vs))
	for _, v := range views {
		if v.uses(i) && v.uses(j) { // else they do not interact
			v.surface(i, j, us, vs, 1/float64(len(views)), y)
			v.plain(i, j, us, vs, -1/float64(len(views)), y)
		}
	}
	sum := 0.0
	for r := range us {
		for c := range vs {
			e := y[r*len(vs)+c]
			sum += wu[r] * wv[c] * e * e
		}
	}
	return sum
}

// plain is surface without interaction.
func (v *view) plain(i, j int, us, vs []float64, factor float64, out []float64) {
	for r, u := range us {
		e := v.at(i, u)
		for c, w := range vs {
			out[r*len(vs)+c] += factor * (e + v.at(j, w))
		}
	}
}

// uses reports whether the tree splits by an input.
func (v *view) uses(k int) bool { return v.inputs[k].Levels > 0 || len(v.axes[k].cuts) > 0 }

// grid returns coordinates of an input with their probabilities.
func (in Input) grid() (u, weight []float64) {
	n := in.Levels
	if n == 0 {
		n = resolution
	}
	for i := range n {
		u = append(u, (float64(i)+0.5)/float64(n))
		weight = append(weight, (1-in.Inactive)/float64(n))
	}
	if in.Inactive > 0 {
		u, weight = append(u, math.NaN()), append(weight, in.Inactive)
	}
	return u, weight
}
