package gp

import "math"

// Params are what a process is fitted by, of which the logarithms are fitted.
type Params struct {
	Length   []float64 // a lengthscale for each input, in units of its range
	Noise    float64   // the noise's variance, in units of the process's
	Strength float64   // of the Warp, where its Scale is what follows
	Scale    float64   // 0 is any
}

// strength returns the Strength for a warp of another scale, so that it bends at
// the same outputs.
func (p *Params) strength(w *Warp) float64 {
	if p.Scale == 0 {
		return p.Strength
	}
	return p.Strength + math.Log(w.Scale/p.Scale)
}

// A Prior says which parameters are likely before there are data. The density is
// that of the parameters' logarithms.
type Prior struct {
	// LengthMean and LengthSD are those of the logarithm of a lengthscale in one
	// dimension; in d dimensions the mean is larger by log(d)/2, so that functions
	// are about as complex whatever d is (Hvarfner, Hellsten and Nardi 2024, Vanilla
	// Bayesian optimization performs great in high dimensions).
	LengthMean, LengthSD float64
	// NoiseRate is the rate of the exponential density of the noise's variance, by
	// which large ones are unlikely.
	NoiseRate float64
	// StrengthMean and StrengthSD are those of the Warp's Strength.
	StrengthMean, StrengthSD float64
}

// DefaultPrior is the prior of a Regression without one.
func DefaultPrior() Prior {
	return Prior{LengthMean: -1, LengthSD: 0.75, NoiseRate: 30, StrengthMean: -1, StrengthSD: 2.5}
}

// The bounds of the parameters' logarithms.
const (
	minLength, maxLength     = -4.0, 5.0
	minNoise, maxNoise       = -18.0, 2.0
	minStrength, maxStrength = -6.0, 10.0
)

// A theta has the logarithms of the parameters in a row: those of the
// lengthscales, that of the noise and, with a warp, its strength.
type theta []float64

func (p *Params) theta(warp bool) theta {
	t := make(theta, 0, len(p.Length)+2)
	for _, l := range p.Length {
		t = append(t, math.Log(l))
	}
	t = append(t, math.Log(p.Noise))
	if warp {
		t = append(t, p.Strength)
	}
	return t
}

func (t theta) params(inputs int) Params {
	p := Params{Length: make([]float64, inputs), Noise: math.Exp(t[inputs])}
	for i := range p.Length {
		p.Length[i] = math.Exp(t[i])
	}
	if len(t) > inputs+1 {
		p.Strength = t[inputs+1]
	}
	return p
}

// start is the mode of the prior, roughly.
func (p *Prior) start(inputs int, warp bool) theta {
	t := make(theta, inputs+1, inputs+2)
	for i := range inputs {
		t[i] = p.LengthMean + math.Log(float64(inputs))/2
	}
	t[inputs] = math.Log(1e-3)
	if warp {
		t = append(t, p.StrengthMean)
	}
	return t
}

// bounds are those of theta.
func bounds(inputs int, warp bool) (lower, upper []float64) {
	for range inputs {
		lower, upper = append(lower, minLength), append(upper, maxLength)
	}
	lower, upper = append(lower, minNoise), append(upper, maxNoise)
	if warp {
		lower, upper = append(lower, minStrength), append(upper, maxStrength)
	}
	return lower, upper
}

// density is the logarithm of the prior's density at t, up to a constant; its
// gradient is added to gradient.
func (p *Prior) density(t theta, inputs int, gradient []float64) float64 {
	sum := 0.0
	normal := func(i int, mean, sd float64) {
		z := (t[i] - mean) / sd
		sum -= z * z / 2
		gradient[i] -= z / sd
	}
	for i := range inputs {
		normal(i, p.LengthMean+math.Log(float64(inputs))/2, p.LengthSD)
	}
	noise := math.Exp(t[inputs])
	sum += 0.1*t[inputs] - p.NoiseRate*noise
	gradient[inputs] += 0.1 - p.NoiseRate*noise
	if len(t) > inputs+1 {
		normal(inputs+1, p.StrengthMean, p.StrengthSD)
	}
	return sum
}
