package forest

import (
	"math"
	"slices"
)

// A tree is nodes of which the first is the root.
type tree struct {
	nodes  []node
	leaves []leaf
	inputs []Input
	inBag  []bool // by datum
}

// A node splits its places, or has a leaf.
type node struct {
	input     int     // -1 for a leaf
	threshold float64 // numbers up to it go left
	left      set     // the levels that go left, for a category
	nanLeft   bool    // whether an inactive one goes left
	children  [2]int32
	leaf      int32
}

// A leaf has the moments of its data.
type leaf struct {
	n, mean, squares float64 // squares is the sum of the squared distances from the mean
}

func (l *leaf) variance() float64 { return l.squares / l.n }

func (l *leaf) add(y float64) {
	l.n++
	off := y - l.mean
	l.mean += off / l.n
	l.squares += off * (y - l.mean)
}

// A set is a set of small integers.
type set []uint64

func newSet(n int) set { return make(set, (n+63)/64) }

func (s set) has(i int) bool { return s[i/64]>>(i%64)&1 == 1 }
func (s set) put(i int)      { s[i/64] |= 1 << (i % 64) }

// level is the level of a category at a coordinate; Levels if it is inactive.
func (in Input) level(u float64) int {
	if math.IsNaN(u) {
		return in.Levels
	}
	return max(0, min(int(u*float64(in.Levels)), in.Levels-1))
}

// goesLeft says to which side of a split a coordinate belongs.
func (n *node) goesLeft(in Input, u float64) bool {
	switch {
	case in.Levels > 0:
		return n.left.has(in.level(u))
	case math.IsNaN(u):
		return n.nanLeft
	}
	return u <= n.threshold
}

// at returns the leaf of a place.
func (t *tree) at(x []float64) *leaf {
	k := int32(0)
	for {
		n := &t.nodes[k]
		if n.input < 0 {
			return &t.leaves[n.leaf]
		}
		if n.goesLeft(t.inputs[n.input], x[n.input]) {
			k = n.children[0]
		} else {
			k = n.children[1]
		}
	}
}

func (t *tree) clone() *tree {
	c := *t
	c.leaves = slices.Clone(t.leaves)
	return &c
}
