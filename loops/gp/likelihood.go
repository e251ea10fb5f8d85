package gp

import (
	"math"

	"gonum.org/v1/gonum/floats"
)

// A likelihood is the density of outputs, as a function of the logarithms of the
// parameters, with the memory to compute it.
type likelihood struct {
	r      *Regression
	layout layout
	places [][]float64
	y      []float64
	warp   Warp

	cov, slopes, inv, work triangle
	z, alpha, ones         []float64
}

func newLikelihood(r *Regression, x [][]float64, y []float64) *likelihood {
	n := len(x)
	return &likelihood{
		r: r, layout: newLayout(r.Inputs), places: r.places(x), y: y, warp: newWarp(y, r.Warp),
		cov: newTriangle(n), slopes: newTriangle(n), inv: newTriangle(n), work: newTriangle(n),
		z: make([]float64, n), alpha: make([]float64, n), ones: make([]float64, n),
	}
}

// jitter is added to the diagonal of every correlation matrix.
const jitter = 1e-10

// negative returns minus the logarithm of the posterior density, with its
// gradient. The variance and the mean of the process are those that maximize it,
// by the restricted likelihood.
func (l *likelihood) negative(t, gradient []float64) float64 {
	inputs := l.layout.inputs
	p := theta(t).params(inputs)
	weights := l.layout.weights(p.Length)
	chol, err := l.factor(weights, p.Noise)
	if err != nil {
		return math.Inf(1)
	}
	clear(gradient)
	value := l.r.Prior.density(t, inputs, gradient)
	jacobian := l.outputs(p.Strength)
	e := estimate(chol, l.z, l.alpha, l.ones)
	n := float64(len(l.y) - 1)
	value += jacobian - n/2*math.Log(e.variance) - chol.logDet()/2 - math.Log(e.precision)/2
	l.gradient(chol, &e, weights, p.Noise, gradient)
	if l.r.Warp {
		gradient[inputs+1] += l.strength(&e)
	}
	for i := range gradient {
		gradient[i] = -gradient[i]
	}
	return -value
}

// factor computes the correlations, their slopes, and the Cholesky factor.
func (l *likelihood) factor(weights []float64, noise float64) (triangle, error) {
	for i, a := range l.places {
		row, slopes := l.cov[i], l.slopes[i]
		for j := range i {
			row[j], slopes[j] = matern(l.layout.square(a, l.places[j], weights))
		}
		row[i] = 1 + noise + jitter
	}
	return factor(l.cov[:len(l.places)])
}

// outputs warps the outputs into z, and returns the logarithm of the warp's
// derivatives.
func (l *likelihood) outputs(strength float64) float64 {
	l.warp.Strength = strength
	sum := 0.0
	for i, y := range l.y {
		l.z[i] = l.warp.Of(y)
		if l.r.Warp {
			v, _ := l.warp.jacobian(y)
			sum += v
		}
	}
	return sum
}

// gradient adds the derivatives by the logarithms of the lengthscales and of the
// noise: tr(W dA)/2 with W = aa'/s² + bb'/q - A⁻¹, where a and b are what A⁻¹
// makes of the residuals and of ones (Rasmussen and Williams 2006, equation
// 5.9).
func (l *likelihood) gradient(chol triangle, e *estimates, weights []float64, noise float64, gradient []float64) {
	chol.inverse(l.inv, l.work)
	numbers, diagonal := len(l.layout.numbers), 0.0
	byColumn := make([]float64, len(weights))
	for i, a := range l.places {
		inv, slopes := l.inv[i], l.slopes[i]
		ai, bi := l.alpha[i]/e.variance, l.ones[i]/e.precision
		for j := range i {
			w := (ai*l.alpha[j] + bi*l.ones[j] - inv[j]) * slopes[j]
			b := l.places[j]
			for k := range numbers {
				d := a[k] - b[k]
				byColumn[k] += w * d * d
			}
			for k := numbers; k < len(byColumn); k++ {
				if a[k] != b[k] {
					byColumn[k] += w
				}
			}
		}
		diagonal += ai*l.alpha[i] + bi*l.ones[i] - inv[i]
	}
	for k, v := range byColumn {
		gradient[l.layout.input(k)] += v * weights[k]
	}
	gradient[l.layout.inputs] += noise * diagonal / 2
}

// strength is the derivative by the warp's strength.
func (l *likelihood) strength(e *estimates) float64 {
	sum := 0.0
	for i, y := range l.y {
		_, slope := l.warp.jacobian(y)
		sum += slope - l.alpha[i]*l.warp.slope(y)/e.variance
	}
	return sum
}

// Estimates are what has a closed form, given the correlations.
type estimates struct {
	mean, variance float64
	precision      float64 // of the mean, in units of the variance: 1'A⁻¹1
}

// estimate writes A⁻¹(z - mean) into alpha and A⁻¹1 into ones.
func estimate(chol triangle, z, alpha, ones []float64) estimates {
	for i := range ones {
		ones[i] = 1
	}
	chol.solve(ones)
	chol.solveT(ones)
	e := estimates{precision: floats.Sum(ones), mean: floats.Dot(ones, z)}
	e.mean /= e.precision
	for i, v := range z {
		alpha[i] = v - e.mean
	}
	chol.solve(alpha)
	e.variance = max(floats.Dot(alpha, alpha), 1e-20) / math.Max(float64(len(z)-1), 1)
	chol.solveT(alpha)
	return e
}
