package cmaes

import (
	"math"
	"slices"
)

// The values of the argument restarts.
const (
	ipop  = "ipop"
	bipop = "bipop"
	none  = "none"
)

// restarts is what is known of the distributions, for those to come.
type restarts struct {
	count int64 // of restarts
	began int64 // the generation in which the distribution began
	// history are the best values of the last generations, and last those of the
	// members of the last one.
	history []float64
	spread  float64 // of the values in the last generation
	scale   float64 // of the values in the first one of all, that was not flat
	// Of the two regimes of BIPOP, the points that they have had.
	large, small int
	isSmall      bool
	doublings    int
}

// note takes the values of a generation, the best first.
func (r *restarts) note(members []member) {
	r.history = append(r.history, members[0].y)
	r.spread = spread(members)
	if r.scale == 0 && !math.IsInf(r.spread, 0) {
		r.scale = r.spread
	}
	if r.isSmall {
		r.small += len(members)
	} else {
		r.large += len(members)
	}
}

// spread is how far the values of members are apart, +Inf where one failed or is
// not feasible.
func spread(members []member) float64 {
	low, high := math.Inf(1), math.Inf(-1)
	for _, m := range members {
		low, high = min(low, m.y), max(high, m.y)
		if m.violation > 0 {
			return math.Inf(1)
		}
	}
	return high - low
}

// What makes a distribution useless: section B.3 of the tutorial, with the unit
// cube's scales.
const (
	leastSigma     = 1e-8  // the largest deviation along a coordinate
	leastSpread    = 1e-10 // of the values in some generations, as a share of the first one's
	worstCondition = 1e14
)

// over reports whether nothing is to be expected of the distribution.
func (s *Search) over() bool {
	c := s.strategy
	shortest, longest := c.scale[0], c.scale[len(c.scale)-1]
	if ratio := longest / shortest; ratio*ratio > worstCondition {
		return true
	}
	largest := 0.0
	for i := range s.axes {
		largest = max(largest, c.deviation(i))
	}
	return largest < leastSigma || s.restarts.flat(10+int(math.Ceil(30*float64(c.n)/float64(c.lambda)))) || s.frozen()
}

// flat reports whether the best values of the last n generations, and all of the
// last one, are nearly the same.
func (r *restarts) flat(n int) bool {
	least := leastSpread * r.scale
	if len(r.history) < n || !(r.spread <= least) {
		return false
	}
	last := r.history[len(r.history)-n:]
	return slices.Max(last)-slices.Min(last) <= least
}

// frozen reports whether, in a space of integers alone, no more than the margin
// is left of the deviations.
func (s *Search) frozen() bool {
	for i, a := range s.axes {
		if a.values == 0 {
			return false
		}
		low, high := a.cell(s.strategy.mean[i])
		if s.strategy.deviation(i) > 0.01*(high-low) {
			return false
		}
	}
	return true
}

// restart begins again elsewhere if the distribution is over. Where is drawn
// from what all workers have in common.
func (s *Search) restart() {
	if s.options.restarts == none || !s.over() {
		return
	}
	s.restarts.count++
	g := s.setting.Common(s.restarts.count)
	mean := make([]float64, len(s.axes))
	for i := range mean {
		mean[i] = g.Float64()
	}
	sigma, lambda := s.options.sigma, s.options.population
	s.restarts.isSmall = s.options.restarts == bipop && s.restarts.small < s.restarts.large
	if s.restarts.isSmall {
		// Hansen (2009), section 2: a population between the first and half the
		// last large one, and a smaller beginning.
		half := math.Pow(2, float64(s.restarts.doublings)) / 2
		lambda = max(lambda, int(float64(lambda)*math.Pow(half, math.Pow(g.Float64(), 2))))
		sigma *= math.Pow(10, -2*g.Float64())
	} else {
		s.restarts.doublings++
		lambda <<= min(s.restarts.doublings, 20)
	}
	s.restarts.history, s.restarts.spread = nil, 0
	s.start(mean, sigma, lambda)
}
