package cmaes

import "gonum.org/v1/gonum/stat/distuv"

// keepMargins corrects the mean, and the factors by which integers' deviations
// are drawn larger, so that each integer is left with a probability of at least
// alpha: Hamano et al. (2022), section 4.
func (s *strategy) keepMargins(axes []axis, factor []float64) {
	alpha := 1 / float64(s.lambda*s.n)
	for i := range axes {
		if axes[i].values > 1 {
			s.mean[i], factor[i] = margin(&axes[i], s.mean[i], s.deviation(i), factor[i], alpha)
		}
	}
}

// margin returns the corrected mean and factor of an integer.
func margin(a *axis, mean, deviation, factor, alpha float64) (float64, float64) {
	mean = min(max(mean, 0), 1)
	low, high := a.cell(mean)
	spread := deviation * factor
	switch {
	case low <= 0: // the least integer: one way out
		return max(mean, high-quantile(alpha)*spread), factor
	case high >= 1:
		return min(mean, low+quantile(alpha)*spread), factor
	}
	below := distuv.UnitNormal.CDF((low - mean) / spread)
	above := distuv.UnitNormal.Survival((high - mean) / spread)
	inside := 1 - below - above
	below, above = raised(below, above, inside, alpha)
	qLow, qHigh := quantile(below), quantile(above)
	return (low*qHigh + high*qLow) / (qLow + qHigh), (high - low) / (deviation * (qLow + qHigh))
}

// raised returns the probabilities on both sides, at least alpha/2 each; what is
// added is taken from where there is more than that.
func raised(below, above, inside, alpha float64) (float64, float64) {
	least := alpha / 2
	b, a := max(below, least), max(above, least)
	excess := 1 - b - a - inside
	room := b + a + inside - 3*least
	return b + excess*(b-least)/room, a + excess*(a-least)/room
}

// quantile is how many standard deviations away the upper tail has probability p.
func quantile(p float64) float64 { return distuv.UnitNormal.Quantile(1 - p) }
