package pareto

import (
	"cmp"
	"slices"
)

// Hypervolume returns the volume of what the points dominate, up to the
// reference point: that of all places that are nowhere worse than reference and
// nowhere better than some point. Points that are not better than reference in
// every objective add nothing. It is 0 without points. One with an objective of
// -Inf makes it infinite.
//
// It is exact: a sweep for two objectives, else the algorithm of L. While, L.
// Bradstreet and L. Barone (2012), A fast way of calculating exact hypervolumes,
// IEEE Transactions on Evolutionary Computation 16, 86-95. With n points of m
// objectives that takes time in the order of n log n for m = 2, and in the worst
// case 2^n for large m; some hundred points of five objectives take milliseconds.
func Hypervolume(points [][]float64, reference []float64) float64 {
	return wfg(front(inside(points, reference)), reference)
}

// Contributions returns by how much the hypervolume would be smaller without each
// of the points. It is 0 for points that are dominated, equal to another, or not
// better than reference in every objective.
func Contributions(points [][]float64, reference []float64) []float64 {
	out := make([]float64, len(points))
	for i, p := range points {
		if !strictly(p, reference) {
			continue
		}
		others := slices.Concat(points[:i], points[i+1:])
		out[i] = exclusive(p, inside(others, reference), reference)
	}
	return out
}

// Improvement returns by how much the hypervolume of the points would grow with p.
func Improvement(p []float64, points [][]float64, reference []float64) float64 {
	if !strictly(p, reference) {
		return 0
	}
	return exclusive(p, inside(points, reference), reference)
}

// inside returns the points that are better than reference in every objective.
func inside(points [][]float64, reference []float64) [][]float64 {
	out := make([][]float64, 0, len(points))
	for _, p := range points {
		if strictly(p, reference) {
			out = append(out, p)
		}
	}
	return out
}

func strictly(p, reference []float64) bool {
	for i, v := range p {
		if !(v < reference[i]) {
			return false
		}
	}
	return true
}

// front returns the points that no other dominates, each once, in lexicographic
// order.
func front(points [][]float64) [][]float64 {
	sorted := slices.Clone(points)
	slices.SortFunc(sorted, func(a, b []float64) int { return slices.CompareFunc(a, b, cmp.Compare) })
	out := sorted[:0]
	for _, p := range sorted {
		if !slices.ContainsFunc(out, func(q []float64) bool { return covers(q, p) }) {
			out = append(out, p)
		}
	}
	return out
}

// wfg returns the hypervolume of a front in lexicographic order.
//
//	wfg ── exclusive (of each point, without those after it) ── wfg (of the rest, limited to the point)
func wfg(points [][]float64, reference []float64) float64 {
	switch {
	case len(points) == 0:
		return 0
	case len(points) == 1:
		return box(points[0], reference)
	case len(reference) == 1:
		return reference[0] - points[0][0]
	case len(reference) == 2:
		return sweep(points, reference)
	}
	sum := 0.0
	for i := len(points) - 1; i >= 0; i-- { // the worst of the first objective first: the limited sets are the smallest
		sum += exclusive(points[i], points[i+1:], reference)
	}
	return sum
}

// exclusive returns the volume of what p dominates and none of the points does.
func exclusive(p []float64, points [][]float64, reference []float64) float64 {
	return max(0, box(p, reference)-wfg(front(limited(points, p)), reference))
}

// limited returns the points, each moved to where it is nowhere better than p.
func limited(points [][]float64, p []float64) [][]float64 {
	out := make([][]float64, len(points))
	values := make([]float64, len(points)*len(p))
	for i, q := range points {
		out[i], values = values[:len(p):len(p)], values[len(p):]
		for m := range p {
			out[i][m] = max(q[m], p[m])
		}
	}
	return out
}

// box returns the volume of what a point dominates.
func box(p, reference []float64) float64 {
	volume := 1.0
	for i, v := range p {
		volume *= reference[i] - v
	}
	return volume
}

// sweep is for two objectives: the first ascends, so the second descends.
func sweep(points [][]float64, reference []float64) float64 {
	sum, top := 0.0, reference[1]
	for _, p := range points {
		sum += (reference[0] - p[0]) * (top - p[1])
		top = p[1]
	}
	return sum
}
