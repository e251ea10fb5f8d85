package tpe

import (
	"cmp"
	"math"
	"slices"

	"github.com/rushnet/rush/loops/optimizer"
	"github.com/rushnet/rush/loops/pareto"
)

// violation is by how much a point violates the constraints on outputs, all
// together.
func violation(p *optimizer.Point) float64 {
	sum := 0.0
	for _, v := range p.Violation {
		if v > 0 || math.IsNaN(v) {
			sum += v
		}
	}
	if math.IsNaN(sum) {
		return math.Inf(1)
	}
	return sum
}

// better orders by what is violated, then by the objective, then by number.
func better(a, b *observation) int {
	return cmp.Or(cmp.Compare(a.violation, b.violation), cmp.Compare(a.y[0], b.y[0]), cmp.Compare(a.key, b.key))
}

// add puts an observation among the ranked ones. With several objectives their
// order is found when it is needed.
func (s *Search) add(o *observation) {
	at, _ := slices.BinarySearchFunc(s.ranked, o, better)
	s.ranked = slices.Insert(s.ranked, at, o)
}

// order returns the observations, the best first, at least as far as the first n
// of them go. With several objectives the feasible ones are ordered by the front
// they are in and within it by how much of the hypervolume would be lost without
// them: Y. Ozaki, Y. Tanigaki, S. Watanabe and M. Onishi (2020), Multiobjective
// Tree-Structured Parzen Estimator for Computationally Expensive Optimization
// Problems, GECCO, section 4.
func (s *Search) order(n int) []*observation {
	if len(s.ranked[0].y) == 1 {
		return s.ranked
	}
	feasible, _ := slices.BinarySearchFunc(s.ranked, 0, func(o *observation, _ int) int {
		if o.violation > 0 {
			return 1
		}
		return -1
	})
	ordered := make([]*observation, 0, len(s.ranked))
	ys := make([][]float64, feasible)
	for i := range ys {
		ys[i] = s.ranked[i].y
	}
	reference := worst(ys)
	for _, front := range pareto.Sort(ys) {
		if len(ordered) < n {
			byContribution(front, ys, reference)
		}
		for _, i := range front {
			ordered = append(ordered, s.ranked[i])
		}
	}
	return append(ordered, s.ranked[feasible:]...)
}

// worst is the reference point: a tenth of the range beyond the largest value of
// each objective.
func worst(ys [][]float64) []float64 {
	if len(ys) == 0 {
		return nil
	}
	low, high := slices.Clone(ys[0]), slices.Clone(ys[0])
	for _, y := range ys {
		for k, v := range y {
			low[k], high[k] = min(low[k], v), max(high[k], v)
		}
	}
	for k := range high {
		high[k] += max(0.1*(high[k]-low[k]), 1e-12)
	}
	return high
}

// exactly is up to how many objectives contributions are computed; that of more
// may take long, and crowding stands for them.
const exactly = 3

// byContribution orders a front, the largest contributions first.
func byContribution(front []int, ys [][]float64, reference []float64) {
	points := make([][]float64, len(front))
	for i, k := range front {
		points[i] = ys[k]
	}
	var value []float64
	if len(reference) <= exactly {
		value = pareto.Contributions(points, reference)
	} else {
		value = pareto.Crowding(points)
	}
	of := make(map[int]float64, len(front))
	for i, k := range front {
		of[k] = value[i]
	}
	slices.SortStableFunc(front, func(a, b int) int { return cmp.Compare(of[b], of[a]) })
}
