package seeds

import "math"

// logarithm returns the natural logarithm of x, for normal x in (0, 1/8), as the nearest double in all
// but about one of a million cases. math.Log may differ from one architecture to another, and errs by
// up to a unit in the last place; this has the same bits everywhere. The larger terms of the sum
// are kept as pairs, a double and what it lacks.
//
//	x = f·2^e with sqrt(1/2) <= f < sqrt(2),  s = (f-1)/(f+1)
//	log(x) = e·log(2) + 2·(s + s³/3 + s⁵/5 + ...)
func logarithm(x float64) float64 {
	f, exponent := math.Frexp(x)
	if f < math.Sqrt2/2 {
		f *= 2
		exponent--
	}
	s := quotient(f)
	square := s.times(s)
	cube := s.times(square).third()
	rest := float64(s.double * fifthAndOn(square.double))

	// The upper part of log(2) ends in zeros, so that its product with an exponent is exact.
	const upper, lower = 6.93147180369123816490e-01, 1.90821492927058770002e-10
	e := float64(exponent)
	sum := pair{float64(e * upper), float64(e * lower)}
	sum = sum.plus(pair{2 * s.double, 2 * s.lack})
	sum = sum.plus(pair{2 * cube.double, 2 * cube.lack})
	return sum.double + (sum.lack + 2*rest)
}

// fifthAndOn returns t²/5 + t³/7 + ... + t^12/25, which is what artanh(s)/s has after 1 + t/3, for
// t = s² < 0.03.
func fifthAndOn(t float64) float64 {
	sum := 0.0
	for odd := 25.0; odd >= 5; odd -= 2 {
		sum = float64((sum + 1/odd) * t)
	}
	return float64(sum * t)
}

// A pair is the sum of a double and the much smaller part that rounding took from it.
type pair struct{ double, lack float64 }

// quotient returns (f-1)/(f+1), for f in [1/2, 2).
func quotient(f float64) pair {
	n, d := f-1, f+1 // n is exact, d lacks f-(d-1)
	q := n / d
	return pair{q, (math.FMA(-q, d, n) - float64(q*(f-(d-1)))) / d}
}

func (a pair) times(b pair) pair {
	p := float64(a.double * b.double)
	cross := float64(a.double*b.lack) + float64(a.lack*b.double)
	return pair{p, math.FMA(a.double, b.double, -p) + cross}
}

func (a pair) third() pair {
	q := a.double / 3
	return pair{q, (math.FMA(-3, q, a.double) + a.lack) / 3}
}

// plus returns a + b, where a.double is not the smaller in magnitude.
func (a pair) plus(b pair) pair {
	sum := a.double + b.double
	return pair{sum, b.double - (sum - a.double) + (a.lack + b.lack)}
}
