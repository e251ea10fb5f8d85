package mbo

import (
	"math"
	"slices"

	"github.com/rushnet/rush/loops/forest"
	"github.com/rushnet/rush/loops/optimizer"
	"github.com/rushnet/rush/loops/space"
)

var _ Model = (*woods)(nil)

// trees is the surrogate that is a random forest. What it says depends on the
// data alone, not on when it was asked before.
type trees struct {
	setting *optimizer.Setting
	inputs  []forest.Input
	grown   *forest.Forest
	scale   scale
	on      []float64 // the outputs that it was grown on
}

func newTrees(s *optimizer.Setting) *trees {
	t := &trees{setting: s}
	for _, p := range s.Space.Params() {
		var in forest.Input
		switch p.Type {
		case space.Fct:
			in.Levels = len(p.Levels)
		case space.Lgl:
			in.Levels = 2
		}
		t.inputs = append(t.inputs, in)
	}
	return t
}

// treesStream is which of the streams that all workers share the trees are drawn
// from.
const treesStream = 1 << 31

// Model implements [Surrogate]. The trees are grown anew when there are a few per
// cent more data; in between the leaves take these in.
func (t *trees) Model(d *Data) (Model, error) {
	x, y := d.X, d.Y
	n := grownOn(len(y))
	if t.grown == nil || !slices.Equal(t.on, y[:n]) {
		s := newScale(y[:n])
		z := make([]float64, n)
		for i := range z {
			z[i] = s.of(y[i])
		}
		f, err := forest.Fit(t.inputs, x[:n:n], z, forest.Options{Trees: 16}, t.setting.Common(treesStream))
		if err != nil {
			return nil, err
		}
		t.grown, t.scale, t.on = f, s, slices.Clone(y[:n])
	}
	w := &woods{forest: t.grown.Clone(), best: math.Inf(1), data: x}
	for i := n; i < len(y); i++ {
		w.forest.Add(x[i], t.scale.of(y[i]))
	}
	for _, u := range x {
		mean, _ := w.forest.Predict(u)
		w.best = math.Min(w.best, mean)
	}
	return w, nil
}

// grownOn is on how many of n data the trees are grown: all below 64, and within
// the last thirtieth or so above.
func grownOn(n int) int {
	step := 1
	for step*64 <= n {
		step *= 2
	}
	return n - n%step
}

// A scale brings outputs closer together the worse they are, so that the trees
// look at good ones more closely: from the best of the data on as a logarithm, and
// below it in proportion.
type scale struct{ best, width float64 }

func newScale(y []float64) scale {
	sorted := slices.Sorted(slices.Values(y))
	s := scale{best: sorted[0], width: sorted[len(sorted)/2] - sorted[0]}
	if s.width == 0 {
		s.width = sorted[len(sorted)-1] - sorted[0]
	}
	if s.width == 0 || math.IsInf(s.width, 1) {
		s.width = math.Max(1, math.Abs(s.best))
	}
	return s
}

func (s scale) of(y float64) float64 {
	const bend = 9
	z := bend * (y/s.width - s.best/s.width)
	if z < 0 {
		return math.Max(z, -1e6)
	}
	return math.Log1p(math.Min(z, 1e300))
}

// woods is a forest as a model.
type woods struct {
	forest *forest.Forest
	best   float64
	data   [][]float64
}

// Predict implements [Model].
func (w *woods) Predict(x []float64) (mean, variance float64) {
	const least = 1e-8 // of outputs on a scale on which the better half of them is about 2 wide
	mean, variance = w.forest.Predict(x)
	return mean, math.Max(variance, least)
}

// Best implements [Model].
func (w *woods) Best() float64 { return w.best }

// Expected implements [Model].
func (w *woods) Expected(i int) float64 {
	mean, _ := w.forest.Predict(w.data[i])
	return mean
}

// Imagine implements [Model].
func (w *woods) Imagine(x []float64) bool {
	mean, _ := w.forest.Predict(x)
	w.forest.Add(x, mean)
	return true
}
