package mbo

import (
	"cmp"
	"math"
	"slices"
)

// How many data a surrogate learns at most, which bounds the time of a proposal.
// Of more it gets those near the best place, and some of the others.
const (
	most      = 500
	thinned   = 350
	nearShare = 0.7
)

// data returns what a surrogate learns of outputs, in the order of the archive.
func (a *archive) data(outputs []float64) *Data {
	d := &Data{X: a.x, Y: outputs, Seen: len(a.y)}
	if d.Seen <= most || a.good == 0 {
		return d
	}
	kept := a.thin()
	x, y := make([][]float64, len(kept)), make([]float64, len(kept))
	for k, i := range kept {
		x[k], y[k] = d.X[i], d.Y[i]
	}
	d.X, d.Y, d.kept = x, y, kept
	return d
}

// thin chooses the data to be learned: those nearest to the best place, and an
// even share of the others by rank, so that good and bad ones are among them.
func (a *archive) thin() []int {
	rank := a.ranks()
	best := a.x[a.sorted[0]]
	order := make([]int, len(a.y))
	far := make([]float64, len(a.y))
	for i, x := range a.x {
		order[i], far[i] = i, square(x, best)
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(far[i], far[j]) })
	near := int(math.Round(nearShare * thinned))
	kept := slices.Clone(order[:near])
	rest := order[near:]
	slices.SortStableFunc(rest, func(i, j int) int { return cmp.Compare(rank[i], rank[j]) })
	for k := range thinned - near {
		kept = append(kept, rest[k*len(rest)/(thinned-near)])
	}
	slices.Sort(kept)
	return kept
}

// ranks are the places in the order from the best to the worst, failed points
// behind all others.
func (a *archive) ranks() []int {
	rank := slices.Repeat([]int{len(a.y)}, len(a.y))
	for r, i := range a.sorted {
		rank[i] = r
	}
	return rank
}

// square is a squared distance, in which inactive differs from active by 1.
func square(a, b []float64) float64 {
	sum := 0.0
	for i := range a {
		switch d := a[i] - b[i]; {
		case !math.IsNaN(d):
			sum += d * d
		case math.IsNaN(a[i]) != math.IsNaN(b[i]):
			sum++
		}
	}
	return sum
}
