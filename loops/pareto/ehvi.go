package pareto

import "math"

// A Normal is what is believed of an objective.
type Normal struct{ Mean, SD float64 } // SD is above 0

// Cells are a front of two objectives, prepared for [Cells.ExpectedImprovement].
// They never change.
type Cells struct{ strips []strip }

// A strip is what lies between two values of the first objective, and is not
// dominated: what has less than top in the second.
type strip struct{ left, right, top float64 }

// NewCells prepares the points, of two objectives, below a reference point. Any
// points will do; those that are dominated, or no better than reference in both,
// make no difference.
func NewCells(points [][]float64, reference []float64) *Cells {
	c := new(Cells)
	left, top := math.Inf(-1), reference[1]
	for _, p := range front(inside(points, reference)) {
		c.strips = append(c.strips, strip{left, p[0], top})
		left, top = p[0], p[1]
	}
	c.strips = append(c.strips, strip{left, reference[0], top})
	return c
}

// ExpectedImprovement returns the expected improvement of the hypervolume by a
// point of which the objectives are known but for independent normal errors. It is exact, and
// takes time in proportion to the front (K. Yang, M.
// Emmerich, A. Deutz and T. Bäck 2019, Efficient computation of expected
// hypervolume improvement using box decomposition algorithms, Journal of Global
// Optimization 75, section 3, in the form of M. Emmerich, K. Yang, A. Deutz, H.
// Wang and C. Fonseca 2016, equation 13): in a strip from l to r below t, a point z
// adds ((r-z1)+ - (l-z1)+)·(t-z2)+, and the two factors are independent.
//
// byMean and bySD are its derivatives.
func (c *Cells) ExpectedImprovement(a, b Normal) (value float64, byMean, bySD [2]float64) {
	left := partial{}
	for _, s := range c.strips {
		right, top := a.below(s.right), b.below(s.top)
		width := partial{right.value - left.value, right.byMean - left.byMean, right.bySD - left.bySD}
		value += width.value * top.value
		byMean[0] += width.byMean * top.value
		bySD[0] += width.bySD * top.value
		byMean[1] += width.value * top.byMean
		bySD[1] += width.value * top.bySD
		left = right
	}
	return value, byMean, bySD
}

// A partial is an expectation with its derivatives.
type partial struct{ value, byMean, bySD float64 }

// below returns the expectation of (limit - z)+: the expected improvement of one
// objective.
func (n Normal) below(limit float64) partial {
	z := (limit - n.Mean) / n.SD
	density := math.Exp(-z*z/2) / math.Sqrt(2*math.Pi)
	share := math.Erfc(-z/math.Sqrt2) / 2
	return partial{max(0, n.SD*(density+z*share)), -share, density}
}

// ExpectedImprovement is [Cells.ExpectedImprovement] for one point: the value alone.
func ExpectedImprovement(a, b Normal, points [][]float64, reference []float64) float64 {
	value, _, _ := NewCells(points, reference).ExpectedImprovement(a, b)
	return value
}
