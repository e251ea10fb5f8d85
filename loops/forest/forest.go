package forest

import (
	"fmt"
	"math"

	"github.com/rushnet/rush/seeds"
)

// An Input is what a coordinate of a place means. The zero value is a number in
// [0, 1].
type Input struct {
	// Levels is the number of a category's levels, each of which has an equal part
	// of the unit interval, in their order; 0 is a number.
	Levels int
	// Inactive is the probability with which the input is inactive, NaN, for what
	// averages over the unit cube: [Forest.Importance] and [Forest.Marginal].
	Inactive float64
}

// Options say how a forest is grown. The zero value is that of SMAC with more
// trees.
type Options struct {
	// Trees is how many there are; 0 is 32.
	Trees int
	// MinSplit is how many data a node needs to be split; 0 is 3.
	MinSplit int
	// MinLeaf is how many data a leaf has at least; 0 is 1.
	MinLeaf int
	// Share is which part of the inputs is tried at a node, above 0 and at most
	// 1; 0 is 5/6.
	Share float64
	// All grows each tree on all the data, in place of a bootstrap sample; then
	// there are no data out of bag.
	All bool
}

func (o Options) filled() Options {
	if o.Trees == 0 {
		o.Trees = 32
	}
	if o.MinSplit == 0 {
		o.MinSplit = 3
	}
	if o.MinLeaf == 0 {
		o.MinLeaf = 1
	}
	if o.Share == 0 {
		o.Share = 5.0 / 6
	}
	return o
}

// A Forest is trees that were grown on data. It is made by [Fit].
type Forest struct {
	inputs []Input
	trees  []*tree
	x      [][]float64
	y      []float64
}

// Fit grows a forest. A row of x has a coordinate in [0, 1] for each input, NaN
// where it is inactive; every y is finite, and there are at least two. The forest
// keeps the slices, which must not change.
func Fit(inputs []Input, x [][]float64, y []float64, o Options, g *seeds.Generator) (*Forest, error) {
	if err := check(inputs, x, y); err != nil {
		return nil, err
	}
	o = o.filled()
	d := newData(inputs, x, y)
	f := &Forest{inputs: inputs, x: x, y: y, trees: make([]*tree, o.Trees)}
	grower := newGrower(d, o, g)
	for i := range f.trees {
		f.trees[i] = grower.grow()
	}
	return f, nil
}

func check(inputs []Input, x [][]float64, y []float64) error {
	if len(x) != len(y) || len(y) < 2 {
		return fmt.Errorf("a forest needs two points or more, and an output for each; found %d points and %d outputs", len(x), len(y))
	}
	for i, row := range x {
		if len(row) != len(inputs) {
			return fmt.Errorf("point %d has %d coordinates; expected %d", i, len(row), len(inputs))
		}
		if math.IsNaN(y[i]) || math.Abs(y[i]) > largest {
			return fmt.Errorf("a forest needs outputs that are finite numbers of at most %g; leave out the others, or put others in their place", largest)
		}
		for k, v := range row {
			if v < 0 || v > 1 {
				return fmt.Errorf("coordinate %d of point %d is %g; expected one from 0 to 1, or NaN", k, i, v)
			}
		}
	}
	return nil
}

// largest is what outputs may be, so that sums of their squares are finite.
const largest = 1e140

// Predict returns the expectation at a place, and its variance by the law of
// total variance: the mean of the leaves' variances and the variance of their
// means (Hutter et al. 2014, section 4.3.2). The variance may be 0.
func (f *Forest) Predict(x []float64) (mean, variance float64) {
	n := float64(len(f.trees))
	within, between := 0.0, 0.0
	for i, t := range f.trees {
		l := t.at(x)
		off := l.mean - mean
		mean += off / float64(i+1)
		between += off * (l.mean - mean)
		within += l.variance()
	}
	return mean, (within + between) / n
}

// Add has the leaves take in another output, without growing the trees: for what
// is observed between two fits.
func (f *Forest) Add(x []float64, y float64) {
	for _, t := range f.trees {
		t.at(x).add(y)
	}
}

// Clone returns a forest that can be added to while this one stays as it is.
func (f *Forest) Clone() *Forest {
	c := *f
	c.trees = make([]*tree, len(f.trees))
	for i, t := range f.trees {
		c.trees[i] = t.clone()
	}
	return &c
}

// Fitness is R² out of bag: 1 minus the ratio of the mean squared error to the
// outputs' variance, each output predicted by the trees that were grown without
// it. Near 1 the forest knows the outputs, at 0 and below no better than their
// mean. It is NaN if all the outputs are equal, or no tree left any of them out.
func (f *Forest) Fitness() float64 {
	var mean, n float64
	predicted := make([]float64, len(f.y))
	for i := range f.y {
		predicted[i] = f.outOfBag(i)
		if !math.IsNaN(predicted[i]) {
			n++
			mean += (f.y[i] - mean) / n
		}
	}
	var missed, all float64
	for i, p := range predicted {
		if !math.IsNaN(p) {
			missed += (f.y[i] - p) * (f.y[i] - p)
			all += (f.y[i] - mean) * (f.y[i] - mean)
		}
	}
	if all == 0 {
		return math.NaN()
	}
	return 1 - missed/all
}

// outOfBag is what the trees that have not seen a datum predict for it.
func (f *Forest) outOfBag(i int) float64 {
	sum, n := 0.0, 0.0
	for _, t := range f.trees {
		if !t.inBag[i] {
			sum += t.at(f.x[i]).mean
			n++
		}
	}
	return sum / n
}
