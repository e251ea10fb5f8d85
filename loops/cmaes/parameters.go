package cmaes

import "math"

// parameters are what a strategy's constants are for a dimension and a
// population: table 1 of the tutorial.
type parameters struct {
	lambda, mu int
	weights    []float64 // λ of them; the first μ are positive and sum to 1
	mueff      float64
	cs, ds     float64 // of the step size
	cc, c1     float64 // of the covariance: the path, rank one,
	cmu        float64 // and rank μ
	chi        float64 // about the mean length of a standard normal vector
}

// defaultPopulation is λ in n dimensions: that of the tutorial, 4 + 3 log(n), and
// two thirds of it when there are few evaluations, fewer than some hundred for
// each dimension, which more generations serve better.
func defaultPopulation(n int, evals int64) int {
	usual := 4 + 3*math.Log(float64(n))
	if evals > 0 && evals < int64(100*n) {
		return max(int(usual*2/3), 6)
	}
	return int(usual)
}

func newParameters(n, lambda int) *parameters {
	p := &parameters{lambda: lambda, mu: lambda / 2}
	d := float64(n)
	raw := make([]float64, lambda)
	for i := range raw {
		raw[i] = math.Log(float64(lambda+1)/2) - math.Log(float64(i+1))
	}
	p.mueff = effective(raw[:p.mu])
	p.cs = (p.mueff + 2) / (d + p.mueff + 5)
	p.ds = 1 + 2*max(0, math.Sqrt((p.mueff-1)/(d+1))-1) + p.cs
	p.cc = (4 + p.mueff/d) / (d + 4 + 2*p.mueff/d)
	p.c1 = 2 / ((d+1.3)*(d+1.3) + p.mueff)
	p.cmu = min(1-p.c1-1e-8, 2*(p.mueff-2+1/p.mueff)/((d+2)*(d+2)+p.mueff))
	p.chi = math.Sqrt(d) * (1 - 1/(4*d) + 1/(21*d*d))
	p.weights = p.scaled(raw, d)
	return p
}

// scaled returns the weights: the positive ones sum to 1, the negative ones to
// what keeps the covariance positive (equations 49 to 53).
func (p *parameters) scaled(raw []float64, d float64) []float64 {
	positive, negative := 0.0, 0.0
	for _, w := range raw {
		positive += max(w, 0)
		negative -= min(w, 0)
	}
	least := min(1+p.c1/p.cmu, 1+2*effective(raw[p.mu:])/(p.mueff+2), (1-p.c1-p.cmu)/(d*p.cmu))
	weights := make([]float64, len(raw))
	for i, w := range raw {
		if w >= 0 {
			weights[i] = w / positive
		} else {
			weights[i] = w * least / negative
		}
	}
	return weights
}

// effective is the effective number of points that the weights stand for.
func effective(weights []float64) float64 {
	sum, squares := 0.0, 0.0
	for _, w := range weights {
		sum += w
		squares += w * w
	}
	if squares == 0 {
		return 0
	}
	return sum * sum / squares
}
