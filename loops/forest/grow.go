package forest

import (
	"cmp"
	"math"
	"slices"

	"github.com/rushnet/rush/seeds"
)

// data is what trees are grown on, by input. Outputs are relative to their mean,
// so that sums of squares lose nothing.
type data struct {
	inputs []Input
	column [][]float64 // of numbers, by input
	level  [][]int32   // of categories, by input
	order  [][]int32   // the data by the value of each number, inactive ones last
	y      []float64
	shift  float64
}

func newData(inputs []Input, x [][]float64, y []float64) *data {
	d := &data{inputs: inputs, column: make([][]float64, len(inputs)), level: make([][]int32, len(inputs)), order: make([][]int32, len(inputs))}
	for k, in := range inputs {
		if in.Levels > 0 {
			d.level[k] = make([]int32, len(y))
			for i, row := range x {
				d.level[k][i] = int32(in.level(row[k]))
			}
			continue
		}
		column := make([]float64, len(y))
		for i, row := range x {
			column[i] = row[k]
		}
		d.column[k], d.order[k] = column, sorted(column)
	}
	for i, v := range y {
		d.shift += (v - d.shift) / float64(i+1)
	}
	d.y = make([]float64, len(y))
	for i, v := range y {
		d.y[i] = v - d.shift
	}
	return d
}

// sorted returns the indices by value, NaN last.
func sorted(column []float64) []int32 {
	order := make([]int32, len(column))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int {
		u, v := column[a], column[b]
		switch {
		case u < v:
			return -1
		case u > v:
			return 1
		case u == v:
			return cmp.Compare(a, b)
		}
		if c := cmp.Compare(v, u); c != 0 { // of which NaN is the least
			return c
		}
		return cmp.Compare(a, b)
	})
	return order
}

// A grower grows one tree after another. Every node is the same range of the
// rows of all inputs, in each of which the node's data are in the order of that
// input.
type grower struct {
	*data
	o Options
	g *seeds.Generator

	weight []float64 // how often the tree has each datum
	moment []moment  // by datum
	rows   []int32   // in any order
	sorted [][]int32 // for numbers, in their order
	left   []bool    // by datum, where it goes
	spare  []int32
	tried  []int // the inputs, shuffled
	groups groups
	t      *tree
}

func newGrower(d *data, o Options, g *seeds.Generator) *grower {
	n, levels := len(d.y), 0
	w := &grower{data: d, o: o, g: g, weight: make([]float64, n), moment: make([]moment, n), left: make([]bool, n), spare: make([]int32, n)}
	w.sorted = make([][]int32, len(d.inputs))
	for k, in := range d.inputs {
		w.tried = append(w.tried, k)
		levels = max(levels, in.Levels+1)
	}
	w.groups = groups{sum: make([]float64, levels), weight: make([]float64, levels)}
	return w
}

// grow grows a tree on data that it draws.
func (w *grower) grow() *tree {
	n := len(w.y)
	w.t = &tree{inputs: w.inputs, inBag: make([]bool, n)}
	w.draw()
	keep := func(to []int32, from []int32) []int32 {
		to = to[:0]
		for _, i := range from {
			if w.weight[i] > 0 {
				to = append(to, i)
			}
		}
		return to
	}
	w.rows = w.rows[:0]
	for i := range n {
		w.moment[i] = moment{w.weight[i] * w.y[i], w.weight[i]}
		if w.t.inBag[i] = w.weight[i] > 0; w.t.inBag[i] {
			w.rows = append(w.rows, int32(i))
		}
	}
	for k := range w.inputs {
		w.sorted[k] = keep(w.sorted[k], w.order[k])
	}
	w.split(0, len(w.rows))
	return w.t
}

// draw draws the weights of the data.
func (w *grower) draw() {
	n := len(w.y)
	for i := range w.weight {
		w.weight[i] = 0
		if w.o.All {
			w.weight[i] = 1
		}
	}
	if !w.o.All {
		for range n {
			w.weight[w.g.Index(n)]++
		}
	}
}

// split makes the node of the rows from lo to hi, with all below it, and returns
// its number.
func (w *grower) split(lo, hi int) int32 {
	at := int32(len(w.t.nodes))
	w.t.nodes = append(w.t.nodes, node{input: -1})
	total := w.total(lo, hi)
	best := candidate{gain: total.sum * total.sum / total.weight}
	floor := best.gain
	if total.weight >= float64(w.o.MinSplit) && total.spread {
		w.search(lo, hi, total, &best)
	}
	if !(best.gain > floor) || !best.found {
		w.t.nodes[at].leaf = w.leaf(lo, hi)
		return at
	}
	w.finish(&best)
	middle := w.part(&best.node, lo, hi)
	left := w.split(lo, middle)
	right := w.split(middle, hi)
	n := &w.t.nodes[at]
	*n = best.node
	n.children = [2]int32{left, right}
	return at
}

// A moment is what a datum adds to sums.
type moment struct{ sum, weight float64 }

// A total is the sum of a node's outputs.
type total struct {
	sum, weight float64
	spread      bool // whether they differ
}

func (w *grower) total(lo, hi int) total {
	var t total
	first := w.y[w.rows[lo]]
	for _, i := range w.rows[lo:hi] {
		t.sum += w.moment[i].sum
		t.weight += w.moment[i].weight
		t.spread = t.spread || w.y[i] != first
	}
	return t
}

// search finds the best split by some of the inputs, and by more of them as long
// as there is none.
func (w *grower) search(lo, hi int, total total, best *candidate) {
	n := len(w.tried)
	want := int(math.Ceil(w.o.Share * float64(n)))
	for i := range n {
		if i >= want && best.found {
			return
		}
		j := i + w.g.Index(n-i)
		w.tried[i], w.tried[j] = w.tried[j], w.tried[i]
		k := w.tried[i]
		if w.inputs[k].Levels > 0 {
			w.category(k, lo, hi, total, best)
		} else {
			w.number(k, lo, hi, total, best)
		}
	}
}

// part brings the rows that go left before those that go right, in the order of
// each input, and returns where these begin.
func (w *grower) part(n *node, lo, hi int) int {
	k := n.input
	for _, i := range w.rows[lo:hi] {
		if w.level[k] != nil {
			w.left[i] = n.left.has(int(w.level[k][i]))
		} else if v := w.column[k][i]; v == v {
			w.left[i] = v <= n.threshold
		} else {
			w.left[i] = n.nanLeft
		}
	}
	middle := w.divide(w.rows[lo:hi])
	for j, rows := range w.sorted {
		if w.level[j] == nil {
			w.divide(rows[lo:hi])
		}
	}
	return lo + middle
}

func (w *grower) divide(rows []int32) int {
	right := w.spare[:0]
	n := 0
	for _, i := range rows {
		if w.left[i] {
			rows[n] = i
			n++
		} else {
			right = append(right, i)
		}
	}
	copy(rows[n:], right)
	return n
}

func (w *grower) leaf(lo, hi int) int32 {
	var l leaf
	for _, i := range w.rows[lo:hi] {
		l.n += w.weight[i]
		off := w.y[i] - l.mean
		l.mean += off * w.weight[i] / l.n
		l.squares += w.weight[i] * off * (w.y[i] - l.mean)
	}
	l.mean += w.shift
	w.t.leaves = append(w.t.leaves, l)
	return int32(len(w.t.leaves) - 1)
}
