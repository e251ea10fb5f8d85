package tpe

import (
	"cmp"
	"math"
	"slices"

	"github.com/rushnet/rush/seeds"
)

// A column has the factors of all kernels of a mixture for one axis. Densities
// are relative to the uniform one, which so is 1 everywhere, whatever the axis.
type column struct {
	axis   *axis
	center []place
	// Of numbers: the mean, the standard deviation, and the logarithm of what makes
	// the kernel, which is cut off at the ends of the axis, a density. Plain says
	// that there are no others.
	mean, sigma, norm []float64
	plain             bool
	// Of categories and special values: the logarithm of a kernel's factor for its
	// own one and for another, and of a number's kernel for any special value.
	same, other, special float64
	leaves               float64 // the probability of another one than the kernel's own
}

// newColumn fits the kernels around the centers. No standard deviation is less
// than least.
func newColumn(a *axis, center []place, least float64) *column {
	c := &column{axis: a, center: center}
	n := float64(len(center))
	if a.levels > 0 {
		// Each other category is as likely as if it was seen once in n + levels.
		levels := float64(a.levels)
		c.leaves = (levels - 1) / (n + levels)
		c.same, c.other = math.Log((1-c.leaves)*levels), math.Log(levels/(n+levels))
		return c
	}
	if a.specials > 0 {
		// As with two categories, of which one is all numbers.
		own := a.share / float64(a.specials)
		c.leaves = 1 / (n + 2)
		c.same, c.other = math.Log((1-c.leaves)/own), math.Log(c.leaves/(1-own))
		c.special = math.Log(c.leaves / a.share)
	}
	c.fitNumbers(least)
	return c
}

// fitNumbers fits the kernels around numbers.
func (c *column) fitNumbers(least float64) {
	c.sigma = gaps(c.center)
	c.mean, c.norm = make([]float64, len(c.center)), make([]float64, len(c.center))
	c.plain = true
	for k, p := range c.center {
		if p.category != aNumber {
			c.plain = false
			continue
		}
		c.mean[k] = p.at
		// Half a cell at least: narrower kernels are all the same.
		sigma := min(max(c.sigma[k], least, p.width()/2), 1)
		c.sigma[k] = sigma
		c.norm[k] = math.Log1p(-c.leaves) - math.Log(normalMass((c.axis.share-p.at)/sigma, (1-p.at)/sigma)) - math.Log(sigma) - logSqrt2Pi
	}
}

// gaps returns for each number the larger of the distances to the next ones on
// its sides, 0.5 if there is no other: the rule of Bergstra et al. (2011),
// without the ends of the axis.
func gaps(center []place) []float64 {
	order := make([]int, 0, len(center))
	for k, p := range center {
		if p.category == aNumber {
			order = append(order, k)
		}
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Or(cmp.Compare(center[a].at, center[b].at), cmp.Compare(a, b)) })
	widest := make([]float64, len(center))
	for i := 1; i < len(order); i++ {
		a, b := order[i-1], order[i]
		gap := center[b].at - center[a].at
		widest[a], widest[b] = max(widest[a], gap), gap
	}
	if len(order) == 1 {
		widest[order[0]] = 0.5
	}
	return widest
}

// addLog adds the logarithms of the factors at a place, for each kernel.
func (c *column) addLog(sums []float64, at *place) {
	switch {
	case at.category == nowhere:
	case at.category == aNumber && at.low == at.high && c.plain:
		for k, mean := range c.mean { // most of the work is here
			z := (at.at - mean) / c.sigma[k]
			sums[k] += c.norm[k] - z*z/2
		}
	case at.category == aNumber:
		c.addNumber(sums, at)
	default:
		c.addCategory(sums, at)
	}
}

func (c *column) addCategory(sums []float64, at *place) {
	for k := range c.center {
		switch c.center[k].category {
		case at.category:
			sums[k] += c.same
		case aNumber:
			sums[k] += c.special
		case nowhere:
		default:
			sums[k] += c.other
		}
	}
}

func (c *column) addNumber(sums []float64, at *place) {
	for k := range c.center {
		switch p := &c.center[k]; p.category {
		case aNumber:
			sums[k] += c.norm[k] + logNormal(at, c.mean[k], c.sigma[k])
		case nowhere:
		default:
			sums[k] += c.other
		}
	}
}

// logNormal is the logarithm of the normal density at a number, or of its mean
// over a cell, times the standard deviation and the root of 2π.
func logNormal(at *place, mean, sigma float64) float64 {
	z := (at.at - mean) / sigma
	h := at.width() / sigma
	switch {
	case h == 0:
		return -z * z / 2
	case h < 0.2 && math.Abs(z) < 5:
		// The mean over the cell to the second order; the rest is less than 10^-3.
		return -z*z/2 + math.Log1p(h*h*(z*z-1)/24)
	}
	return math.Log(normalMass((at.low-mean)/sigma, (at.high-mean)/sigma)/h) + logSqrt2Pi
}

const logSqrt2Pi = 0.918938533204672741780329736406 // log(sqrt(2π))

// normalMass is the probability of a standard normal number between a and b. It
// is taken from the tail that is near, where it has its digits.
func normalMass(a, b float64) float64 {
	if a > 0 {
		a, b = -b, -a
	}
	return (math.Erfc(-b/math.Sqrt2) - math.Erfc(-a/math.Sqrt2)) / 2
}

// draw draws a place from the k-th kernel, or with k < 0 from the prior.
func (c *column) draw(k int, g *seeds.Generator) place {
	if k < 0 || c.center[k].category == nowhere {
		return c.axis.place(g.Float64())
	}
	if c.leaves > 0 && g.Float64() < c.leaves {
		return c.elsewhere(c.center[k].category, g)
	}
	if c.center[k].category != aNumber {
		return c.center[k]
	}
	for {
		if u := c.mean[k] + c.sigma[k]*g.Norm(); u >= c.axis.share && u <= 1 {
			return c.axis.place(u)
		}
	}
}

// elsewhere draws from the prior what is not of that category.
func (c *column) elsewhere(category int, g *seeds.Generator) place {
	for {
		if p := c.axis.place(g.Float64()); p.category != category {
			return p
		}
	}
}
