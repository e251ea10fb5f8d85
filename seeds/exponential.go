package seeds

// exponential[k-1] is ln(2)/1! + ln(2)²/2! + ... + ln(2)^k/k!, as far as that is less than 1 in
// double precision. Nothing writes to it.
var exponential = [16]float64{
	0.6931471805599453, 0.9333736875190460, 0.9888777961838676, 0.9984959252914961,
	0.9998292811061389, 0.9999833164100728, 0.9999985691438767, 0.9999998906925558,
	0.9999999924734159, 0.9999999995283275, 0.9999999999728814, 0.9999999999985598,
	0.9999999999999290, 0.9999999999999968, 0.9999999999999999, 1,
}

// Exp returns an exponential number of rate 1, R's rexp(1), by algorithm SA of Ahrens and Dieter
// (1972). Divide it by a rate, or multiply it by a mean. It takes one draw, or more than two.
func (g *Generator) Exp() float64 {
	u := 2 * g.Float64()
	whole := 0.0 // multiples of ln(2), one for each leading zero bit of the draw
	for ; u <= 1; u *= 2 {
		whole += exponential[0]
	}
	u--
	if u <= exponential[0] {
		return whole + u
	}

	// The rest is ln(2) times the least of k uniform numbers, where k is at least 2 and
	// exponential[k-1] the first not below u.
	least := min(g.Float64(), g.Float64())
	for k := 2; u > exponential[k-1]; k++ {
		least = min(least, g.Float64())
	}
	return whole + float64(least*exponential[0])
}
