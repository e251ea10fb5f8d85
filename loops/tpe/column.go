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
	// Of numbers: the standard deviation, and what makes the kernel, cut off at
	// the ends of the axis, a density: the logarithm of 1/(its mass within).
	sigma []float64
	norm  []float64
	// Of categories: the logarithms for the kernel's own and for another one.
	same, other float64
}

// newColumn fits the kernels around the centers. No standard deviation is less
// than least.
func newColumn(a *axis, center []place, least float64) *column {
	c := &column{axis: a, center: center}
	if a.levels > 0 {
		// Each other category is as likely as if it was seen once in n + levels.
		levels := float64(a.levels)
		other := 1 / (float64(len(center)) + levels)
		c.other = math.Log(other * levels)
		c.same = math.Log((1 - (levels-1)*other) * levels)
		return c
	}
	c.sigma = gaps(center)
	c.norm = make([]float64, len(center))
	for k, p := range center {
		if p.category == nowhere {
			continue
		}
		// Half a cell at least: narrower kernels are all the same.
		sigma := min(max(c.sigma[k], least, p.width()/2), 1)
		c.sigma[k] = sigma
		c.norm[k] = -math.Log(normalMass(-p.at/sigma, (1-p.at)/sigma))
	}
	return c
}

// gaps returns for each center the larger of the distances to the next ones on
// its sides, 0.5 if there is no other: the rule of Bergstra et al. (2011),
// without the ends of the axis.
func gaps(center []place) []float64 {
	order := make([]int, 0, len(center))
	for k, p := range center {
		if p.category != nowhere {
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
	case c.axis.levels > 0:
		for k := range c.center {
			switch c.center[k].category {
			case at.category:
				sums[k] += c.same
			case nowhere:
			default:
				sums[k] += c.other
			}
		}
	default:
		for k := range c.center {
			if c.center[k].category != nowhere {
				sums[k] += c.norm[k] + logNormal(at, c.center[k].at, c.sigma[k])
			}
		}
	}
}

// logNormal is the logarithm of the normal density at a number, or of its mean
// over a cell.
func logNormal(at *place, mean, sigma float64) float64 {
	z := (at.at - mean) / sigma
	density := -z*z/2 - math.Log(sigma) - logSqrt2Pi
	h := at.width() / sigma
	switch {
	case h == 0:
		return density
	case h < 0.2 && math.Abs(z) < 8:
		// The mean over the cell to the second order; the rest is less than 10^-4.
		return density + math.Log1p(h*h*(z*z-1)/24)
	}
	return math.Log(normalMass((at.low-mean)/sigma, (at.high-mean)/sigma) / at.width())
}

var logSqrt2Pi = math.Log(math.Sqrt(2 * math.Pi))

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
	if levels := c.axis.levels; levels > 0 {
		own := c.center[k].category
		if levels == 1 || g.Float64() < math.Exp(c.same)/float64(levels) {
			return c.center[k]
		}
		i := (own + 1 + g.Index(levels-1)) % levels
		return c.axis.place((float64(i) + 0.5) / float64(levels))
	}
	for {
		if u := c.center[k].at + c.sigma[k]*g.Norm(); u >= 0 && u <= 1 {
			return c.axis.place(u)
		}
	}
}
