package pareto

import (
	"cmp"
	"slices"
)

// Dominates reports whether a is nowhere worse than b, and better in an objective.
func Dominates(a, b []float64) bool {
	better := false
	for i, v := range a {
		if v > b[i] {
			return false
		}
		better = better || v < b[i]
	}
	return better
}

// covers reports whether a is nowhere worse than b.
func covers(a, b []float64) bool {
	for i, v := range a {
		if v > b[i] {
			return false
		}
	}
	return true
}

// Front returns the indices of the points that no other point dominates, in
// their order: the Pareto set. Of points that are equal all are in it.
func Front(points [][]float64) []int {
	if len(points) == 0 {
		return nil
	}
	return Sort(points)[0]
}

// Sort divides the points into fronts (K. Deb, A. Pratap, S. Agarwal, T. Meyarivan
// 2002, section III.A): the first has those that no other dominates, the second
// those that only points of the first do, and so on. A front has the indices of
// its points in ascending order. The points are taken in lexicographic order and
// compared with the fronts so far, found by bisection (X. Zhang, Y. Tian, R. Cheng,
// Y. Jin 2015, ENS-BS), which takes less memory than Deb's lists and at most as
// many comparisons.
func Sort(points [][]float64) [][]int {
	var fronts [][]int
	for _, i := range lexicographic(points) {
		at, _ := slices.BinarySearchFunc(fronts, points[i], func(front []int, p []float64) int {
			if dominated(points, front, p) {
				return -1
			}
			return 1
		})
		if at == len(fronts) {
			fronts = append(fronts, nil)
		}
		fronts[at] = append(fronts[at], i)
	}
	for _, front := range fronts {
		slices.Sort(front)
	}
	return fronts
}

// dominated reports whether a point of the front dominates p. The last ones that
// came are the likeliest to.
func dominated(points [][]float64, front []int, p []float64) bool {
	for k := len(front) - 1; k >= 0; k-- {
		if Dominates(points[front[k]], p) {
			return true
		}
	}
	return false
}

// lexicographic returns the indices of the points in their lexicographic order.
func lexicographic(points [][]float64) []int {
	order := make([]int, len(points))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, k int) int { return slices.CompareFunc(points[i], points[k], cmp.Compare) })
	return order
}
