package pareto

import (
	"cmp"
	"math"
	"slices"
)

// Crowding returns how far apart each point is from its neighbors in the
// objectives, each as a share of its range and all added up; +Inf for those
// that are first or last in an objective (Deb et al. 2002, section III.B). The
// points are usually those of one front. An objective of which all have the same
// value counts nothing.
func Crowding(points [][]float64) []float64 {
	distance := make([]float64, len(points))
	if len(points) == 0 {
		return distance
	}
	order := lexicographic(points)
	for m := range points[0] {
		slices.SortStableFunc(order, func(i, k int) int { return cmp.Compare(points[i][m], points[k][m]) })
		first, last := order[0], order[len(order)-1]
		width := points[last][m] - points[first][m]
		if width == 0 {
			continue
		}
		distance[first], distance[last] = math.Inf(1), math.Inf(1)
		for k := 1; k < len(order)-1; k++ {
			if gap := points[order[k+1]][m] - points[order[k-1]][m]; gap > 0 {
				distance[order[k]] += min(gap/width, 1) // infinities would give NaN
			}
		}
	}
	return distance
}
