package acquisition

import "math"

// logRoot is the logarithm of the root of 2π.
var logRoot = math.Log(2*math.Pi) / 2

// cdf is the normal distribution function.
func cdf(z float64) float64 { return math.Erfc(-z/math.Sqrt2) / 2 }

// logCDF is the logarithm of the normal distribution function, which does not
// underflow.
func logCDF(z float64) float64 {
	if z > -1 {
		return math.Log(cdf(z))
	}
	return -z*z/2 + math.Log(scaledErfc(-z/math.Sqrt2)/2)
}

// logH is the logarithm of φ(z) + zΦ(z), the expected improvement in units of
// the standard deviation: directly where that is not small, then by the scaled
// complementary error function (Ament et al. 2023, equation 9), and by the first
// terms of the asymptotic series, with an error of 945/z⁸, where the difference
// cancels.
func logH(z float64) float64 {
	switch {
	case z > -1:
		return math.Log(math.Exp(-z*z/2-logRoot) + z*cdf(z))
	case z > -50:
		return -z*z/2 - logRoot + math.Log1p(math.Sqrt(math.Pi/2)*z*scaledErfc(-z/math.Sqrt2))
	}
	w := 1 / (z * z)
	return -z*z/2 - logRoot - 2*math.Log(-z) + math.Log1p(-3*w+15*w*w-105*w*w*w)
}

// scaledErfc is exp(x²)erfc(x) for x above 0: from 3 on by its continued
// fraction (Abramowitz and Stegun 1964, 7.1.14).
func scaledErfc(x float64) float64 {
	if x < 3 {
		return math.Exp(x*x) * math.Erfc(x)
	}
	f := x
	for k := 50; k > 0; k-- {
		f = x + float64(k)/2/f
	}
	return 1 / (f * math.Sqrt(math.Pi))
}
