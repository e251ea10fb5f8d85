package acquisition

import "math"

// A Function is an acquisition function.
type Function interface {
	// Value returns the function where a surrogate predicts an expectation and a
	// variance, above 0, with its derivatives by both.
	Value(mean, variance float64) (value, byMean, byVariance float64)
}

var _, _, _, _, _ Function = EI{}, LogEI{}, PI{}, LogPI{}, LCB{}

// EI is the expected improvement over an output, Best (Jones, Schonlau and Welch
// 1998, equation 15).
type EI struct{ Best float64 }

// Value implements [Function].
func (f EI) Value(mean, variance float64) (value, byMean, byVariance float64) {
	sd := math.Sqrt(variance)
	z := (f.Best - mean) / sd
	density := math.Exp(-z*z/2) / math.Sqrt(2*math.Pi)
	return sd * math.Exp(logH(z)), -cdf(z), density / (2 * sd)
}

// LogEI is the logarithm of [EI], which keeps its slope where EI underflows
// (Ament, Daulton, Eriksson, Balandat and Bakshy 2023, Unexpected improvements to
// expected improvement for Bayesian optimization, equations 8 and 9).
type LogEI struct{ Best float64 }

// Value implements [Function].
func (f LogEI) Value(mean, variance float64) (value, byMean, byVariance float64) {
	sd := math.Sqrt(variance)
	z := (f.Best - mean) / sd
	h := logH(z)
	byZ := math.Exp(logCDF(z) - h) // h' is the normal distribution function
	return math.Log(sd) + h, -byZ / sd, (1 - z*byZ) / (2 * variance)
}

// PI is the probability of an output below Best (Kushner 1964).
type PI struct{ Best float64 }

// Value implements [Function].
func (f PI) Value(mean, variance float64) (value, byMean, byVariance float64) {
	sd := math.Sqrt(variance)
	z := (f.Best - mean) / sd
	density := math.Exp(-z*z/2) / math.Sqrt(2*math.Pi)
	return cdf(z), -density / sd, -density * z / (2 * variance)
}

// LogPI is the logarithm of [PI].
type LogPI struct{ Best float64 }

// Value implements [Function].
func (f LogPI) Value(mean, variance float64) (value, byMean, byVariance float64) {
	sd := math.Sqrt(variance)
	z := (f.Best - mean) / sd
	value = logCDF(z)
	byZ := math.Exp(-z*z/2 - logRoot - value)
	return value, -byZ / sd, -byZ * z / (2 * variance)
}

// LCB is minus the lower confidence bound, mean - Lambda·sd (Cox and John 1997).
// A Lambda for each worker from an exponential distribution makes it the
// stochastic one of asynchronous decentralized search (Égelé, Guyon, Vishwanath
// and Balaprakash 2023, arXiv 2207.00479).
type LCB struct{ Lambda float64 }

// Value implements [Function].
func (f LCB) Value(mean, variance float64) (value, byMean, byVariance float64) {
	sd := math.Sqrt(variance)
	return f.Lambda*sd - mean, -1, f.Lambda / (2 * sd)
}
