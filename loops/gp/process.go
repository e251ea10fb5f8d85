package gp

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
)

// A Process is a Gaussian process that has seen data.
type Process struct {
	Params Params
	Warp   Warp

	layout  layout
	weights []float64
	places  [][]float64
	z       []float64
	chol    triangle
	// observed is how many of the data were not imagined.
	observed int
	// alpha and ones are what the inverse of the correlations makes of the
	// residuals and of ones.
	alpha, ones []float64
	estimates

	at, k, v, slopes []float64 // buffers of a prediction
}

// Condition returns the process with some parameters that has seen the data.
func (r *Regression) Condition(x [][]float64, y []float64, params Params) (*Process, error) {
	return r.Extend(nil, x, y, params)
}

// Extend is Condition that makes use of a process with the same parameters that
// has seen the first of the data, which saves most of the time. What that process
// imagines is not taken over. Nil will do, and the process stays as it is.
func (r *Regression) Extend(from *Process, x [][]float64, y []float64, params Params) (*Process, error) {
	if err := r.check(x, y); err != nil {
		return nil, err
	}
	p := &Process{Params: params, Warp: newWarp(y, r.Warp), layout: newLayout(r.Inputs), z: make([]float64, len(y))}
	p.Warp.Strength = params.strength(&p.Warp)
	for i, v := range y {
		p.z[i] = p.Warp.Of(v)
	}
	p.weights = p.layout.weights(params.Length)
	p.at = make([]float64, p.layout.width())
	if from != nil && from.observed <= len(y) {
		p.Params = from.Params // with the noise that it took
		p.places = from.places[:from.observed:from.observed]
		p.chol = from.chol[:from.observed:from.observed]
	}
	for p.observe(r, x) != nil {
		p.places, p.chol = nil, nil
		if p.Params.Noise *= 10; p.Params.Noise > 1 {
			return nil, fmt.Errorf("condition a Gaussian process on %d points: %w", len(x), errSingular)
		}
	}
	p.observed = len(x)
	p.estimate()
	return p, nil
}

// observe appends the places from the first on that was not observed.
func (p *Process) observe(r *Regression, x [][]float64) error {
	for _, place := range r.places(x[len(p.places):]) {
		row := make([]float64, len(p.places)+1)
		for j, other := range p.places {
			row[j], _ = matern(p.layout.square(place, other, p.weights))
		}
		row[len(p.places)] = p.diagonal()
		if err := p.chol.extend(row); err != nil {
			return err
		}
		p.places = append(p.places, place)
	}
	return nil
}

func (p *Process) diagonal() float64 { return 1 + p.Params.Noise + jitter }

func (p *Process) estimate() {
	n := len(p.z)
	p.alpha, p.ones = make([]float64, n), make([]float64, n)
	p.estimates = estimate(p.chol, p.z, p.alpha, p.ones)
}

// Len returns the number of data.
func (p *Process) Len() int { return len(p.z) }

// Best returns the least expectation at a datum, imagined ones included: what an
// improvement improves on.
func (p *Process) Best() float64 {
	best := math.Inf(1)
	for i := range p.z {
		best = math.Min(best, p.Expected(i))
	}
	return best
}

// Expected returns the expectation at the i-th of the data.
func (p *Process) Expected(i int) float64 {
	return p.z[i] - (p.Params.Noise+jitter)*p.alpha[i] // the correlations times alpha, and the mean
}

// Mean returns the expectation that Predict returns, in less time.
func (p *Process) Mean(x []float64) float64 {
	p.correlate(x)
	return p.estimates.mean + floats.Dot(p.k, p.alpha)
}

// Predict returns the expectation and the variance of the function at x, without
// noise, both of warped outputs; see [Process.Warp].
func (p *Process) Predict(x []float64) (mean, variance float64) {
	p.correlate(x)
	return p.predict()
}

func (p *Process) predict() (mean, variance float64) {
	mean = p.estimates.mean + floats.Dot(p.k, p.alpha)
	p.v = append(p.v[:0], p.k...)
	p.chol.solve(p.v)
	u := 1 - floats.Dot(p.k, p.ones)
	share := 1 - floats.Dot(p.v, p.v) + u*u/p.precision
	return mean, p.estimates.variance * math.Max(share, 1e-14)
}

// PredictGradient is Predict, and writes the derivatives by the coordinates of x
// into the two slices: 0 for categories and for what is inactive.
func (p *Process) PredictGradient(x, dMean, dVariance []float64) (mean, variance float64) {
	p.correlate(x)
	mean, variance = p.predict()
	p.chol.solveT(p.v) // A⁻¹k
	u := (1 - floats.Dot(p.k, p.ones)) / p.precision
	clear(dMean)
	clear(dVariance)
	for i, place := range p.places {
		// The derivative of the correlation is -slope·weight·difference.
		byMean := -p.slopes[i] * p.alpha[i]
		byVariance := p.slopes[i] * 2 * (p.v[i] + u*p.ones[i])
		for c, col := range p.layout.numbers {
			if col.activity {
				continue
			}
			d := (p.at[c] - place[c]) * p.weights[c]
			dMean[col.input] += byMean * d
			dVariance[col.input] += byVariance * d
		}
	}
	for i := range dMean {
		if math.IsNaN(x[i]) {
			dMean[i], dVariance[i] = 0, 0
			continue
		}
		dVariance[i] *= p.estimates.variance
	}
	return mean, variance
}

// correlate computes the correlations of x with the data, and their slopes.
func (p *Process) correlate(x []float64) {
	p.layout.place(p.at, x)
	n := len(p.places)
	p.k, p.slopes = slices.Grow(p.k[:0], n)[:n], slices.Grow(p.slopes[:0], n)[:n]
	for i, place := range p.places {
		p.k[i], p.slopes[i] = matern(p.layout.square(p.at, place, p.weights))
	}
}

// Imagine adds a datum at x with the output that is expected there: what is
// pending, by the kriging believer (Ginsbourger, Le Riche and Carraro 2010). It
// changes no expectation, and makes the variances around x smaller. It reports
// false, and changes nothing, where the datum would say nothing new.
func (p *Process) Imagine(x []float64) bool {
	mean, _ := p.Predict(x)
	row := append(slices.Clone(p.k), p.diagonal())
	if err := p.chol.extend(row); err != nil {
		return false
	}
	p.places = append(p.places, slices.Clone(p.at))
	p.z = append(p.z, mean)
	variance := p.estimates.variance
	p.estimate()
	p.estimates.variance = variance
	return true
}
