package forest

import (
	"cmp"
	"slices"
)

// A candidate is the best split that was found. With the sums s and weights w of
// its sides its gain is s1²/w1 + s2²/w2, which is largest where the squared error
// is least.
type candidate struct {
	node
	found    bool
	gain     float64
	from, to float64 // the neighboring values of a number
	heavier  bool    // whether the left side is
	seen     set     // the levels that the node has; nil for a number
	anyNaN   bool    // whether the node has inactive ones
}

// finish draws what was left open of a split: the threshold, and where levels go
// that the node has not seen.
func (w *grower) finish(c *candidate) {
	if w.inputs[c.input].Levels > 0 {
		for l := range w.inputs[c.input].Levels + 1 {
			if !c.seen.has(l) && w.g.Float64() < 0.5 {
				c.left.put(l)
			}
		}
		return
	}
	c.threshold = c.from + w.g.Float64()*(c.to-c.from)
	if c.threshold >= c.to && c.from < c.to {
		c.threshold = c.from
	}
	if !c.anyNaN {
		c.nanLeft = c.heavier
	}
}

// number tries the thresholds of a number.
func (w *grower) number(k, lo, hi int, all total, best *candidate) {
	column, rows := w.column[k], w.sorted[k][lo:hi]
	var off total // of inactive ones, at the end
	for len(rows) > 0 {
		i := rows[len(rows)-1]
		if v := column[i]; v == v {
			break
		}
		off.sum += w.moment[i].sum
		off.weight += w.moment[i].weight
		rows = rows[:len(rows)-1]
	}
	s := scan{all: all, least: float64(w.o.MinLeaf), gain: best.gain, cut: -1}
	var left total
	for j, i := range rows[:max(0, len(rows)-1)] {
		m := w.moment[i]
		left.sum += m.sum
		left.weight += m.weight
		if column[i] == column[rows[j+1]] {
			continue
		}
		s.try(left.sum, left.weight, j, false)
		if off.weight > 0 {
			s.try(left.sum+off.sum, left.weight+off.weight, j, true)
		}
	}
	if off.weight > 0 && len(rows) > 0 { // all numbers against the inactive ones
		s.try(all.sum-off.sum, all.weight-off.weight, len(rows)-1, false)
	}
	if s.cut < 0 {
		return
	}
	*best = candidate{
		node: node{input: k, nanLeft: s.nanLeft}, found: true, gain: s.gain, from: column[rows[s.cut]], to: 1,
		heavier: 2*s.weight > all.weight, anyNaN: off.weight > 0,
	}
	if s.cut+1 < len(rows) {
		best.to = column[rows[s.cut+1]]
	}
}

// A scan looks for the best cut of a row of data.
type scan struct {
	all     total
	least   float64 // the weight of a side at least
	gain    float64 // the best
	cut     int     // after which of the row; -1 if none is better
	weight  float64 // of the left side there
	nanLeft bool
}

func (s *scan) try(sum, weight float64, cut int, nanLeft bool) {
	right, rest := s.all.weight-weight, s.all.sum-sum
	// The comparison is that of gains without their division.
	if weight < s.least || right < s.least || sum*sum*right+rest*rest*weight <= s.gain*weight*right {
		return
	}
	s.gain, s.cut, s.weight, s.nanLeft = sum*sum/weight+rest*rest/right, cut, weight, nanLeft
}

// groups are the sums of outputs by level.
type groups struct {
	sum, weight []float64
	levels      []int
}

// category tries the subsets of a category's levels, in the order of their means.
func (w *grower) category(k, lo, hi int, all total, best *candidate) {
	g, n := &w.groups, w.inputs[k].Levels+1
	clear(g.sum[:n])
	clear(g.weight[:n])
	for _, i := range w.rows[lo:hi] {
		l := w.level[k][i]
		g.sum[l] += w.moment[i].sum
		g.weight[l] += w.moment[i].weight
	}
	g.levels = g.levels[:0]
	for l := range n {
		if g.weight[l] > 0 {
			g.levels = append(g.levels, l)
		}
	}
	slices.SortStableFunc(g.levels, func(a, b int) int { return cmp.Compare(g.sum[a]/g.weight[a], g.sum[b]/g.weight[b]) })
	s := scan{all: all, least: float64(w.o.MinLeaf), gain: best.gain, cut: -1}
	var left total
	for j, l := range g.levels[:len(g.levels)-1] {
		left.sum += g.sum[l]
		left.weight += g.weight[l]
		s.try(left.sum, left.weight, j, false)
	}
	if s.cut < 0 {
		return
	}
	c := candidate{node: node{input: k, left: newSet(n)}, found: true, gain: s.gain, seen: newSet(n)}
	for j, l := range g.levels {
		c.seen.put(l)
		if j <= s.cut {
			c.left.put(l)
		}
	}
	*best = c
}
