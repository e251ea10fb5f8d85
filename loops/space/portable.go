package space

import "math"

// math.Log and math.Exp have other bits on other machines: some have them in
// assembly, and on some the compiler fuses a product and a sum. These have the
// same bits everywhere, as every product that is added to something is
// converted to float64 first, and err by no more than two units in the last
// place.

// ln(2) as a sum; the upper part ends in zeros, so that its product with an
// exponent is exact.
const (
	ln2Upper = 6.93147180369123816490e-01
	ln2Lower = 1.90821492927058770002e-10
)

// logarithm returns the natural logarithm of a positive, finite x.
//
//	x = f·2^e with sqrt(1/2) <= f < sqrt(2),  s = (f-1)/(f+1)
//	log(x) = e·log(2) + 2·(s + s³/3 + s⁵/5 + ...)
func logarithm(x float64) float64 {
	f, exponent := math.Frexp(x)
	if f < math.Sqrt2/2 {
		f *= 2
		exponent--
	}
	s := (f - 1) / (f + 1)
	t := s * s // at most 0.0295: the term after the last one is below 1e-18
	rest := 0.0
	for odd := 23.0; odd >= 3; odd -= 2 {
		rest = float64((rest + 1/odd) * t)
	}
	e := float64(exponent)
	return float64(e*ln2Upper) + (2*s + (float64(2*s*rest) + float64(e*ln2Lower)))
}

// exponential returns e^x. It is 0 below the smallest number and infinite above
// the largest.
//
//	x = k·log(2) + r with |r| <= log(2)/2
//	exp(x) = 2^k·(1 + r/1·(1 + r/2·(1 + r/3·(1 + ...))))
func exponential(x float64) float64 {
	switch {
	case x > 710:
		return math.Inf(1)
	case x < -750:
		return 0
	}
	k := math.Round(x / math.Ln2)
	r := (x - float64(k*ln2Upper)) - float64(k*ln2Lower)
	sum := 1.0
	for n := 15.0; n >= 1; n-- { // 0.35^16/16! is below 1e-20
		sum = 1 + float64(float64(r/n)*sum)
	}
	return math.Ldexp(sum, int(k))
}
