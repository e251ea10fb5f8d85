package forest

import (
	"math"
	"slices"
)

// An axis is an input as one tree sees it: cells in which the tree does not tell
// places apart, each with its probability. Of a number they lie between the tree's
// thresholds, of a category they are the levels; the last one is where it is
// inactive.
type axis struct {
	cuts   []float64 // the thresholds; nil for a category
	weight []float64
	before []float64 // the sum of the weights before each cell, and of all
}

// axes returns the axes of a tree.
func (t *tree) axes() []axis {
	all := make([]axis, len(t.inputs))
	for i := range t.nodes {
		if n := &t.nodes[i]; n.input >= 0 && t.inputs[n.input].Levels == 0 {
			all[n.input].cuts = append(all[n.input].cuts, n.threshold)
		}
	}
	for k, in := range t.inputs {
		a := &all[k]
		slices.Sort(a.cuts)
		a.cuts = slices.Compact(a.cuts)
		active := 1 - in.Inactive
		if in.Levels > 0 {
			a.weight = slices.Repeat([]float64{active / float64(in.Levels)}, in.Levels)
		} else {
			from := 0.0
			for _, cut := range append(slices.Clone(a.cuts), 1) {
				a.weight = append(a.weight, active*math.Max(cut-from, 0))
				from = cut
			}
		}
		a.weight = append(a.weight, in.Inactive)
		a.before = make([]float64, len(a.weight)+1)
		for i, w := range a.weight {
			a.before[i+1] = a.before[i] + w
		}
	}
	return all
}

// cell is the cell of a coordinate.
func (a *axis) cell(in Input, u float64) int {
	switch {
	case in.Levels > 0:
		return in.level(u)
	case math.IsNaN(u):
		return len(a.weight) - 1
	}
	at, _ := slices.BinarySearch(a.cuts, u)
	return at
}

// A run is the cells from one to before another.
type run struct{ from, to int }

// A side is the cells of an axis that a node is reached by.
type side struct {
	runs    []run
	measure float64
}

func (a *axis) side(runs []run) side {
	s := side{runs: runs}
	for _, r := range runs {
		s.measure += a.before[r.to] - a.before[r.from]
	}
	return s
}

// halves divides a side at a node.
func (a *axis) halves(s side, n *node, in Input) (left, right side) {
	var l, r []run
	add := func(to *[]run, from, end int) {
		if from >= end {
			return
		}
		if k := len(*to); k > 0 && (*to)[k-1].to == from {
			(*to)[k-1].to = end
			return
		}
		*to = append(*to, run{from, end})
	}
	off := len(a.weight) - 1
	cut := 0
	if in.Levels == 0 {
		cut, _ = slices.BinarySearch(a.cuts, n.threshold)
		cut++ // the cell that ends at the threshold goes left
	}
	for _, s := range s.runs {
		if in.Levels > 0 {
			for c := s.from; c < s.to; c++ {
				if n.left.has(c) {
					add(&l, c, c+1)
				} else {
					add(&r, c, c+1)
				}
			}
			continue
		}
		end := min(s.to, off)
		add(&l, s.from, min(cut, end))
		add(&r, max(cut, s.from), end)
		if s.to > off {
			if n.nanLeft {
				add(&l, off, off+1)
			} else {
				add(&r, off, off+1)
			}
		}
	}
	return a.side(l), a.side(r)
}

// A box is a leaf as places reach it.
type box struct {
	value  float64
	volume float64 // its probability
	sides  []side  // by axis
}

// boxes returns the leaves that places can be in.
func (t *tree) boxes(axes []axis) []box {
	sides := make([]side, len(axes))
	for k := range axes {
		sides[k] = axes[k].side([]run{{0, len(axes[k].weight)}})
	}
	var all []box
	var down func(at int32)
	down = func(at int32) {
		n := &t.nodes[at]
		if n.input < 0 {
			b := box{value: t.leaves[n.leaf].mean, volume: 1, sides: slices.Clone(sides)}
			for _, s := range sides {
				b.volume *= s.measure
			}
			all = append(all, b)
			return
		}
		k := n.input
		whole := sides[k]
		left, right := axes[k].halves(whole, n, t.inputs[k])
		for i, half := range []side{left, right} {
			if half.measure > 0 {
				sides[k] = half
				down(n.children[i])
			}
		}
		sides[k] = whole
	}
	down(0)
	return all
}
